// @ts-check
/** Contacts and recent calls of a user. The browser keeps them; of the calls the server knows more: those on other devices,
 * and those that nobody was there for. */

/** As many calls as one scrolls back through. */
export const MOST = 30;

/** How a call went, as this list tells it. @type {Record<string, Outcome>} */
const OUTCOMES = {
  answered: "talked",
  missed: "missed",
  declined: "declined",
  answered_elsewhere: "elsewhere",
};

/**
 * @typedef {"talked" | "unanswered" | "missed" | "declined" | "elsewhere" | ""} Outcome
 * @typedef {{userIds: string[], type: number, outgoing: boolean, at: number, outcome: Outcome, seconds: number}} Entry
 */

export class Book {
  #key;
  /** @type {string[]} */ contacts = [];
  /** The latest first. @type {Entry[]} */ recent = [];
  /** The call that is going on, or the last one. @type {Entry | null} */ last = null;
  #open = false;

  /** @param {string} userId */
  constructor(userId) {
    this.#key = `tsuwa.book.${userId}`;
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      this.contacts = kept.contacts ?? [];
      this.recent = kept.recent ?? [];
    } catch {
      // Storage is switched off, or holds something else: the book is empty.
    }
  }

  /** @param {string} userId */
  has(userId) {
    return this.contacts.includes(userId);
  }

  /** @param {string} userId */
  toggle(userId) {
    this.contacts = this.has(userId)
      ? this.contacts.filter((each) => each !== userId)
      : [...this.contacts, userId].sort();
    this.#keep();
  }

  /** @param {{userIds: string[], type: number, outgoing: boolean}} call */
  begin(call) {
    this.last = { ...call, at: Date.now(), outcome: "", seconds: 0 };
    this.#open = true;
  }

  answered() {
    if (this.last) this.last.outcome = "talked";
  }

  /** @param {Outcome} outcome @param {number} [since] on the page's clock */
  ended(outcome, since = 0) {
    if (!this.#open || !this.last) return;
    this.#open = false;
    this.last.outcome = outcome;
    this.last.seconds = since ? Math.round((performance.now() - since) / 1000) : 0;
    this.recent = [this.last, ...this.recent].slice(0, MOST);
    this.#keep();
  }

  /**
   * What the server knows of.
   * @param {import("../src/index.js").RecentCall[]} calls
   */
  take(calls) {
    this.recent = calls.map(({ userIds, type, direction, startedAt, talkedMs, outcome }) => ({
      userIds,
      type,
      outgoing: direction === "outgoing",
      at: startedAt,
      outcome: OUTCOMES[outcome] ?? "unanswered",
      seconds: Math.round(talkedMs / 1000),
    }));
    this.#keep();
  }

  #keep() {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ contacts: this.contacts, recent: this.recent }));
    } catch {
      // Full, or switched off: it lasts as long as the page.
    }
  }
}
