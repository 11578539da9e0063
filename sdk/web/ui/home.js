// @ts-check
/** `<tsuwa-home>`: dialling by name, contacts, recent calls. */

import { CallType } from "../src/index.js";
import { Part, avatar, button, h, icon, sheet } from "./dom.js";
import { base } from "./style.js";
import { duration, fill } from "./texts.js";

const style = sheet(`
:host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); height: 100%; }
header { display: flex; align-items: center; gap: .75rem; padding: .9rem 1.1rem; }
header strong { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
main { overflow: auto; padding: .5rem 1.1rem 2rem; display: grid; gap: 1.6rem; align-content: start; width: min(40rem, 100%); margin: 0 auto; }
h1 { font-size: 1.6rem; font-weight: 650; letter-spacing: -.01em; margin-bottom: .8rem; }
h2 { font-size: .9rem; font-weight: 600; color: var(--soft); margin-bottom: .4rem; }
form { display: flex; gap: .6rem; align-items: center; }
li { display: flex; align-items: center; gap: .8rem; padding: .55rem .4rem; border-radius: 12px; }
li:hover { background: var(--card); }
li > div { flex: 1; min-width: 0; }
li .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
li .small { display: flex; align-items: center; gap: .3rem; white-space: nowrap; overflow: hidden; }
li svg { width: 20px; height: 20px; }
li .small svg { width: 16px; height: 16px; }
.bad { color: light-dark(#b02323, #ff8f8f); }
.kept svg { fill: currentColor; }
`);

export class Home extends Part {
  static styles = [base, style];
  #drawn = "";

  /** @param {import("./model.js").Model} model */
  show(model) {
    const { t, book } = model;
    const drawn = JSON.stringify([model.me, book.contacts, book.recent]);
    if (drawn === this.#drawn) return;
    const present = /** @type {HTMLInputElement | null} */ (this.find("dial"));
    const [typed, focused] = [present?.value ?? "", present !== null && this.root.activeElement === present];
    this.#drawn = drawn;
    const dial = h("input", {
      "data-act": "dial", "aria-label": t.dial, placeholder: t.dialHint, title: t.nameHint,
      autocapitalize: "none", autocomplete: "off", spellcheck: "false", list: "known",
    });
    dial.value = typed;
    const go = (/** @type {number} */ type) => {
      const userIds = [...new Set(dial.value.split(/[\s,、，]+/).filter(Boolean))];
      if (userIds.length === 0) return dial.focus();
      this.did("call", { userIds, type });
    };
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      go(CallType.audio);
    };
    const known = [...new Set([...book.contacts, ...book.recent.flatMap(({ userIds }) => userIds)])];
    this.root.replaceChildren(
      h("header", {},
        avatar(model.me),
        h("strong", { text: model.me }),
        typeof Notification === "function" && Notification.permission === "default" &&
          button("notify", "bell", t.notify, () => this.did("notify"), "quiet"),
        button("signOut", "out", t.signOut, () => this.did("signOut"), "quiet"),
      ),
      h("main", {},
        h("section", {},
          h("h1", { text: t.dial }),
          h("form", { submit },
            dial,
            h("datalist", { id: "known" }, ...known.map((userId) => h("option", { value: userId }))),
            button("callAudio", "phone", t.voiceCall, () => go(CallType.audio), "ok"),
            button("callVideo", "video", t.videoCall, () => go(CallType.video)),
          ),
        ),
        book.contacts.length > 0 && h("section", { "aria-label": t.contacts },
          h("h2", { text: t.contacts }),
          h("ul", {}, ...book.contacts.map((userId) => this.#contact(model, userId))),
        ),
        h("section", { "aria-label": t.recent },
          h("h2", { text: t.recent }),
          book.recent.length > 0
            ? h("ul", {}, ...book.recent.map((entry) => this.#recent(model, entry)))
            : h("p", { class: "soft", text: t.nobodyYet }),
        ),
      ),
    );
    if (focused) dial.focus();
  }

  /** @param {import("./model.js").Model} model @param {string} userId */
  #contact({ t }, userId) {
    return h("li", {},
      avatar(userId),
      h("div", {}, h("div", { class: "name", text: userId })),
      this.#star(t, userId, true),
      this.#call(t.videoCallWho, "video", [userId], CallType.video),
      this.#call(t.callWho, "phone", [userId], CallType.audio),
    );
  }

  /** @param {import("./model.js").Model} model @param {import("./book.js").Entry} entry */
  #recent({ t, book }, { userIds, type, outgoing, at, outcome, seconds }) {
    const missed = outcome === "missed";
    const today = new Date(at).toDateString() === new Date().toDateString();
    const when = new Date(at).toLocaleString(t.language, today ? { timeStyle: "short" } : { month: "short", day: "numeric" });
    const long = seconds > 0 ? ` · ${duration(seconds * 1000)}` : "";
    const one = userIds.length === 1 ? userIds[0] : null;
    return h("li", {},
      avatar(userIds[0]),
      h("div", {},
        h("div", { class: `name ${missed ? "bad" : ""}`, text: userIds.join(", ") }),
        h("div", { class: `small ${missed ? "bad" : "soft"}` },
          icon(missed ? "missed" : outgoing ? "outgoing" : "incoming"), `${when}${long}`),
      ),
      one && this.#star(t, one, book.has(one)),
      this.#call(type === CallType.video ? t.videoCallWho : t.callWho, type === CallType.video ? "video" : "phone", userIds, type),
    );
  }

  /** @param {import("./texts.js").Texts} t @param {string} userId @param {boolean} kept */
  #star(t, userId, kept) {
    const label = fill(kept ? t.removeContact : t.addContact, { who: userId });
    return button("star", "star", label, () => this.did("star", { userId }), kept ? "quiet kept" : "quiet");
  }

  /** @param {string} text @param {string} image @param {string[]} userIds @param {number} type */
  #call(text, image, userIds, type) {
    const label = fill(text, { who: userIds.join(", ") });
    return button("again", image, label, () => this.did("call", { userIds, type }), "quiet");
  }
}

customElements.define("tsuwa-home", Home);
