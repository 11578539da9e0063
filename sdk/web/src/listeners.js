// @ts-check
/** Who is told. A listener may add and remove listeners, itself included, and its bug does not silence the others. */

/** The API document spells it both ways; it is one event. @param {string} event */
const spelled = (event) => (event === "onCallingTimeout" ? "onCallingTimeOut" : event);

export class Listeners {
  /** @type {{event: string, listener: Function}[]} */ #all = [];

  /** @param {string} event a name, or `*` for all @param {Function} listener */
  add(event, listener) {
    this.#all.push({ event: spelled(event), listener });
  }

  /** @param {string} event @param {Function} listener */
  remove(event, listener) {
    this.#all = this.#all.filter((each) => each.event !== spelled(event) || each.listener !== listener);
  }

  clear() {
    this.#all = [];
  }

  /** @param {string} event @param {any} params */
  tell(event, params) {
    for (const each of [...this.#all]) {
      if (!this.#all.includes(each)) continue;
      try {
        if (each.event === "*") each.listener(event, params);
        else if (each.event === event) each.listener(params);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
