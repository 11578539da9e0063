// @ts-check
/** Between the API and the session: which call a request names, what an answer means for the devices, what is told. */

import { CallType, Code, said } from "./codes.js";
import { Session } from "./session.js";
import { Standing, same } from "./standing.js";

/**
 * @typedef {{code: number, desc: string}} ActionCallback
 * @typedef {(callback: ActionCallback) => void} Resolve
 * @typedef {import("./standing.js").Named} Named
 * @typedef {{call: Named, camera: boolean, shut: boolean}} Accepting The call that the app said `accept` to, whether with
 * its camera, and whether devices were let go meanwhile.
 */

/** Refusals of something that ends something: there was nothing left to end. @type {number[]} */
const NOTHING_TO_END = [Code.invitationOver, Code.invitationNotYours, Code.notSignedIn];
/** @type {number[]} */
const UNANSWERED = [Code.noAnswer, Code.noConnection];

export class Conversation {
  #tell;
  #media;
  #host;
  /** @type {Session | null} */ #session = null;
  #standing = new Standing();
  /** @type {{sdkAppId: number, userId: string} | null} */ #who = null;
  /** The answer to `login`, until it is given. @type {Resolve | null} */ #login = null;
  #signedIn = false;
  #kicked = false;
  /** The device has another network, and media's way is to be made anew once there is a connection. */ #moved = false;
  /** Requests for a call that the app knows as failed, while the server may do them yet. @type {number[]} */ #unsure = [];
  /** Left here where the server may not know it yet, by the call. @type {Map<string, Named>} */ #hungUp = new Map();
  /** A call that the server did not name at the last sign-in: its end may still be told by itself. @type {string | null} */
  #doubtful = null;
  /** @type {Accepting | null} */ #accepting = null;

  /**
   * @param {{tell: (event: string, params: any) => void, media: import("./media/media.js").Media, host?: any}} around
   */
  constructor({ tell, media, host }) {
    this.#tell = tell;
    this.#media = media;
    this.#host = host;
  }

  get userId() {
    return this.#who?.userId ?? "";
  }

  get muted() {
    return this.#standing.muted;
  }

  get currentCall() {
    const { call, users } = this.#standing;
    if (!call) return null;
    const others = [...users].map(([userId, available]) => ({ userId, ...available }));
    return { callId: call.callId, stage: call.stage, type: call.type, users: others };
  }

  /** @param {string} url @param {any} login @returns {Promise<ActionCallback>} */
  login(url, login) {
    const session = this.#session;
    if (!session) {
      const { sdkAppId, userId } = login;
      this.#who = { sdkAppId, userId };
      return new Promise((resolve) => {
        this.#login = resolve;
        this.#session = new Session(url, login, this.#hooks, this.#host);
      });
    }
    if (!this.#signedIn) return Promise.resolve(said(Code.signInUnderWay));
    if (this.#who?.sdkAppId !== login.sdkAppId || this.#who?.userId !== login.userId) {
      return Promise.resolve(said(Code.wrongState, "another user is signed in; log out first"));
    }
    return new Promise((resolve) => session.renew(login.userSig, (refusal) => resolve(refusal ?? said(0))));
  }

  /** @returns {import("./session.js").Hooks} */
  get #hooks() {
    return {
      signedIn: (welcome) => this.#welcome(welcome.call ?? null),
      connection: (up) => {
        if (up) this.#mendMedia();
        this.#tell(up ? "onConnectionRecovered" : "onConnectionLost", {});
      },
      event: (method, params) => this.#event(method, params),
      signal: (method, params) => this.#signal(method, params),
      fault: ({ code, desc }) => this.#tell("onError", { code, msg: desc }),
      over: (refusal) => this.#over(refusal),
    };
  }

