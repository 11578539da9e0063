// @ts-check
/** `<tsuwa-phone>`: a whole telephone. Its parts show, the model knows, the SDK calls. */

import { TRTCCalling } from "../src/index.js";
import { Part, h, sheet } from "./dom.js";
import { base } from "./style.js";
import { Model } from "./model.js";
import { Tones } from "./tones.js";
import { fill } from "./texts.js";
import { SignIn } from "./sign-in.js";
import { Home } from "./home.js";
import { Incoming } from "./incoming.js";
import { Call } from "./call.js";
import { Ended } from "./ended.js";

const style = sheet(`
:host { display: block; position: relative; height: 100%; min-height: 320px; background: var(--bg); overflow: hidden; }
.notice { position: absolute; z-index: 2; top: .8rem; left: 50%; translate: -50% 0; max-width: calc(100% - 2rem); width: max-content; padding: .6rem 1rem; border-radius: 12px; background: var(--fg); color: var(--bg); font-size: .9rem; }
`);

/** What each key does in a call, and what is said of it in the README. @type {Record<string, string>} */
const KEYS = { m: "mute", c: "camera", s: "share" };

export class Phone extends Part {
  static styles = [base, style];
  static observedAttributes = ["lang"];
  #tones = new Tones();
  /** @type {Model | null} */ #model = null;
  #parts = { signIn: new SignIn(), home: new Home(), incoming: new Incoming(), call: new Call(), ended: new Ended() };
  #notice = h("p", { class: "notice", role: "status", hidden: true });
  #spoken = h("p", { class: "visually-hidden", role: "status", "aria-live": "assertive" });
  /** @type {string} */ #screen = "";
  #ringingBack = false;
  #title = document.title;
  /** @type {Notification | null} */ #notification = null;
  /** @type {WakeLockSentinel | null} */ #awake = null;
  /** @type {any} */ #clock;
  /** Gives a ticket for a name; without it people bring their own.
   * @type {((userId: string) => Promise<{sdkAppId: number, userSig: string}>) | null} */
  tickets = null;

