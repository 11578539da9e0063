// @ts-check
/** `<tsuwa-incoming>`: who is calling, and the three answers. */

import { CallType } from "../src/index.js";
import { Part, avatar, button, h, sheet } from "./dom.js";
import { base } from "./style.js";
import { fill } from "./texts.js";

const style = sheet(`
:host { display: grid; grid-template-columns: minmax(0, 1fr); height: 100%; }
section { display: grid; grid-template: 1fr auto / minmax(0, 1fr); padding: 2rem 1.5rem max(2.5rem, env(safe-area-inset-bottom)); text-align: center; }
.who { display: grid; gap: .6rem; align-content: center; justify-items: center; min-width: 0; }
.avatar { --size: 112px; animation: ringing 2s ease-in-out infinite; margin-bottom: 1rem; }
h1 { font-size: 1.9rem; font-weight: 650; max-width: 100%; overflow-wrap: anywhere; }
.answers { display: flex; justify-content: center; gap: clamp(.5rem, 4vw, 3rem); }
.answer { display: grid; gap: .5rem; justify-items: center; align-content: start; flex: 0 1 7rem; min-width: 0; font-size: .875rem; color: var(--soft); }
.round { width: 68px; height: 68px; }
.round svg { width: 30px; height: 30px; }
@keyframes ringing { 0%, 100% { box-shadow: 0 0 0 0 color-mix(in srgb, var(--accent), transparent 40%); } 50% { box-shadow: 0 0 0 18px transparent; } }
`);

export class Incoming extends Part {
  static styles = [base, style];
  #drawn = "";

  /** @param {import("./model.js").Model} model */
  show({ t, invitation }) {
    const drawn = JSON.stringify(invitation);
    if (!invitation || drawn === this.#drawn) return;
    this.#drawn = drawn;
    const { sponsor, others, type, isFromGroup } = invitation;
    const video = type === CallType.video;
    const kind = isFromGroup
      ? fill(t.incomingGroup, { who: others.join(", ") || t.someone })
      : video ? t.incomingVideo : t.incomingVoice;
    const answer = (/** @type {HTMLElement} */ control, /** @type {string} */ text) =>
      h("div", { class: "answer" }, control, h("span", { "aria-hidden": "true", text }));
    const accept = button("accept", video ? "video" : "phone", t.accept, () => this.did("accept", { camera: true }), "ok");
    this.root.replaceChildren(
      h("section", { role: "alertdialog", "aria-modal": "true", "aria-labelledby": "who", "aria-describedby": "kind" },
        h("div", { class: "who" },
          avatar(sponsor),
          h("h1", { id: "who", text: sponsor }),
          h("p", { id: "kind", class: "soft", text: kind }),
        ),
        h("div", { class: "answers" },
          answer(button("reject", "end", t.decline, () => this.did("reject"), "danger"), t.decline),
          video && answer(button("acceptVoice", "phone", t.acceptVoice, () => this.did("accept", { camera: false })), t.acceptVoice),
          answer(accept, t.accept),
        ),
      ),
    );
    accept.focus();
  }

  forget() {
    this.#drawn = "";
  }
}

customElements.define("tsuwa-incoming", Incoming);