  /** @param {string} method @param {any} params @param {import("./session.js").Done} [done] */
  request(method, params, done) {
    if (this.#session && this.#signedIn) return this.#session.request(method, params, done);
    done?.(said(Code.notSignedIn), null);
    return 0;
  }

  /** @param {boolean} networkIsNew */
  wake(networkIsNew) {
    if (!networkIsNew) return this.#session?.check();
    this.#moved = this.#standing.call !== null;
    this.#session?.networkChanged();
  }

  /** Asks for a transport anew. @param {string} callId @returns {boolean} `false`: there is no connection to ask by */
  restartMedia(callId) {
    const up = this.#session?.isUp ?? false;
    if (up) this.request("mediaRestart", { callId });
    return up;
  }

  /** The connection is back. Where the way of the media is gone a new one is asked for; but a server that was started
   * anew offers one by itself, and is given the time of a way there and back. */
  #mendMedia() {
    if (this.#moved) this.#media.restart();
    else if (this.#standing.call) this.request("ping", {}, () => this.#media.mend());
    this.#moved = false;
  }

  /** @param {any} params @returns {Promise<import("./index.js").RecentCalls>} */
  recentCalls(params) {
    return new Promise((resolve) => {
      this.request("queryRecentCalls", params, (refusal, page) => {
        resolve({ ...(refusal ?? said(0)), calls: page?.calls ?? [], more: page?.more ?? false });
      });
    });
  }

  close() {
    this.#session?.close();
    this.#forget();
  }

  /** @returns {Promise<ActionCallback>} */
  logout() {
    const session = this.#session;
    if (!session) return Promise.resolve(said(Code.notSignedIn));
    // The microphone does not wait for the server.
    this.#media.end();
    if (!this.#signedIn) {
      this.close();
      return Promise.resolve(said(0));
    }
    return new Promise((resolve) => {
      session.request("logout", {}, (refusal) => {
        if (this.#session === session) this.close();
        resolve(refusal && refusal.code !== Code.notSignedIn ? refusal : said(0));
      });
    });
  }

  /** @param {string} method @param {any} params @returns {Promise<ActionCallback>} */
  invite(method, params) {
    if (!this.#signedIn) return Promise.resolve(said(Code.notSignedIn));
    const standing = this.#standing;
    return new Promise((resolve) => {
      const { idle, ringing } = standing;
      let [request, answered] = [0, false];
      request = this.request(method, params, (refusal, result) => {
        answered = true;
        if (!refusal) {
          const held = standing.asked(request, result);
          if (held && ringing) this.#open(params.type === CallType.video);
          if (held) this.#tellMute();
          else this.#settleMedia();
        } else {
          standing.inVain(request);
          if (UNANSWERED.includes(refusal.code)) this.#unsure.push(request);
          this.#settleMedia();
        }
        this.#hangUpUnsure();
        this.#watchClosely();
        resolve(refusal ?? said(0));
      });
      if (answered) return;
      standing.asking.add(request);
      this.#watchClosely();
      // Ringing never waits for a device; the browser may be asking for permission meanwhile. While another call rings
      // here it is not known yet whether this one is taken as its answer.
      if (idle) this.#open(params.type === CallType.video);
    });
  }

  /** @param {boolean} camera */
  #open(camera) {
    this.#media.mute(this.#standing.muted);
    this.#media.open("microphone");
    if (camera) this.#media.open("camera");
  }

  /** @param {boolean} camera @returns {Promise<ActionCallback>} */
  accept(camera) {
    const { call, named, ringing } = this.#standing;
    if (!this.#signedIn) return Promise.resolve(said(Code.notSignedIn));
    if (!call || !named || !ringing) return Promise.resolve(said(Code.wrongState, "nothing rings here"));
    const wantsCamera = camera && call.type === CallType.video;
    /** @type {Accepting} */
    const accepting = { call, camera: wantsCamera, shut: false };
    this.#accepting = accepting;
    return new Promise((resolve) => {
      this.request("accept", named, (refusal) => {
        if (!refusal && this.#standing.accepted(named)) this.#joined();
        else if (refusal && this.#accepting === accepting) {
          // Without an answer it may have been taken all the same: then the event tells.
          if (UNANSWERED.includes(refusal.code)) accepting.shut = true;
          else this.#accepting = null;
          // It may ring on (an expired ticket): the transport stays, the devices don't.
          if (!this.#standing.takingPart) this.#media.letGo();
        }
        resolve(refusal ?? said(0));
      });
      this.#open(wantsCamera);
    });
  }

  /** The server has this device in the call that the app accepted, if it has. */
  #joined() {
    const { call, takingPart: callId } = this.#standing;
    if (!call || !callId || this.#accepting?.call !== call) return;
    const { camera, shut } = this.#accepting;
    this.#accepting = null;
    if (shut) this.#open(camera);
    this.#tellMute();
    if (!camera && call.type === CallType.video) this.request("closeCamera", { callId });
  }

  #tellMute() {
    const callId = this.#standing.takingPart;
    if (callId && this.#standing.muted) this.request("setMicMute", { callId, isMute: true });
  }

  /** @returns {Promise<ActionCallback>} */
  reject() {
    const { named, ringing } = this.#standing;
    if (!this.#signedIn) return Promise.resolve(said(Code.notSignedIn));
    if (!named || !ringing) return Promise.resolve(said(Code.wrongState, "nothing rings here"));
    return new Promise((resolve) => {
      this.request("reject", named, (refusal) => {
        // Without an answer it is carried to the server all the same, and then no event will end this ringing.
        const unanswered = refusal && UNANSWERED.includes(refusal.code);
        if (unanswered) this.#hungUp.set(ringing, named);
        if (!refusal || unanswered) this.#leave(named);
        resolve(refusal ?? said(0));
      });
    });
  }

  /** @returns {Promise<ActionCallback>} */
  async hangup() {
    const { named, asking } = this.#standing;
    if (named) {
      asking.clear();
      this.#leave(named);
      return this.#hangUp(named);
    }
    const requests = [...asking];
    asking.clear();
    if (requests.length === 0) return said(0);
    this.#standing.inVain(0);
    this.#settleMedia();
    const ends = await Promise.all(requests.map((request) => this.#hangUp({ request })));
    return ends.find(({ code }) => code !== 0) ?? said(0);
  }

  /** @param {Named | {request: number, callId?: undefined}} what @returns {Promise<ActionCallback>} */
  #hangUp(what) {
    if (what.callId) this.#hungUp.set(what.callId, what);
    return new Promise((resolve) => {
      this.request("hangup", what, (refusal) => {
        const over = !refusal || NOTHING_TO_END.includes(refusal.code);
        if (over && what.callId && this.#hungUp.get(what.callId) === what) this.#hungUp.delete(what.callId);
        // Without an answer it is said again when the server has this device in that call at the next sign-in.
        if (refusal && !over && !UNANSWERED.includes(refusal.code)) {
          this.#tell("onError", { code: refusal.code, msg: refusal.desc });
        }
        resolve(over ? said(0) : /** @type {ActionCallback} */ (refusal));
      });
    });
  }

  /** @param {boolean} isMute @returns {Promise<ActionCallback>} */
  setMicMute(isMute) {
    if (this.#standing.muted === isMute) return Promise.resolve(said(0));
    this.#standing.muted = isMute;
    this.#media.mute(isMute);
    const callId = this.#standing.takingPart;
    return callId ? this.#quiet("setMicMute", { callId, isMute }) : Promise.resolve(said(0));
  }

  /** @param {"camera" | "screen"} what @returns {Promise<ActionCallback>} */
  async openPicture(what) {
    const callId = this.#standing.takingPart;
    if (!callId) return said(Code.wrongState, "there is no call to send a picture in");
    const other = what === "camera" ? "screen" : "camera";
    if (!(await this.#media.open(what))) {
      return said(what === "camera" ? Code.cameraFailed : Code.screenFailed, "it could not be opened");
    }
    if (this.#standing.takingPart !== callId || this.#media.isOpen(other)) return said(0);
    return this.#quiet("openCamera", { callId });
  }

  /** @param {"camera" | "screen"} what @returns {Promise<ActionCallback>} */
  async closePicture(what) {
    this.#media.close(what);
    const callId = this.#standing.takingPart;
    const other = what === "camera" ? "screen" : "camera";
    if (!callId || this.#media.isOpen(other)) return said(0);
    return this.#quiet("closeCamera", { callId });
  }

  /** A function that returns nothing in the API document: a refusal is `onError`. @param {string} method @param {any} params @returns {Promise<ActionCallback>} */
  #quiet(method, params) {
    return new Promise((resolve) => {
      this.request(method, params, (refusal) => {
        // Of a call that is over there is an event.
        const over = refusal?.code === Code.invitationOver || refusal?.code === Code.notSignedIn;
        if (refusal && !over) this.#tell("onError", { code: refusal.code, msg: refusal.desc });
        resolve(refusal ?? said(0));
      });
    });
  }

  /** @param {string} method @param {any} params */
  #event(method, params) {
    if (method === "onKickedOffline") this.#kicked = true;
    if (this.#doubtful && params.callId && params.callId !== this.#doubtful) this.#settleDoubt();
    const { call } = this.#standing;
    if (method === "onInvited" && call?.callId === params.callId && !same(call, params)) {
      // It rings for the same call again, and the end of the time before was not told.
      this.#tellOf(...this.#endOf(params.callId));
    }
    this.#tellOf(method, params);
  }

  /**
   * Nobody is to be rung by what the app knows as failed. Said when there is no call and none is asked for: it may have
   * been into that one, which is to go on.
   */
  #hangUpUnsure() {
    if (!this.#standing.idle) return;
    for (const request of this.#unsure.splice(0)) this.request("hangup", { request });
  }

  /** @param {string} method @param {any} params */
  #tellOf(method, { callId, invitationId, ...params }) {
    const before = this.#standing.call;
    const news = this.#standing.hear(method, { callId, invitationId, ...params });
    // It rings anew: what was left was an earlier time.
    if (news && method === "onInvited") this.#hungUp.delete(callId);
    // The answer to one's own `accept` was lost, and here is what came of it.
    this.#joined();
    if (before && before !== this.#standing.call) this.#settleMedia();
    this.#watchClosely();
    this.#hangUpUnsure();
    if (news) this.#tell(method, params);
  }

  /** @param {string} method @param {any} params */
  #signal(method, params) {
    if (method === "mediaOffer") {
      const { call, idle } = this.#standing;
      // The offer of a call that is just being made may overtake its answer.
      if (call ? call.callId === params.callId : !idle) this.#media.offer(params);
    } else if (method === "onNetworkQuality" && params.callId === this.#standing.call?.callId) {
      this.#tell(method, { userId: params.userId, quality: params.quality });
    }
  }

  /** A session has begun: what the server says of the call that this device is in. @param {any} state */
  #welcome(state) {
    const first = !this.#signedIn;
    this.#signedIn = true;
    const hungUp = this.#hungUp.get(state?.callId);
    if (hungUp && same(hungUp, state)) {
      this.#hangUpAgain(state);
      state = null;
    }
    const known = this.#standing.call;
    if (!known && state && state.stage !== "ringing") {
      if (first) this.#isInCallStill(state);
      // The app was told that its call failed.
      else if (this.#standing.idle) this.#hangUpAgain(state);
    } else if (known && state?.callId === known.callId) {
      for (const [method, params] of this.#standing.missing(state.users)) this.#tellOf(method, params);
    } else if (known) this.#doubtful = known.callId;
    this.#watchClosely();
    this.#login?.(said(0));
    this.#login = null;
    if (first) return;
    // Its answer comes behind whatever the server has to tell at this sign-in.
    this.request("ping", {}, () => this.#settleDoubt());
    this.#mendMedia();
    this.#tell("onConnectionRecovered", {});
  }

  /** The page was loaded anew in a call, and signs in within the grace. @param {any} state */
  #isInCallStill(state) {
    this.#standing.enter(state, state.stage, state.type);
    this.#open(state.type === CallType.video);
  }

  /** The server has this device in what was left here. @param {Named} state */
  #hangUpAgain({ callId, invitationId }) {
    this.#standing.left = { callId, invitationId };
    this.#hangUp({ callId, invitationId });
  }

  /** A call that the server does not have any more is over, if it has not said so itself by now. */
  #settleDoubt() {
    const callId = this.#doubtful;
    this.#doubtful = null;
    if (callId && this.#standing.call?.callId === callId) this.#tellOf(...this.#endOf(callId));
  }

  /** @param {string} callId @param {string} [reason] @returns {[string, any]} */
  #endOf(callId, reason) {
    if (this.#standing.ringing === callId) return ["onCallingCancel", { callId }];
    return ["onCallEnd", reason ? { callId, reason } : { callId }];
  }

  /** The session is over for good. @param {ActionCallback | null} refusal */
  #over(refusal) {
    const login = this.#login;
    this.#login = null;
    if (login) {
      this.#forget();
      return login(refusal ?? said(0));
    }
    const call = this.#standing.call;
    if (refusal?.code === Code.signedInElsewhere) {
      if (!this.#kicked) this.#tell("onKickedOffline", {});
      if (call) this.#tellOf(...this.#endOf(call.callId, "signed_in_elsewhere"));
    } else if (refusal) {
      this.#tell("onError", { code: refusal.code, msg: refusal.desc });
      if (call) this.#tellOf(...this.#endOf(call.callId));
    }
    this.#forget();
  }

  /** @param {Named} named */
  #leave(named) {
    this.#standing.leave(named);
    this.#settleMedia();
  }

  #settleMedia() {
    const { call, idle, ringing, asking } = this.#standing;
    if (this.#accepting?.call !== call) this.#accepting = null;
    if (idle) {
      this.#media.end();
      this.#media.mute(false);
    } else if (ringing && asking.size === 0 && !this.#accepting) {
      // What was opened for another call, or for one that was refused, is not open while it rings.
      this.#media.letGo();
    }
    this.#watchClosely();
  }

  #watchClosely() {
    this.#session?.setInCall(!this.#standing.idle);
  }

  #forget() {
    const login = this.#login;
    this.#session = this.#login = this.#who = null;
    this.#signedIn = this.#kicked = this.#moved = false;
    this.#standing.forget();
    this.#hungUp.clear();
    this.#unsure = [];
    this.#doubtful = this.#accepting = null;
    this.#media.end();
    login?.(said(Code.notSignedIn, "signed out meanwhile"));
  }
}
