// @ts-check
/** Making elements. Text is always text: nothing here takes HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a grid of 24 by 24. @type {Record<string, string[]>} */
const ICONS = {
  phone: ["M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z"],
  video: ["M3 7a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z", "M15 10l6-3.5v11L15 14"],
  videoOff: ["M3 7a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z", "M15 10l6-3.5v11L15 14", "M2 2l20 20"],
  mic: ["M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z", "M5 11a7 7 0 0 0 14 0", "M12 18v3"],
  micOff: ["M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z", "M5 11a7 7 0 0 0 14 0", "M12 18v3", "M2 2l20 20"],
  speaker: ["M4 9v6h4l5 4V5L8 9z", "M16 9a4 4 0 0 1 0 6", "M18.5 6.5a8 8 0 0 1 0 11"],
  invite: ["M10 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M3 21a7 7 0 0 1 12-5", "M19 14v6", "M16 17h6"],
  screen: ["M3 5h18v11H3z", "M8 20h8", "M12 8v5", "M9.5 10.5L12 8l2.5 2.5"],
  end: ["M3 14c0-6 18-6 18 0v2a1 1 0 0 1-1 1h-3a1 1 0 0 1-1-1v-2a14 14 0 0 0-8 0v2a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z"],
  out: ["M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4", "M10 8l-4 4 4 4", "M6 12h9"],
  bell: ["M6 10a6 6 0 0 1 12 0c0 5 2 6 2 6H4s2-1 2-6", "M10 20a2 2 0 0 0 4 0"],
  star: ["M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8z"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  incoming: ["M18 6L7 17", "M7 9v8h8"],
  outgoing: ["M6 18L17 7", "M9 7h8v8"],
  missed: ["M5 7l7 7 7-7", "M5 13V7h6"],
};

/** @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [props] attributes; functions are listeners; `class` and `text` as they are
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name === "text") element.textContent = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/**
 * A round button with an icon and a name.
 * @param {string} act what it does: tests and styles know it by that
 * @param {string} image
 * @param {string} label
 * @param {() => void} click
 * @param {string} [kind] `danger`, `ok`, or plain
 */
export function button(act, image, label, click, kind = "") {
  return h("button", { type: "button", class: `round ${kind}`, "data-act": act, "aria-label": label, title: label, click }, icon(image));
}

/** Changes a button's icon and name. @param {HTMLElement} element @param {string} image @param {string} label */
export function relabel(element, image, label) {
  if (element.title === label) return;
  element.replaceChildren(icon(image));
  element.title = label;
  element.setAttribute("aria-label", label);
}

/** A style sheet that a strict content security policy allows. @param {string} css */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** A round picture for somebody: the first letters on a colour of their own. @param {string} name */
export function avatar(name) {
  const made = h("span", { class: "avatar", "aria-hidden": "true", text: name.slice(0, 2).toUpperCase() });
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  made.style.setProperty("--hue", String(hash % 360));
  return made;
}

/** A part of the phone: an element with styles of its own, made anew when what it shows changes in kind. */
export class Part extends HTMLElement {
  /** @type {CSSStyleSheet[]} */ static styles = [];
  root = this.attachShadow({ mode: "open" });

  constructor() {
    super();
    this.root.adoptedStyleSheets = /** @type {typeof Part} */ (this.constructor).styles;
  }

  /** @param {string} act @returns {HTMLElement | null} */
  find(act) {
    return this.root.querySelector(`[data-act="${act}"]`);
  }

  /** Tells the phone what a person did. @param {string} act @param {any} [detail] */
  did(act, detail) {
    this.dispatchEvent(new CustomEvent("tsuwa-act", { detail: { act, ...detail }, bubbles: true, composed: true }));
  }
}
