// @ts-check
/** Where this device stands: in which call, and with whom, as listeners have been told. Nothing is decided here: it is
 * what an answer needs to name its question, and what makes a thing told once that the server says twice. */

/**
 * @typedef {"ringing" | "calling" | "talking"} Stage
 * @typedef {{audio: boolean, video: boolean}} Available
 */

export class Standing {
  /** @type {{id: string, stage: Stage, type: 1 | 2} | null} */ call = null;
  /** Requests of `call` and `groupCall` that have no answer yet: their numbers. @type {Set<number>} */
  asking = new Set();
  /** Ended by this device, while events of it may still be on their way. @type {string | null} */
  left = null;
  /** The next call begins muted, or the present one is. */ muted = false;
  /** The others in the call. @type {Map<string, Available>} */ users = new Map();
  /** The last end that was told. @type {string | null} */ #ended = null;

  get idle() {
    return this.call === null && this.asking.size === 0;
  }

  get ringing() {
    return this.call?.stage === "ringing" ? this.call.id : null;
  }

  /** The call that this device takes part in, as caller or accepted. */
  get takingPart() {
    return this.call && this.call.stage !== "ringing" ? this.call.id : null;
  }

  /** @param {string} id @param {Stage} stage @param {1 | 2} type */
  enter(id, stage, type) {
    if (this.call?.id !== id) this.users.clear();
    this.call = { id, stage, type };
  }

  /**
   * A `call` was answered.
   * @param {number} request
   * @param {{callId: string, type: 1 | 2}} result
   * @returns {boolean} `false`: it was hung up meanwhile, or is over (after a resume the answer may come behind the end)
   */
  asked(request, { callId, type }) {
    if (!this.asking.delete(request)) {
      this.left = callId;
      return false;
    }
    if (this.#ended === callId) {
      this.#muteEnds();
      return false;
    }
    const present = this.call?.id === callId ? this.call : null;
    // Somebody was invited into the call that there is; or one's own `call` is taken as an accept.
    if (present?.stage === "ringing") present.stage = "talking";
    else if (!present) this.enter(callId, "calling", type);
    return true;
  }

  /** @param {number} request */
  inVain(request) {
    this.asking.delete(request);
    this.#muteEnds();
  }

  /** @param {string} callId @returns {boolean} whether the call was still there */
  accepted(callId) {
    if (this.call?.id !== callId) return false;
    this.call.stage = "talking";
    return true;
  }

  /** @param {string} callId */
  leave(callId) {
    this.left = callId;
    this.#end(callId);
  }

  forget() {
    this.call = null;
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
        if (this.ringing === callId) return false;
        if (this.left === callId) this.left = null;
        if (this.#ended === callId) this.#ended = null;
        this.enter(callId, "ringing", params.type);
        return true;
      case "onUserEnter":
        if (this.left === callId || user || (call && call.id !== callId)) return false;
        if (call) call.stage = "talking";
        else if (this.idle) this.enter(callId, "talking", 1);
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
    return callId === undefined || callId !== this.left;
  }

  /**
   * What listeners think of the call and the server does not, after a session in the place of a lost one.
   * @param {{userId: string, audio: boolean, video: boolean}[]} present
   * @returns {[string, any][]} events that make up for it
   */
  missing(present) {
    const callId = this.call?.id;
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
    if (this.call?.id === callId) {
      this.call = null;
      this.users.clear();
    }
    this.#muteEnds();
  }

  #muteEnds() {
    if (this.idle) this.muted = false;
  }
}
