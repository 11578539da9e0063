// @ts-check
/** `<tsuwa-call>`: calling and talking: the others, oneself, and the controls. */

import { CallType } from "../src/index.js";
import { Part, button, h, relabel, sheet } from "./dom.js";
import { base } from "./style.js";
import { duration } from "./texts.js";
import { Tile } from "./tile.js";

const style = sheet(`
:host { display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr); height: 100%; min-height: 0; position: relative; }
header { display: flex; gap: .6rem; justify-content: center; align-items: baseline; padding: .8rem 1rem .4rem; min-height: 3rem; }
header strong { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 60%; }
time { font-variant-numeric: tabular-nums; }
.stage { display: grid; gap: .6rem; padding: .4rem .8rem; min-height: 0; grid-template-columns: repeat(var(--columns, 2), minmax(0, 1fr)); grid-auto-rows: minmax(0, 1fr); }
.self { position: absolute; right: 1.4rem; bottom: 7.2rem; width: clamp(84px, 22vw, 200px); aspect-ratio: 4 / 3; box-shadow: 0 4px 18px rgb(0 0 0 / .3); z-index: 1; }
.self.in { position: relative; right: auto; bottom: auto; width: auto; aspect-ratio: auto; box-shadow: none; }
.controls { display: flex; justify-content: center; gap: clamp(.4rem, 1.6vw, .9rem); padding: .8rem .8rem max(1.2rem, env(safe-area-inset-bottom)); }
.controls .round { width: clamp(44px, 13.4vw, 56px); height: clamp(44px, 13.4vw, 56px); }
dialog { border: 0; border-radius: var(--radius); padding: 1.3rem; width: min(24rem, calc(100% - 2rem)); background: var(--card); color: var(--fg); box-shadow: 0 12px 48px rgb(0 0 0 / .35); }
dialog::backdrop { background: rgb(0 0 0 / .4); }
dialog form { display: grid; gap: 1rem; }
dialog h2 { font-size: 1.15rem; font-weight: 650; }
.row { display: flex; gap: .6rem; justify-content: end; align-items: center; }
.row input { flex: 1; }
@media (orientation: landscape) and (max-height: 480px) { header { padding: .3rem; min-height: 2rem; } .controls { padding: .4rem; } .self { bottom: 5rem; width: 96px; } }
`);

/** Columns of the stage for so many tiles: near to square on a desktop, two at most on a phone. @param {number} tiles @param {boolean} narrow */
function columns(tiles, narrow) {
  if (narrow) return tiles <= 3 ? 1 : tiles <= 8 ? 2 : 3;
  return Math.ceil(Math.sqrt(tiles));
}

export class Call extends Part {
  static styles = [base, style];
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  #self = new Tile();
  #title = h("strong");
  #state = h("span", { class: "soft" });
  #clock = h("time", { role: "timer", "aria-live": "off" });
  #stage = h("div", { class: "stage" });
  /** @type {Record<string, HTMLElement>} */ #controls = {};
  #dialog = h("dialog");
  /** @type {import("../src/index.js").TRTCCalling | null} */ #calling = null;

