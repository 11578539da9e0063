// @ts-check
/** The API: TRTCCalling, under the API document's own names. */

import { CallType, Code, said } from "./codes.js";
import { Conversation } from "./conversation.js";
import { deviceId } from "./device.js";
import { Listeners } from "./listeners.js";
import { Media } from "./media/media.js";

/**
 * @typedef {{code: number, desc: string}} ActionCallback
 * @typedef {import("./index.js").TRTCCalling} Declared
 */

/** @type {TRTCCalling | null} */
let shared = null;

const USER_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** @implements {Declared} */
export class TRTCCalling {
  #options;
  #listeners = new Listeners();
  /** @type {Media} */ #media;
  /** @type {Conversation} */ #talk;
  #destroyed = false;
  #wakeUp;
  /** What the device's network is, where the browser says so. */ #link = kindOfLink();

  /** @param {import("./index.js").Options} [options] */
  constructor(options = {}) {
    this.#options = options;
    const tell = (/** @type {string} */ event, /** @type {any} */ params) => this.#listeners.tell(event, params);
    this.#media = new Media(
      {
        answer: (callId, offerId, sdp) => this.#talk.request("mediaAnswer", { callId, offerId, sdp }),
        restart: (callId) => this.#talk.restartMedia(callId),
        fault: ({ code, desc }) => tell("onError", { code, msg: desc }),
        tell,
        gone: (what) => this.#talk.closePicture(what),
        self: () => this.#talk.userId,
      },
      options.volumeIntervalMs ?? 500,
    );
    this.#talk = new Conversation({ tell, media: this.#media, host: options.host });
    // A tab that slept, or a network that came back: the socket may be dead without having said so.
    this.#wakeUp = (/** @type {Event} */ event) => {
      if (event.type === "visibilitychange" && document.visibilityState !== "visible") return;
      if (event.type !== "change") return this.#talk.wake(event.type === "online");
      // Wi-Fi to cellular, where a browser says so; it says other things here too.
      const link = this.#link;
      if (link !== (this.#link = kindOfLink())) this.#talk.wake(true);
    };
    /** @type {any} */ (globalThis.navigator)?.connection?.addEventListener?.("change", this.#wakeUp);
    globalThis.addEventListener?.("online", this.#wakeUp);
    globalThis.addEventListener?.("pageshow", this.#wakeUp);
    globalThis.document?.addEventListener?.("visibilitychange", this.#wakeUp);
    globalThis.document?.addEventListener?.("resume", this.#wakeUp);
  }

  /** @param {import("./index.js").Options} [options] */
  static sharedInstance(options) {
    shared ??= new TRTCCalling(options);
    return shared;
  }

  static destroySharedInstance() {
    shared?.destroy();
    shared = null;
  }

  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#listeners.clear();
    this.#talk.logout().then(() => this.#talk.close());
    /** @type {any} */ (globalThis.navigator)?.connection?.removeEventListener?.("change", this.#wakeUp);
    globalThis.removeEventListener?.("online", this.#wakeUp);
    globalThis.removeEventListener?.("pageshow", this.#wakeUp);
    globalThis.document?.removeEventListener?.("visibilitychange", this.#wakeUp);
    globalThis.document?.removeEventListener?.("resume", this.#wakeUp);
  }

  /** @param {(event: any, params: any) => void} listener */
  registerListener(listener) {
    this.#listeners.add("*", listener);
  }

  /** @param {(event: any, params: any) => void} listener */
  unRegisterListener(listener) {
    this.#listeners.remove("*", listener);
  }

  /** @param {string} event @param {(params: any) => void} listener */
  on(event, listener) {
    this.#listeners.add(event, listener);
    return this;
  }

  /** @param {string} event @param {(params: any) => void} listener */
  off(event, listener) {
    this.#listeners.remove(event, listener);
    return this;
  }

  /** @param {number} sdkAppId @param {string} userId @param {string} userSig @returns {Promise<ActionCallback>} */
  async login(sdkAppId, userId, userSig) {
    if (this.#destroyed) return said(Code.notSignedIn);
    const device = this.#options.deviceId ?? (await deviceId());
    const login = { sdkAppId, userId, userSig, deviceId: device, media: this.#options.media ?? "webrtc" };
    return this.#talk.login(rpc(this.#options.server), login);
  }

  /** @returns {Promise<ActionCallback>} */
  logout() {
    return this.#talk.logout();
  }

  /** @param {string} userId @param {number} type @param {import("./index.js").CallOptions} [options] @returns {Promise<ActionCallback>} */
  call(userId, type, options) {
    if (!USER_ID.test(userId)) return refused(Code.badUserId, "userId: 1 to 32 of the characters a-z A-Z 0-9 - _");
    return this.#invite("call", { userId }, type, options);
  }

  /** @param {string[]} userIds @param {number} type @param {import("./index.js").CallOptions} [options] @returns {Promise<ActionCallback>} */
  groupCall(userIds, type, options) {
    const wrong = userIds.find((userId) => !USER_ID.test(userId));
    if (wrong !== undefined) return refused(Code.badUserId, "userIds: 1 to 32 of the characters a-z A-Z 0-9 - _");
    return this.#invite("groupCall", { userIds }, type, options);
  }

  /** @param {string} method @param {any} whom @param {number} type @param {import("./index.js").CallOptions} [options] */
  #invite(method, whom, type, { timeout, userData } = {}) {
    if (type !== CallType.audio && type !== CallType.video) return refused(Code.badParameter, "type: 1 or 2");
    return this.#talk.invite(method, { ...whom, type, timeout, userData });
  }

  /** @param {{camera?: boolean}} [options] @returns {Promise<ActionCallback>} */
  accept(options) {
    return this.#talk.accept(options?.camera ?? true);
  }

  /** @returns {Promise<ActionCallback>} */
  reject() {
    return this.#talk.reject();
  }

  /** @returns {Promise<ActionCallback>} */
  hangup() {
    return this.#talk.hangup();
  }

  /** @param {import("./index.js").RecentOptions} [options] @returns {Promise<import("./index.js").RecentCalls>} */
  queryRecentCalls({ before, limit } = {}) {
    return this.#talk.recentCalls({ before, limit });
  }

  /** @param {boolean} isMute @returns {Promise<ActionCallback>} */
  setMicMute(isMute) {
    return this.#talk.setMicMute(isMute);
  }

  /** @param {boolean} isHandsFree @returns {Promise<ActionCallback>} */
  async setHandsFree(isHandsFree) {
    return this.#orError(await this.#media.handsFree(isHandsFree));
  }

  /** @param {boolean} [isFront] @param {HTMLElement} [element] @returns {Promise<ActionCallback>} */
  openCamera(isFront = true, element) {
    this.#media.devices.facing = isFront ? "user" : "environment";
    if (element) this.#media.views.start("", element);
    return this.#talk.openPicture("camera");
  }

  /** @returns {Promise<ActionCallback>} */
  closeCamera() {
    return this.#talk.closePicture("camera");
  }

  /** @param {boolean} isFront @returns {Promise<ActionCallback>} */
  async switchCamera(isFront) {
    this.#media.devices.facing = isFront ? "user" : "environment";
    this.#media.devices.chosen.camera = undefined;
    return (await this.#media.change("camera")) ? said(0) : said(Code.cameraFailed, "the camera could not be changed");
  }

  /** @returns {Promise<ActionCallback>} */
  startScreenShare() {
    return this.#talk.openPicture("screen");
  }

  /** @returns {Promise<ActionCallback>} */
  stopScreenShare() {
    return this.#talk.closePicture("screen");
  }

  /** @param {HTMLElement} element */
  startLocalView(element) {
    this.#media.views.start("", element);
  }

  stopLocalView() {
    this.#media.views.stop("");
  }

  /** @param {string} userId @param {HTMLElement} element */
  startRemoteView(userId, element) {
    this.#media.views.start(userId, element);
  }

  /** @param {string} userId */
  stopRemoteView(userId) {
    this.#media.views.stop(userId);
  }

  getDevices() {
    return this.#media.devices.list();
  }

  /** @param {string} deviceId @returns {Promise<ActionCallback>} */
  async setMicrophone(deviceId) {
    this.#media.devices.chosen.microphone = deviceId;
    const changed = await this.#media.change("microphone");
    return changed ? said(0) : said(Code.microphoneFailed, "the microphone could not be changed");
  }

  /** @param {string} deviceId @returns {Promise<ActionCallback>} */
  async setCamera(deviceId) {
    this.#media.devices.chosen.camera = deviceId;
    return (await this.#media.change("camera")) ? said(0) : said(Code.cameraFailed, "the camera could not be changed");
  }

  /** @param {string} deviceId @returns {Promise<ActionCallback>} */
  setSpeaker(deviceId) {
    return this.#media.speaker(deviceId);
  }

  /** @param {string} userId @returns {MediaStream | null} */
  remoteStream(userId) {
    return this.#media.stream(userId);
  }

  /** @returns {Promise<RTCStatsReport | null>} */
  getStats() {
    return this.#media.stats();
  }

  /** The call that listeners were last told of. */
  get currentCall() {
    return this.#talk.currentCall;
  }

  /** What is open now. */
  get sending() {
    const { muted } = this.#talk;
    const open = (/** @type {"microphone" | "camera" | "screen"} */ what) => this.#media.isOpen(what);
    return { muted, microphone: open("microphone"), camera: open("camera"), screen: open("screen") };
  }

  /** @param {ActionCallback} callback */
  #orError(callback) {
    if (callback.code !== 0) this.#listeners.tell("onError", { code: callback.code, msg: callback.desc });
    return callback;
  }
}

/** `wifi`, `cellular` and so on, where the browser says so. @returns {string | undefined} */
const kindOfLink = () => /** @type {any} */ (globalThis.navigator)?.connection?.type;

/** @param {number} code @param {string} desc */
const refused = (code, desc) => Promise.resolve(said(code, desc));

/** The WebSocket's address of a server, by default the one that the page is from. @param {string} [server] */
function rpc(server) {
  const url = new URL(server ?? "/", globalThis.location?.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.pathname = `${url.pathname.replace(/\/$/, "")}/rpc`;
  return url.href;
}