  constructor() {
    super();
    this.root.append(...Object.values(this.#parts), this.#notice, this.#spoken);
    this.root.addEventListener("tsuwa-act", (event) => this.#act(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("pointerdown", () => this.#tones.unlock());
  }

  /** The SDK's instance behind the phone. */
  get calling() {
    return this.#made.calling;
  }

  /** What the phone shows, for tests and for pages that show more. */
  get model() {
    return this.#made;
  }

  get #made() {
    if (!this.#model) {
      const server = this.getAttribute("server") ?? undefined;
      this.#model = new Model(new TRTCCalling({ server }));
      this.#model.addEventListener("change", () => this.#show());
    }
    return this.#model;
  }

  connectedCallback() {
    const model = this.#made;
    if (this.lang) this.attributeChangedCallback();
    model.tickets = this.tickets;
    if (!this.hasAttribute("tabindex")) this.tabIndex = -1;
    this.#show();
  }

  attributeChangedCallback() {
    if (this.#model && this.lang) this.#model.setLanguage(this.lang);
  }

  /** Signs in without asking, as a page does that knows who its user is. @param {{userId: string, sdkAppId?: number, userSig?: string}} who */
  signIn(who) {
    this.#made.tickets = this.tickets;
    return this.#made.signIn(who);
  }

  /** @param {any} detail */
  #act({ act, what, userId, userIds, type, camera, deviceId, userSig, sdkAppId }) {
    const model = this.#made;
    this.#tones.unlock();
    switch (act) {
      case "signIn":
        return model.signIn({ userId, userSig, sdkAppId });
      case "signOut":
        return model.signOut();
      case "notify":
        return Notification.requestPermission().then(() => {
          this.#parts.home.find("notify")?.remove();
        });
      case "star":
        model.book.toggle(userId);
        return model.changed();
      case "call":
        return model.call(userIds, type);
      case "accept":
        return model.accept(camera);
      case "reject":
        return model.reject();
      case "hangUp":
        return model.hangUp();
      case "toggle":
        return model.toggle(what);
      case "dismiss":
        return model.dismiss();
      case "device":
        return /** @type {any} */ (model.calling)[what](deviceId);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const typing = event.composedPath().some((each) => each instanceof HTMLInputElement || each instanceof HTMLSelectElement);
    const what = KEYS[event.key.toLowerCase()];
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !what || this.#screen !== "call") return;
    const control = /** @type {HTMLButtonElement | null} */ (this.#parts.call.find(what));
    if (control && !control.disabled && !control.hidden) control.click();
  }

  #show() {
    const model = this.#made;
    const { screen, t } = model;
    const notice = model.notice || (model.blocked && screen === "call" ? t.touch : "");
    const before = this.#screen;
    this.#screen = screen;
    for (const [name, part] of Object.entries(this.#parts)) part.hidden = name !== screen;
    if (screen === "signIn") this.#parts.signIn.show(model, Number(this.getAttribute("app-id") ?? 0));
    if (screen === "home") this.#parts.home.show(model);
    if (screen === "incoming") this.#parts.incoming.show(model);
    if (screen === "call") this.#parts.call.show(model);
    if (screen === "ended") this.#parts.ended.show(model);
    this.#notice.hidden = !notice;
    if (this.#notice.textContent !== notice) this.#notice.textContent = notice;
    const ringingBack = screen === "call" && model.outgoing && !model.talkingSince;
    if (screen !== before) this.#entered(before, screen);
    if (ringingBack && !this.#ringingBack) this.#tones.ringBack();
    else if (this.#ringingBack && !ringingBack && screen === "call") this.#tones.stop();
    this.#ringingBack = ringingBack;
    const said = { incoming: model.invitation ? fill(t.isCalling, { who: model.invitation.sponsor }) : "", ended: model.ended?.text };
    const words = /** @type {Record<string, string | undefined>} */ (said)[screen] ?? "";
    if (this.#spoken.textContent !== words) this.#spoken.textContent = words;
  }

  /** @param {string} before @param {string} screen */
  #entered(before, screen) {
    const model = this.#made;
    if (before === "incoming" || screen !== "call") this.#tones.stop();
    if (before === "incoming") {
      this.#notification?.close();
      this.#notification = null;
      document.title = this.#title;
      this.#parts.incoming.forget();
    }
    if (before === "call") {
      this.#parts.call.clear();
      this.#awake?.release().catch(() => {});
      this.#awake = null;
      clearInterval(this.#clock);
    }
    if (screen === "incoming") this.#ring();
    if (screen === "ended") this.#tones.end();
    if (screen === "call") {
      navigator.wakeLock?.request("screen").then((lock) => {
        if (this.#screen === "call") this.#awake = lock;
        else lock.release().catch(() => {});
      }, () => {});
      clearInterval(this.#clock);
      this.#clock = setInterval(() => this.#parts.call.tick(model), 500);
      this.#parts.call.find("hangUp")?.focus({ preventScroll: true });
    }
    if (screen === "home" && before === "signIn") this.#parts.home.find("dial")?.focus({ preventScroll: true });
  }

  #ring() {
    const { t, invitation } = this.#made;
    if (!invitation) return;
    this.#tones.ring();
    this.#title = document.title;
    document.title = `📞 ${fill(t.isCalling, { who: invitation.sponsor })}`;
    if (!document.hidden || typeof Notification !== "function" || Notification.permission !== "granted") return;
    const title = fill(t.isCalling, { who: invitation.sponsor });
    this.#notification = new Notification(title, { tag: "tsuwa-call", requireInteraction: true });
    this.#notification.onclick = () => {
      window.focus();
      this.#notification?.close();
    };
  }
}

customElements.define("tsuwa-phone", Phone);
