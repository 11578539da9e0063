// @ts-check
/** `<tsuwa-ended>`: how the call ended, for a moment. */

import { CallType } from "../src/index.js";
import { Part, button, h, sheet } from "./dom.js";
import { base } from "./style.js";

const style = sheet(`
:host { display: grid; place-items: center; height: 100%; padding: 2rem; text-align: center; }
section { display: grid; gap: 2rem; justify-items: center; max-width: 100%; }
h1 { font-size: 1.5rem; font-weight: 600; overflow-wrap: anywhere; }
.row { display: flex; gap: 2rem; }
.answer { display: grid; gap: .5rem; justify-items: center; font-size: .875rem; color: var(--soft); }
.round { width: 60px; height: 60px; }
`);

export class Ended extends Part {
  static styles = [base, style];
  /** @type {any} */ #shown = null;

  /** @param {import("./model.js").Model} model */
  show({ t, ended }) {
    if (!ended || ended === this.#shown) return;
    this.#shown = ended;
    const { again, type, text } = ended;
    const one = (/** @type {HTMLElement} */ control) =>
      h("div", { class: "answer" }, control, h("span", { "aria-hidden": "true", text: control.title }));
    const image = type === CallType.video ? "video" : "phone";
    this.root.replaceChildren(
      h("section", {},
        h("h1", { text, "data-act": "how" }),
        h("div", { class: "row" },
          again.length > 0 && one(button("callAgain", image, t.callAgain, () => this.did("call", { userIds: again, type }), "ok")),
          one(button("dismiss", "close", t.close, () => this.did("dismiss"))),
        ),
      ),
    );
  }
}

customElements.define("tsuwa-ended", Ended);
