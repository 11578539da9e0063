// @ts-check
/** `<tsuwa-sign-in>`: a name, and where the server gives none out, a ticket. */

import { Part, h, sheet } from "./dom.js";
import { base } from "./style.js";

const style = sheet(`
:host { display: grid; place-items: center; padding: 1.5rem; height: 100%; overflow: auto; }
form { width: min(22rem, 100%); display: grid; gap: 1.1rem; }
h1 { font-size: 2rem; font-weight: 650; letter-spacing: -.01em; }
h1 + p { margin-top: -.8rem; }
`);

export class SignIn extends Part {
  static styles = [base, style];

  /** @param {import("./model.js").Model} model @param {number} sdkAppId */
  show(model, sdkAppId) {
    const { t } = model;
    if (!this.root.firstChild) {
      const free = model.tickets !== null;
      const name = h("input", {
        name: "userId", "data-act": "name", required: true, maxlength: 32, pattern: "[A-Za-z0-9_\\-]+",
        autocomplete: "username", autocapitalize: "none", spellcheck: "false", title: t.nameHint,
      });
      const sig = h("input", { name: "userSig", "data-act": "ticket", required: !free, autocomplete: "off", spellcheck: "false" });
      const app = h("input", { name: "sdkAppId", "data-act": "app", inputmode: "numeric", required: !free, pattern: "[0-9]+", value: sdkAppId || "" });
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        this.did("signIn", { userId: name.value, userSig: sig.value, sdkAppId: Number(app.value) });
      };
      this.root.append(
        h("form", { submit, "aria-labelledby": "title" },
          h("h1", { id: "title", text: "Tsuwa 通話" }),
          h("p", { class: "soft", text: t.tagline }),
          h("label", {}, t.yourName, name, h("span", { class: "small", text: t.nameHint })),
          !free && h("label", {}, t.ticket, sig, h("span", { class: "small", text: t.ticketHint })),
          !free && h("label", {}, t.appId, app),
          h("button", { class: "main", "data-act": "begin", text: t.begin }),
          free && h("p", { class: "soft small", text: t.howTo }),
        ),
      );
    }
    const begin = /** @type {HTMLButtonElement} */ (this.find("begin"));
    begin.disabled = model.signingIn;
    begin.textContent = model.signingIn ? t.signingIn : t.begin;
  }
}

customElements.define("tsuwa-sign-in", SignIn);
