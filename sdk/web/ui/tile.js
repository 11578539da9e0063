// @ts-check
/** `<tsuwa-tile>`: one person in the call: picture or initials, name, speaking ring, network, state. */

import { Part, avatar, h, icon, sheet } from "./dom.js";
import { base } from "./style.js";
import { fill } from "./texts.js";

const style = sheet(`
:host { position: relative; display: grid; place-items: center; min-width: 0; min-height: 0; border-radius: var(--radius); overflow: hidden; background: light-dark(#e9e9e6, #2a2e34); box-shadow: inset 0 0 0 0 var(--accent); }
video { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
:host([mirror]) video { transform: scaleX(-1); }
:host([share]) video { object-fit: contain; background: #000; }
.avatar { --size: clamp(48px, 24cqmin, 112px); }
:host { container-type: size; }
.ring { position: absolute; inset: 0; border-radius: inherit; pointer-events: none; box-shadow: inset 0 0 0 calc(var(--loud, 0) * 5px) var(--accent); transition: box-shadow .12s linear; }
.tag { position: absolute; left: .6rem; bottom: .6rem; max-width: calc(100% - 1.2rem); display: flex; align-items: center; gap: .4rem; padding: .2rem .6rem; border-radius: 999px; background: rgb(0 0 0 / .6); color: #fff; font-size: .85rem; }
.tag .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tag svg { width: 16px; height: 16px; }
.state { position: absolute; top: 50%; translate: 0 calc(12cqmin + 1.6rem); padding: .1rem .6rem; font-size: .9rem; color: var(--soft); white-space: nowrap; }
:host([seen]) .state { background: rgb(0 0 0 / .6); color: #fff; border-radius: 999px; }
.bars { display: inline-flex; gap: 2px; align-items: end; height: 12px; }
.bars i { width: 3px; background: currentColor; opacity: .35; border-radius: 1px; }
.bars i.on { opacity: 1; }
@container (max-height: 140px) { .state { display: none; } .tag { left: .35rem; bottom: .35rem; font-size: .75rem; } }
`);

export class Tile extends Part {
  static styles = [base, style];
  video = h("video", { playsinline: true, hidden: true });
  #name = h("span", { class: "name" });
  #muted = icon("micOff");
  #bars = h("span", { class: "bars", role: "img" }, ...[4, 7, 10, 12].map((height) => bar(height)));
  #state = h("span", { class: "state" });
  /** @type {HTMLElement | null} */ #avatar = null;

  /** @param {import("./texts.js").Texts} t @param {{name: string, id: string, seen: boolean, mirror?: boolean, share?: boolean, muted: boolean, volume: number, quality: number, state: string}} who */
  show(t, { name, id, seen, mirror = false, share = false, muted, volume, quality, state }) {
    if (!this.#avatar) {
      this.#avatar = avatar(id);
      const tag = h("span", { class: "tag" }, this.#muted, this.#name, this.#bars);
      this.root.append(this.#avatar, this.video, h("span", { class: "ring" }), this.#state, tag);
      this.setAttribute("role", "group");
    }
    this.video.hidden = !seen;
    this.toggleAttribute("seen", seen);
    this.toggleAttribute("mirror", mirror);
    this.toggleAttribute("share", share);
    this.#name.textContent = name;
    this.#muted.style.display = muted ? "" : "none";
    this.#state.textContent = state;
    this.#state.hidden = !state;
    this.style.setProperty("--loud", String(Math.max(0, Math.min(1, (volume - 20) / 50))));
    this.dataset.volume = String(volume);
    this.dataset.quality = String(quality);
    const what = t.qualities[quality] ?? "";
    this.#bars.hidden = quality === 0 || quality === 6;
    this.#bars.setAttribute("aria-label", fill(t.quality, { what }));
    [...this.#bars.children].forEach((one, at) => one.classList.toggle("on", at < 5 - quality));
    const words = [name, muted ? t.muted : "", state, quality >= 3 ? fill(t.quality, { what }) : ""];
    const label = words.filter(Boolean).join(", ");
    if (this.ariaLabel !== label) this.ariaLabel = label;
  }
}

/** @param {number} height */
function bar(height) {
  const one = h("i");
  one.style.height = `${height}px`;
  return one;
}

customElements.define("tsuwa-tile", Tile);
