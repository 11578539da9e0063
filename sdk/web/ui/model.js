// @ts-check
/** What the phone shows, as it follows from the SDK's events. It decides nothing about calls. */

import { CallType, Code, TRTCCalling } from "../src/index.js";
import { duration, fill, texts, why } from "./texts.js";
import { Book, MOST } from "./book.js";

/** How long the end of a call stays on the screen: long enough to be read. */
const ENDED_MS = 4_000;
const NOTICE_MS = 6_000;

/**
 * @typedef {object} Person Somebody else in the call, or being called.
 * @property {string} userId
 * @property {"ringing" | "there"} state
 * @property {boolean} audio
 * @property {boolean} video
 * @property {number} volume
 * @property {number} quality
 */

export class Model extends EventTarget {
  t = texts(navigator.languages);
  /** @type {"signIn" | "home" | "incoming" | "call" | "ended"} */ screen = "signIn";
  me = "";
  signingIn = false;
  notice = "";
  /** @type {Book} */ book = new Book("");
  /** @type {Map<string, Person>} */ people = new Map();
  /** Who calls. @type {{sponsor: string, others: string[], type: number, isFromGroup: boolean} | null} */ invitation = null;
  type = 1;
  outgoing = false;
  /** When somebody joined, on the page's clock; 0 before. */ talkingSince = 0;
  online = true;
  /** The browser lets the page sound only once it was touched. */ blocked = false;
  mine = { volume: 0, quality: 0 };
  /** @type {{text: string, again: string[], type: number} | null} */ ended = null;
  /** Where tickets come from, if anywhere. @type {((userId: string) => Promise<{sdkAppId: number, userSig: string}>) | null} */
  tickets = null;
  #outcome = "";
  /** @type {any} */ #timers = {};

