// @ts-check
/** Where this device stands: in which call, and with whom, as listeners have been told. Nothing is decided here: it is
 * what an answer needs to name its question, and what makes a thing told once that the server says twice. */

/**
 * @typedef {"ringing" | "calling" | "talking"} Stage
 * @typedef {{audio: boolean, video: boolean}} Available
 * @typedef {{callId: string, invitationId?: number}} Named A call, and by which invitation this device is in it or rings
 * (0: it made the call). As the same call can ring twice, an answer names both.
 */

/** @param {Named | null} a @param {Named | null} b @returns {boolean} (a server of before says nothing of invitations) */
export const same = (a, b) =>
  a?.callId === b?.callId &&
  (a?.invitationId === b?.invitationId || a?.invitationId === undefined || b?.invitationId === undefined);

export class Standing {
  /** @type {(Named & {stage: Stage, type: 1 | 2}) | null} */ call = null;
  /** Requests of `call` and `groupCall` that have no answer yet: their numbers. @type {Set<number>} */
  asking = new Set();
  /** Ended by this device, while events of it may still be on their way. @type {Named | null} */
  left = null;
  /** The next call begins muted, or the present one is. */ muted = false;
  /** The others in the call. @type {Map<string, Available>} */ users = new Map();
  /** The last end that was told. @type {string | null} */ #ended = null;
  /** Somebody is in this call already, whose `call` here has no answer yet. @type {string | null} */ #early = null;

  get idle() {
    return this.call === null && this.asking.size === 0;
  }

  get ringing() {
    return this.call?.stage === "ringing" ? this.call.callId : null;
  }

  /** The call that this device takes part in, as caller or accepted. */
  get takingPart() {
    return this.call && this.call.stage !== "ringing" ? this.call.callId : null;
  }

  /** What an answer names. @returns {Named | null} */
  get named() {
    return this.call && { callId: this.call.callId, invitationId: this.call.invitationId };
  }

  /** @param {Named} named @param {Stage} stage @param {1 | 2} type */
  enter({ callId, invitationId }, stage, type) {
    if (callId !== this.#early && this.call?.callId !== callId) this.users.clear();
    this.call = { callId, invitationId, stage, type };
    this.#early = null;
  }

  /**
   * A `call` was answered.
   * @param {number} request
   * @param {Named & {type: 1 | 2}} result
   * @returns {boolean} `false`: it was hung up meanwhile, or is over (after a resume the answer may come behind the end)
   */
  asked(request, result) {
    const present = this.call?.callId === result.callId ? this.call : null;
    if (!this.asking.delete(request)) {
      if (!present) this.left = result;
      return false;
    }
    if (this.#ended === result.callId || (present && !same(present, result))) {
      this.#muteEnds();
      return false;
    }
    // Somebody was invited into the call that there is; or one's own `call` is taken as an accept.
    if (present?.stage === "ringing") present.stage = "talking";
    else if (!present) this.enter(result, this.#early === result.callId ? "talking" : "calling", result.type);
    return true;
  }

  /** @param {number} request */
  inVain(request) {
    this.asking.delete(request);
    this.#muteEnds();
  }

  /** @param {Named} named @returns {boolean} whether the call was still there */
  accepted(named) {
    if (!this.call || !same(this.call, named)) return false;
    this.call.stage = "talking";
    return true;
  }

  /** @param {Named} named */
  leave(named) {
    // It may ring anew by now.
    if (this.call?.callId === named.callId && !same(this.call, named)) return;
    this.left = named;
    this.#end(named.callId);
  }

  forget() {
    this.call = this.left = this.#early = null;
    this.asking.clear();
    this.users.clear();
    this.muted = false;
  }

  /**
   * An event: what it changes here.
   * @param {string} method
   * @param {any} params
   * @returns {boolean} whether it is news that listeners are to hear
   */
  hear(method, params) {
    const { callId, userId, available } = params;
    const user = this.users.get(userId);
    const { call } = this;
    switch (method) {
      case "onInvited":
        if (this.ringing && same(call, params)) return false;
        if (this.left?.callId === callId) {
          // Said again at a sign-in, before the server had heard that it was left.
          if (params.invitationId !== undefined && same(this.left, params)) return false;
          this.left = null;
        }
        if (this.#ended === callId) this.#ended = null;
        this.enter(params, "ringing", params.type);
        return true;
      case "onUserEnter":
        if (this.left?.callId === callId || user || (call && call.callId !== callId)) return false;
        if (call) call.stage = "talking";
        else if (this.idle) {
          // The app was told that its `call` failed.
          this.left = { callId };
          return false;
        } else this.#early = callId;
        this.users.set(userId, { audio: false, video: false });
        return true;
      case "onUserLeave":
        this.users.delete(userId);
        break;
      case "onUserAudioAvailable":
        if (user?.audio === available) return false;
        if (user) user.audio = available;
        break;
      case "onUserVideoAvailable":
        if (user?.video === available) return false;
        if (user) user.video = available;
        break;
      case "onCallEnd":
        if (this.#ended === callId) return false;
        this.#ended = callId;
        this.#end(callId);
        break;
      case "onCallingCancel":
      case "onCallingTimeOut":
        this.#end(callId);
        break;
    }
    return callId === undefined || callId !== this.left?.callId;
  }

  /**
   * What listeners think of the call and the server does not, after a session in the place of a lost one.
   * @param {{userId: string, audio: boolean, video: boolean}[]} present
   * @returns {[string, any][]} events that make up for it
   */
  missing(present) {
    const callId = this.call?.callId;
    /** @type {[string, any][]} */
    const events = [];
    for (const [userId, known] of this.users) {
      const now = present.find((each) => each.userId === userId);
      if (!now) events.push(["onUserLeave", { callId, userId, reason: 0 }]);
      else {
        if (known.audio && !now.audio) events.push(["onUserAudioAvailable", { callId, userId, available: false }]);
        if (known.video && !now.video) events.push(["onUserVideoAvailable", { callId, userId, available: false }]);
      }
    }
    return events;
  }

  /** @param {string} callId */
  #end(callId) {
    if (this.call?.callId === callId || this.#early === callId) this.users.clear();
    if (this.#early === callId) this.#early = null;
    if (this.call?.callId === callId) this.call = null;
    this.#muteEnds();
  }

  #muteEnds() {
    if (this.idle) this.muted = false;
  }
}
