// @ts-check
/** A device's session with a server: it signs in, numbers and repeats requests, drops events that it has had, notices
 * a dead socket and comes back by itself. Times and rules are those of docs/protocol.md. */

import { Code, said } from "./codes.js";

/** A `ping` is sent when nothing came for so long … */
const PING_MS = { call: 1_000, idle: 20_000 };
/** … and the socket is dead when nothing at all came for so long after it. */
const DEAD_MS = { call: 1_000, idle: 10_000 };
/** What slept, or was asleep when a call began, has at least so long to answer. */
const WAKES_MS = 2_000;
/** A timer that goes off so late was asleep itself: what came meanwhile has not been read. */
const OVERSLEPT_MS = 500;
const CONNECT_MS = { call: 3_000, idle: 10_000 };
const PAUSE_MS = { first: 100, idle: 10_000, call: 250 };
const ACK_MS = 1_000;
const ACK_EVENTS = 16;
const ANSWER_MS = 15_000;
/** A connection that did not last so long was none: the pauses go on growing. */
const LASTED_MS = 1_000;
/** The server can answer repetitions of so many requests; no more are on their way at once. */
const ON_THEIR_WAY = 64;
const WAITING_MOST = 256;
/** What the server would not hear, as it hears too much, is said again after so long: one of its seconds. */
const AGAIN_MS = 1_000;
/** Close codes after which this device stays away: it is signed in elsewhere, or was put out. */
const STAY_AWAY = [4001, 4002, 4003, 4004];

/** Of these the server is to hear even when nobody waits for the answer any more. */
const ENDS_SOMETHING = ["hangup", "reject", "logout"];
/** Refusals of a sign-in that pass. @type {number[]} */
const PASSES = [Code.rateLimited, Code.tooManyFailures, Code.signInUnderWay];

/**
 * @typedef {{code: number, desc: string}} Refusal
 * @typedef {(refusal: Refusal | null, result: any) => void} Done
 * @typedef {{id: number, method: string, params: any, done: Done, at: number, sent: boolean, here: boolean, told: boolean, again: number}} Asked
 * @typedef {object} Hooks What is told, each at once and in order.
 * @property {(welcome: any) => void} signedIn a session began: the first, or one in the place of one that was lost
 * @property {(up: boolean) => void} connection the signed-in connection was lost, or is back
 * @property {(method: string, params: any) => void} event a numbered event, once
 * @property {(method: string, params: any) => void} signal an unnumbered one
 * @property {(refusal: Refusal) => void} fault the server could not read a frame
 * @property {(refusal: Refusal | null) => void} over the session is over for good; `null` after `logout`
 */

export class Session {
  #url;
  /** @type {any} */ #login;
  #hooks;
  /** @type {any} */ #host;
  /** @type {"resting" | "connecting" | "signingIn" | "up" | "over"} */ #stage = "resting";
  /** When the present stage is given up, or done with resting. */ #by = 0;
  #upSince = 0;
  /** @type {WebSocket | null} */ #socket = null;
  #signInId = 0;
  #resumes = false;
  /** @type {{sessionId: string, resumeToken: string} | null} */ #held = null;
  #firstBy = 0;
  #reached = false;
  #kicked = false;
  #inCall = false;
  #failed = 0;
  #nextId = 1;
  /** @type {Asked[]} */ #pending = [];
  #seen = 0;
  #owed = 0;
  #owedSince = 0;
  #heardAt = 0;
  #pingedAt = 0;
  /** The first ping that nothing came after; 0: there is none. */ #unanswered = 0;
  /** It was asked once more, since the time for the answer was slept over. */ #askedAgain = false;
  /** When the present call began, or this page woke: an answer may take longer just after. */ #woke = 0;
  /** @type {any} */ #timer;

  /**
   * @param {string} url the WebSocket's address
   * @param {any} login the parameters of `login`
   * @param {Hooks} hooks
   * @param {any} [host] where WebSocket and timers come from; tests have their own
   */
  constructor(url, login, hooks, host = globalThis) {
    this.#url = url;
    this.#login = login;
    this.#hooks = hooks;
    this.#host = host;
    this.#firstBy = this.#now() + ANSWER_MS;
    this.#rest();
    this.#schedule();
  }

  get isUp() {
    return this.#stage === "up";
  }

  get isOver() {
    return this.#stage === "over";
  }