  /** @param {TRTCCalling} calling */
  constructor(calling) {
    super();
    this.calling = calling;
    calling.registerListener((event, params) => this.#hear(event, params));
  }

  /** @param {string} language */
  setLanguage(language) {
    this.t = texts([language]);
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} text */
  say(text) {
    this.notice = text;
    clearTimeout(this.#timers.notice);
    if (text) this.#timers.notice = setTimeout(() => this.say(""), NOTICE_MS);
    this.changed();
  }

  /** @param {{userId: string, sdkAppId?: number, userSig?: string}} who */
  async signIn({ userId, sdkAppId, userSig }) {
    this.signingIn = true;
    this.say("");
    let answer;
    try {
      const ticket = userSig ? { sdkAppId: sdkAppId ?? 0, userSig } : await this.tickets?.(userId);
      answer = ticket
        ? await this.calling.login(ticket.sdkAppId, userId, ticket.userSig)
        : { code: Code.notSignedIn, desc: "" };
    } catch (error) {
      answer = /** @type {any} */ (error).code ? /** @type {any} */ (error) : { code: Code.noConnection, desc: String(error) };
    }
    this.signingIn = false;
    if (answer.code === 0) {
      this.me = userId;
      this.book = new Book(userId);
      if (this.screen === "signIn") this.screen = "home";
      this.#look();
      // The page was loaded anew in a call: it goes on.
      if (this.calling.currentCall && this.screen === "home") this.#join(this.calling.currentCall.type);
    } else this.say(fill(this.t.failed, { why: why(this.t, answer) }));
    this.changed();
    return answer;
  }

  /** Takes from the server what calls there were, here and elsewhere. */
  async #look() {
    const { book } = this;
    const before = book.recent;
    const { code, calls } = await this.calling.queryRecentCalls({ limit: MOST });
    // What came about here meanwhile is not overwritten; there will be another look.
    if (code !== 0 || book.recent !== before) return;
    book.take(calls);
    this.changed();
  }

  async signOut() {
    await this.calling.logout();
    this.#over();
    this.me = "";
    this.screen = "signIn";
    this.changed();
  }

  /** @param {string[]} userIds @param {import("../src/index.js").CallType} type */
  async call(userIds, type) {
    const first = this.screen !== "call";
    if (first) {
      this.#begin(type);
      this.outgoing = true;
      this.screen = "call";
    }
    const added = userIds.filter((userId) => !this.people.has(userId));
    for (const userId of added) this.#person(userId, "ringing");
    this.changed();
    const answer =
      userIds.length > 1 ? await this.calling.groupCall(userIds, type) : await this.calling.call(userIds[0], type);
    if (answer.code !== 0) {
      for (const userId of added) if (this.people.get(userId)?.state === "ringing") this.people.delete(userId);
      if (first && this.screen === "call" && this.people.size === 0) {
        this.#over();
        this.screen = "home";
      }
      this.say(fill(this.t.failed, { why: why(this.t, answer) }));
    } else if (first) this.book.begin({ userIds, type, outgoing: true });
    this.changed();
  }

  /** @param {boolean} camera */
  async accept(camera) {
    const invitation = this.invitation;
    if (this.screen !== "incoming" || !invitation) return;
    this.screen = "call";
    this.invitation = null;
    this.type = camera ? invitation.type : CallType.audio;
    this.book.answered();
    this.changed();
    const answer = await this.calling.accept({ camera });
    if (answer.code !== 0 && !this.talkingSince && this.screen === "call") {
      this.#end(fill(this.t.failed, { why: why(this.t, answer) }));
    }
  }

  async reject() {
    if (this.screen !== "incoming") return;
    this.book.ended("declined");
    this.#over();
    this.screen = "home";
    this.changed();
    const answer = await this.calling.reject();
    if (answer.code !== 0 && answer.code !== Code.invitationOver) this.say(fill(this.t.failed, { why: why(this.t, answer) }));
  }

  hangUp() {
    this.calling.hangup();
    this.#end(this.talkingSince ? "" : this.t.ended);
    if (this.ended) this.#dismissSoon(1_500);
  }

  dismiss() {
    if (this.screen !== "ended") return;
    clearTimeout(this.#timers.ended);
    this.ended = null;
    this.screen = "home";
    this.changed();
  }

  /** @param {string} act */
  async toggle(act) {
    const { muted, camera, screen } = this.calling.sending;
    if (act === "mute") await this.calling.setMicMute(!muted);
    else if (act === "camera") await (camera ? this.calling.closeCamera() : this.calling.openCamera(true));
    else if (act === "share") {
      await (screen ? this.calling.stopScreenShare() : this.calling.startScreenShare());
    }
    this.changed();
  }

  /** @param {string} userId @param {"ringing" | "there"} state */
  #person(userId, state) {
    const known = this.people.get(userId);
    if (known) known.state = state;
    else this.people.set(userId, { userId, state, audio: false, video: false, volume: 0, quality: 0 });
  }

  /** @param {number} type */
  #begin(type) {
    this.#over();
    this.type = type;
  }