  /** @param {import("./model.js").Model} model */
  show(model) {
    if (!this.#calling) this.#build(model);
    const { t, people, me, calling, type, mine } = model;
    const talking = model.talkingSince !== 0;
    const { muted, camera, screen } = calling.sending;
    const names = [...people.keys()];
    this.#title.textContent = names.length > 2 ? `${names.slice(0, 2).join(", ")} +${names.length - 2}` : names.join(", ");
    this.tick(model);
    for (const [userId, tile] of this.#tiles) if (!people.has(userId)) this.#remove(userId, tile);
    for (const person of people.values()) {
      const state = person.state === "ringing" ? t.ringingHere : person.quality === 6 ? t.lost : "";
      const muted = person.state === "there" && !person.audio && talking && performance.now() - model.talkingSince > 3000;
      const { userId, quality, video } = person;
      const volume = muted || person.state === "ringing" ? 0 : person.volume;
      this.#tile(userId).show(t, { name: userId, id: userId, seen: video, muted, volume, quality, state });
    }
    this.#self.show(t, {
      name: t.you, id: me, seen: camera || screen, mirror: camera && !screen, share: screen, muted,
      volume: muted ? 0 : mine.volume, quality: mine.quality, state: "",
    });
    this.#self.hidden = !camera && !screen && people.size < 2;
    this.#layout();
    this.#set("mute", muted ? "micOff" : "mic", muted ? t.unmute : t.mute, muted);
    this.#set("camera", camera ? "video" : "videoOff", camera ? t.cameraOff : t.cameraOn, false);
    this.#set("share", "screen", screen ? t.unshare : t.share, screen);
    this.#set("hangUp", "end", talking ? t.hangUp : t.cancel);
    for (const act of ["camera", "share", "invite"]) /** @type {HTMLButtonElement} */ (this.#controls[act]).disabled = !talking && act !== "camera";
    /** @type {HTMLButtonElement} */ (this.#controls.camera).disabled = !talking && type === CallType.audio;
    this.#controls.invite.hidden = people.size >= 8;
  }

  /** @param {import("./model.js").Model} model */
  tick(model) {
    const { t, online, talkingSince, mine } = model;
    const state = !online || mine.quality === 6 ? t.reconnecting : talkingSince ? "" : t.calling;
    if (this.#state.textContent !== state) this.#state.textContent = state;
    this.#clock.textContent = talkingSince ? duration(performance.now() - talkingSince) : "";
  }

  /** @param {import("./model.js").Model} model */
  #build(model) {
    const { t, calling } = model;
    this.#calling = calling;
    const add = (/** @type {string} */ act, /** @type {string} */ image, /** @type {string} */ label, /** @type {() => void} */ click, kind = "") =>
      (this.#controls[act] = button(act, image, label, click, kind));
    const toggle = (/** @type {string} */ act) => () => this.did("toggle", { what: act });
    this.#self.className = "self";
    this.#stage.append(this.#self);
    this.root.append(
      h("header", {}, this.#title, this.#state, this.#clock),
      this.#stage,
      h("div", { class: "controls", role: "toolbar", "aria-label": t.status },
        add("mute", "mic", t.mute, toggle("mute")),
        add("camera", "video", t.cameraOn, toggle("camera")),
        add("devices", "speaker", t.speaker, () => this.#devices(model)),
        add("share", "screen", t.share, toggle("share")),
        add("invite", "invite", t.invite, () => this.#invite(model)),
        add("hangUp", "end", t.hangUp, () => this.did("hangUp"), "danger"),
      ),
      this.#dialog,
    );
    this.#controls.share.hidden = !("getDisplayMedia" in (navigator.mediaDevices ?? {}));
    calling.startLocalView(this.#self.video);
    new ResizeObserver(() => this.#layout()).observe(this);
  }

  /** @param {string} act @param {string} image @param {string} label @param {boolean} [pressed] */
  #set(act, image, label, pressed) {
    relabel(this.#controls[act], image, label);
    if (pressed !== undefined) this.#controls[act].setAttribute("aria-pressed", String(pressed));
  }

  /** @param {string} userId */
  #tile(userId) {
    let tile = this.#tiles.get(userId);
    if (!tile) {
      tile = new Tile();
      tile.dataset.user = userId;
      this.#tiles.set(userId, tile);
      this.#stage.insertBefore(tile, this.#self);
      this.#calling?.startRemoteView(userId, tile.video);
    }
    return tile;
  }

  /** @param {string} userId @param {Tile} tile */
  #remove(userId, tile) {
    this.#calling?.stopRemoteView(userId);
    tile.remove();
    this.#tiles.delete(userId);
  }

  #layout() {
    // With one other, oneself is small in a corner; with more, one among them.
    const inStage = this.#tiles.size > 1;
    this.#self.classList.toggle("in", inStage);
    const shown = [...this.#tiles.values(), ...(inStage && !this.#self.hidden ? [this.#self] : [])];
    const wide = columns(Math.max(1, shown.length), this.clientWidth < this.clientHeight);
    // Each tile is two columns wide, so that a last row that is not full can stand in the middle.
    this.#stage.style.setProperty("--columns", String(2 * wide));
    const last = shown.length % wide;
    const first = last === 0 ? -1 : shown.length - last;
    for (const [at, tile] of shown.entries()) {
      const place = at === first ? `${1 + wide - last} / span 2` : "span 2";
      if (tile.style.gridColumn !== place) tile.style.gridColumn = place;
    }
  }

  /** The call is over. */
  clear() {
    for (const [userId, tile] of this.#tiles) this.#remove(userId, tile);
    if (this.#dialog.open) this.#dialog.close();
  }

  /** @param {import("./model.js").Model} model */
  #invite({ t, type, people }) {
    const who = h("input", { "data-act": "inviteName", required: true, maxlength: 32, pattern: "[A-Za-z0-9_\\-]+", title: t.nameHint, "aria-label": t.dial, autocapitalize: "none", autocomplete: "off" });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#dialog.close();
      if (!people.has(who.value)) this.did("call", { userIds: [who.value], type });
    };
    this.#open(h("form", { submit },
      h("h2", { id: "heading", text: t.invite }),
      h("div", { class: "row" }, who, h("button", { class: "main", "data-act": "inviteGo", text: t.inviteGo })),
      h("div", { class: "row" }, h("button", { type: "button", class: "soft", text: t.close, click: () => this.#dialog.close() })),
    ));
    who.focus();
  }

  /** @param {import("./model.js").Model} model */
  async #devices({ t, calling }) {
    const { microphones, cameras, speakers } = await calling.getDevices();
    const choose = (/** @type {string} */ label, /** @type {MediaDeviceInfo[]} */ list, /** @type {string} */ act) => {
      const named = list.filter((device) => device.label);
      const change = (/** @type {Event} */ event) => this.did("device", { what: act, deviceId: /** @type {HTMLSelectElement} */ (event.target).value });
      return named.length > 0 && h("label", {}, label,
        h("select", { "data-act": act, change }, ...named.map((device) => h("option", { value: device.deviceId, text: device.label }))));
    };
    const sink = "setSinkId" in HTMLMediaElement.prototype;
    this.#open(h("form", { method: "dialog" },
      h("h2", { id: "heading", text: t.speaker }),
      sink ? choose(t.loudspeaker, speakers, "setSpeaker") : h("p", { class: "soft", text: t.reasons[-1321] }),
      choose(t.microphone, microphones, "setMicrophone"),
      choose(t.camera, cameras, "setCamera"),
      h("div", { class: "row" }, h("button", { class: "main", text: t.close })),
    ));
  }

  /** @param {HTMLElement} content */
  #open(content) {
    this.#dialog.setAttribute("aria-labelledby", "heading");
    this.#dialog.replaceChildren(content);
    this.#dialog.showModal();
  }
}

customElements.define("tsuwa-call", Call);