  /**
   * Makes a request; before there is a connection, it waits for one. `done` is called once.
   * @param {string} method
   * @param {any} params
   * @param {Done} [done]
   * @returns {number} its number
   */
  request(method, params, done = () => {}) {
    const id = this.#nextId++;
    const full = this.#pending.length >= WAITING_MOST;
    const ends = ENDS_SOMETHING.includes(method);
    if (this.isOver) done(said(Code.notSignedIn), null);
    else if (full && !ends) done(said(Code.rateLimited), null);
    else {
      // Whatever else a page has asked for, it can hang up.
      if (full) this.#dropRepetition();
      this.#pending.push({ id, method, params, done, at: this.#now(), sent: false, here: false, told: false, again: 0 });
      this.#sendPending();
    }
    this.#schedule();
    return id;
  }

  /** Of what ends the same thing twice, one goes. */
  #dropRepetition() {
    const heard = new Set();
    const place = this.#pending.findIndex(({ method, params }) => {
      if (!ENDS_SOMETHING.includes(method)) return false;
      const words = JSON.stringify([method, params]);
      return heard.has(words) || !heard.add(words);
    });
    if (place < 0) return;
    const [dropped] = this.#pending.splice(place, 1);
    this.#settle(dropped, said(Code.rateLimited), null);
  }

  /** Signs in again with a new ticket; the session stays. @param {string} userSig @param {Done} done */
  renew(userSig, done) {
    this.request("login", { ...this.#login, userSig }, done);
  }

  /** How closely the connection is watched. @param {boolean} inCall */
  setInCall(inCall) {
    if (this.#inCall === inCall) return;
    this.#inCall = inCall;
    const now = this.#now();
    if (inCall && this.#stage === "resting") this.#by = Math.min(this.#by, now + PAUSE_MS.call);
    if (inCall && (this.#stage === "connecting" || this.#stage === "signingIn")) {
      this.#by = Math.min(this.#by, now + CONNECT_MS.call);
    }
    if (inCall) this.#woke = now;
    this.#schedule();
  }

  /** The tab was asleep, or the network came back: asks at once whether the server is still there. */
  check() {
    if (this.#stage === "resting") this.#connect();
    else if (this.isUp) {
      this.#ping();
      this.#woke = this.#now();
    }
    this.#schedule();
  }

  /** The device has another network now: what the socket stood on is gone. */
  networkChanged() {
    if (this.isOver) return;
    this.#failed = 0;
    this.#drop();
    this.#schedule();
  }

  /** Ends without a word to the server. */
  close() {
    this.#end(said(Code.notSignedIn));
  }

  #now() {
    return this.#host.performance.now();
  }

  /** When the socket counts as dead, unless something comes; 0: it is not waited for. */
  get #deadAt() {
    if (this.#unanswered === 0) return 0;
    // As closely as in a call where the page has just woken: it is soon known whether the socket has slept over.
    const soon = Math.max(this.#unanswered + DEAD_MS.call, this.#woke + WAKES_MS);
    return this.#inCall || this.#woke >= this.#unanswered ? soon : this.#unanswered + DEAD_MS.idle;
  }

  get #pingAt() {
    return Math.max(this.#heardAt, this.#pingedAt) + PING_MS[this.#mode];
  }

  #heard() {
    this.#heardAt = this.#now();
    this.#unanswered = 0;
    this.#askedAgain = false;
  }

  get #mode() {
    return this.#inCall ? "call" : "idle";
  }

  #rest() {
    const most = this.#inCall ? PAUSE_MS.call : PAUSE_MS.idle;
    const span = Math.min(PAUSE_MS.first * 2 ** (this.#failed - 1), most);
    const pause = this.#failed === 0 ? 0 : span / 2 + (Math.random() * span) / 2;
    this.#failed += 1;
    this.#stage = "resting";
    this.#by = this.#now() + pause;
    if (pause === 0) this.#connect();
  }

  #connect() {
    this.#stage = "connecting";
    this.#by = this.#now() + CONNECT_MS[this.#mode];
    let socket;
    try {
      socket = new this.#host.WebSocket(this.#url, ["tsuwa.1"]);
    } catch (error) {
      return this.#over(said(Code.noConnection, String(error)));
    }
    this.#socket = socket;
    const ours = (/** @type {(event: any) => void} */ act) => (/** @type {any} */ event) => {
      if (this.#socket === socket) {
        act(event);
        this.#schedule();
      }
    };
    socket.onopen = ours(() => {
      this.#reached = true;
      this.#signIn();
    });
    socket.onmessage = ours((event) => {
      this.#heard();
      this.#read(event.data);
    });
    socket.onclose = ours((event) => {
      this.#socket = null;
      if (STAY_AWAY.includes(event.code)) this.#kicked = true;
      this.#gone();
    });
  }

  #signIn() {
    this.#stage = "signingIn";
    this.#by = this.#now() + CONNECT_MS[this.#mode];
    this.#signInId = this.#nextId++;
    this.#resumes = this.#held !== null;
    if (this.#held) {
      const { sdkAppId } = this.#login;
      this.#send(this.#signInId, "resume", { sdkAppId, ...this.#held, lastSeq: this.#seen });
      return;
    }
    const renewal = this.#pending.findLast((asked) => asked.method === "login");
    this.#send(this.#signInId, "login", renewal ? renewal.params : this.#login);
  }

  /** @param {number | undefined} id @param {string} method @param {any} params */
  #send(id, method, params) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  }

  #sendPending() {
    if (!this.isUp) return;
    for (const asked of this.#pending.slice(0, ON_THEIR_WAY)) {
      // What follows waits: a call that was hung up is to have ended before the next one is asked for.
      if (asked.again > this.#now()) break;
      if (asked.here) continue;
      asked.sent = asked.here = true;
      this.#send(asked.id, asked.method, asked.params);
    }
  }

  /** @param {string} text */
  #read(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return this.#hooks.fault(said(Code.notARequest, "the server sent something that is not JSON"));
    }
    if (typeof frame?.method === "string") return this.#told(frame.method, frame.params ?? {});
    const refusal = frame?.error ? said(frame.error.code, frame.error.message) : null;
    if (frame?.id == null) {
      if (refusal) this.#hooks.fault(refusal);
    } else if (this.#stage === "signingIn" && frame.id === this.#signInId) {
      if (refusal) this.#signInRefused(refusal);
      else this.#signedIn(frame.result);
    } else if (this.isUp) this.#answered(frame.id, refusal, frame.result);
  }

  /** @param {string} method @param {any} params */
  #told(method, { seq, ...params }) {
    if (!this.isUp) return;
    if (seq === undefined) return this.#hooks.signal(method, params);
    if (seq <= this.#seen) return;
    this.#seen = seq;
    this.#owed += 1;
    this.#owedSince ||= this.#now();
    if (method === "onKickedOffline") this.#kicked = true;
    this.#hooks.event(method, params);
    this.#ackIfDue();
  }

  #ackIfDue() {
    if (this.#owed === 0 || (this.#owed < ACK_EVENTS && this.#now() < this.#owedSince + ACK_MS)) return;
    this.#owed = this.#owedSince = 0;
    this.#send(undefined, "ack", { seq: this.#seen });
  }

  /** @param {any} welcome */
  #signedIn(welcome) {
    const { sessionId, resumeToken } = welcome;
    this.#held = { sessionId, resumeToken };
    this.#firstBy = 0;
    this.#stage = "up";
    this.#upSince = this.#pingedAt = this.#now();
    this.#owed = this.#owedSince = 0;
    if (this.#resumes) this.#hooks.connection(true);
    else {
      this.#seen = 0;
      this.#hooks.signedIn(welcome);
    }
    this.#sendPending();
  }

  /** @param {Refusal} refusal */
  #signInRefused(refusal) {
    // A server that is going down says so to those who sign in; another comes up in its place.
    const goingDown = refusal.code === Code.noMediaWorker && this.#firstBy === 0;
    const passes = goingDown || PASSES.includes(refusal.code);
    const final = refusal.code === Code.signedInElsewhere || (!this.#resumes && (this.#firstBy > 0 || !passes));
    if (final) return this.#over(refusal);
    if (passes) return this.#drop();
    if (this.#pending.some((asked) => asked.sent && asked.method === "logout")) return this.#loggedOut();
    // The session is gone; the ticket decides. What was asked of it may have been done, or not.
    this.#held = null;
    const gone = this.#pending.filter((asked) => asked.method !== "login");
    this.#pending = this.#pending.filter((asked) => asked.method === "login");
    for (const asked of this.#pending) asked.sent = asked.here = false;
    for (const asked of gone) this.#settle(asked, said(asked.sent ? Code.noAnswer : Code.noConnection), null);
    this.#signIn();
  }

  /** @param {number} id @param {Refusal | null} refusal @param {any} result */
  #answered(id, refusal, result) {
    const at = this.#pending.findIndex((asked) => asked.id === id);
    if (at < 0) return;
    if (refusal?.code === Code.rateLimited && ENDS_SOMETHING.includes(this.#pending[at].method)) {
      this.#pending[at].here = false;
      this.#pending[at].again = this.#now() + AGAIN_MS;
      return;
    }
    const [asked] = this.#pending.splice(at, 1);
    if (asked.method === "login" && !refusal) {
      this.#login = { ...this.#login, userSig: asked.params.userSig };
      this.#held = { sessionId: result.sessionId, resumeToken: result.resumeToken };
    }
    this.#settle(asked, refusal, result);
    if (asked.method === "logout" && !refusal) return this.#loggedOut();
    this.#sendPending();
  }

  /** @param {Asked} asked @param {Refusal | null} refusal @param {any} result */
  #settle(asked, refusal, result) {
    if (asked.told) return;
    asked.told = true;
    asked.done(refusal, result);
  }

  /** The socket has ended by itself. */
  #gone() {
    if (this.#kicked) return this.#over(said(Code.signedInElsewhere));
    const wasUp = this.isUp;
    if (wasUp && this.#now() - this.#upSince >= LASTED_MS) this.#failed = 0;
    for (const asked of this.#pending) [asked.here, asked.again] = [false, 0];
    this.#rest();
    if (wasUp) this.#hooks.connection(false);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#gone();
  }

  #loggedOut() {
    this.#end(said(Code.notSignedIn));
    this.#hooks.over(null);
  }

  /** @param {Refusal} refusal */
  #over(refusal) {
    this.#end(refusal);
    this.#hooks.over(refusal);
  }

  /** @param {Refusal} refusal */
  #end(refusal) {
    this.#stage = "over";
    this.#host.clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    const pending = this.#pending;
    this.#pending = [];
    for (const asked of pending) {
      // The session's end is what a logout asks for.
      this.#settle(asked, asked.sent && asked.method === "logout" ? null : refusal, {});
    }
  }

  #ping() {
    this.#pingedAt = this.#now();
    this.#unanswered ||= this.#pingedAt;
    this.#send(this.#nextId++, "ping", {});
  }

  #giveUpWaiting() {
    const now = this.#now();
    const overdue = this.#pending.filter((asked) => !asked.told && asked.at + ANSWER_MS <= now);
    this.#pending = this.#pending.filter((asked) => !overdue.includes(asked) || ENDS_SOMETHING.includes(asked.method));
    for (const asked of overdue) {
      this.#settle(asked, said(asked.sent && this.isUp ? Code.noAnswer : Code.noConnection), null);
    }
  }

  #wake() {
    const now = this.#now();
    this.#giveUpWaiting();
    if (this.#firstBy > 0 && this.#firstBy <= now) {
      return this.#over(said(this.#reached ? Code.noAnswer : Code.noConnection));
    }
    if (this.isUp) {
      const deadAt = this.#deadAt;
      const overslept = deadAt > 0 && deadAt + OVERSLEPT_MS <= now && !this.#askedAgain;
      if (overslept) {
        this.#unanswered = 0;
        this.#askedAgain = true;
      }
      if (deadAt > 0 && deadAt <= now && !overslept) this.#drop();
      else {
        this.#ackIfDue();
        this.#sendPending();
        if (overslept || this.#pingAt <= now) this.#ping();
      }
    } else if (this.#by <= now && !this.isOver) {
      if (this.#stage === "resting") this.#connect();
      else this.#drop();
    }
    this.#schedule();
  }

  #schedule() {
    this.#host.clearTimeout(this.#timer);
    if (this.isOver) return;
    const due = this.#pending.filter((asked) => !asked.told).map((asked) => asked.at + ANSWER_MS);
    if (this.#firstBy > 0) due.push(this.#firstBy);
    if (this.isUp) {
      due.push(this.#pingAt);
      if (this.#deadAt > 0) due.push(this.#deadAt);
      if (this.#owed > 0) due.push(this.#owedSince + ACK_MS);
      due.push(...this.#pending.filter(({ again, here }) => again > 0 && !here).map(({ again }) => again));
    } else due.push(this.#by);
    this.#timer = this.#host.setTimeout(() => this.#wake(), Math.max(0, Math.min(...due) - this.#now()));
  }
}