  /** @param {number} type */
  #join(type) {
    this.#begin(type);
    this.screen = "call";
    this.talkingSince = performance.now();
    for (const { userId, audio, video } of this.calling.currentCall?.users ?? []) {
      this.#person(userId, "there");
      Object.assign(this.people.get(userId) ?? {}, { audio, video });
    }
  }

  #over() {
    clearTimeout(this.#timers.ended);
    this.people.clear();
    this.invitation = this.ended = null;
    this.talkingSince = 0;
    this.outgoing = false;
    this.#outcome = "";
    this.mine = { volume: 0, quality: 0 };
  }

  /** The call is over: how it ended is shown for a moment. @param {string} text */
  #end(text) {
    const time = duration(performance.now() - this.talkingSince);
    const ended = this.talkingSince ? fill(this.t.endedAfter, { time }) : this.#outcome || this.t.nobodyJoined;
    const again = this.outgoing || this.talkingSince ? this.book.last?.userIds ?? [] : [];
    const type = this.type;
    this.book.ended(this.talkingSince ? "talked" : this.outgoing ? "unanswered" : "missed", this.talkingSince);
    this.#over();
    this.ended = { text: text || ended, again, type };
    this.screen = "ended";
    this.#dismissSoon(ENDED_MS);
    this.changed();
  }

  /** @param {number} ms */
  #dismissSoon(ms) {
    clearTimeout(this.#timers.ended);
    this.#timers.ended = setTimeout(() => this.dismiss(), ms);
  }

  /** @param {string} event @param {any} p */
  #hear(event, p) {
    const { t } = this;
    const person = this.people.get(p.userId);
    switch (event) {
      case "onInvited": {
        this.#begin(p.type);
        this.invitation = { sponsor: p.sponsor, others: p.userIds, type: p.type, isFromGroup: p.isFromGroup };
        this.screen = "incoming";
        this.book.begin({ userIds: [p.sponsor], type: p.type, outgoing: false });
        break;
      }
      case "onUserEnter":
        // Also where the page has given up on it: its `accept` had no answer, and was taken all the same.
        this.screen = "call";
        this.invitation = this.ended = null;
        this.talkingSince ||= performance.now();
        this.#person(p.userId, "there");
        this.#outcome = "";
        break;
      case "onUserLeave":
        this.people.delete(p.userId);
        if (this.people.size > 0) this.say(fill(t.left, { who: p.userId }));
        break;
      case "onReject":
      case "onNoResp":
      case "onLineBusy": {
        const text = { onReject: t.declined, onNoResp: t.noAnswer, onLineBusy: t.busy }[event];
        this.people.delete(p.userId);
        this.#outcome = fill(/** @type {string} */ (text), { who: p.userId });
        if (this.people.size > 0) this.say(this.#outcome);
        break;
      }
      case "onCallingCancel":
      case "onCallingTimeOut": {
        if (this.screen !== "incoming" && this.screen !== "call") break;
        const who = this.invitation?.sponsor ?? this.book.last?.userIds[0] ?? "";
        const texts = { answered_elsewhere: t.elsewhere, rejected_elsewhere: t.declinedElsewhere };
        const elsewhere = /** @type {Record<string, string>} */ (texts)[p.reason];
        if (elsewhere) this.book.ended("elsewhere");
        this.#end(elsewhere ?? fill(t.missed, { who }));
        break;
      }
      case "onCallEnd": {
        const reasons = { timed_out: t.endedLost, ended_by_server: t.endedByServer, media_failed: t.endedMedia };
        if (this.screen === "call" || this.screen === "incoming") {
          this.#end(/** @type {Record<string, string>} */ (reasons)[p.reason] ?? "");
        }
        break;
      }
      case "onUserAudioAvailable":
        if (person) person.audio = p.available;
        break;
      case "onUserVideoAvailable":
        if (person) person.video = p.available;
        break;
      case "onUserVoiceVolume":
        for (const { userId, volume } of p.userVolumes) {
          const one = this.people.get(userId) ?? (userId === this.me ? this.mine : null);
          if (one) one.volume = volume;
        }
        break;
      case "onNetworkQuality":
        if (person) person.quality = p.quality;
        else if (p.userId === this.me) this.mine.quality = p.quality;
        break;
      case "onConnectionLost":
      case "onConnectionRecovered":
        this.online = event === "onConnectionRecovered";
        if (this.online) this.#look();
        break;
      case "onAutoplayBlocked":
        this.blocked = p.blocked;
        break;
      case "onKickedOffline":
        this.#over();
        this.me = "";
        this.screen = "signIn";
        this.say(t.kicked);
        break;
      case "onUserSigExpired":
        this.#renew();
        break;
      case "onError": {
        /** @type {Record<number, string>} */
        const known = { [Code.microphoneFailed]: t.noMic, [Code.cameraFailed]: t.noCamera };
        const text = known[p.code] ?? t.failed;
        this.say(fill(text, { why: why(t, p) }));
        break;
      }
    }
    this.changed();
  }

  async #renew() {
    const answer = this.tickets && (await this.signIn({ userId: this.me }));
    if (answer?.code !== 0) this.say(this.t.expired);
  }
}
