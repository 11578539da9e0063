// @ts-check
/** A call's media: the transports, what is sent on them, and what comes. It lives over calls. */

import { Code } from "../codes.js";
import { Devices } from "./devices.js";
import { Peer } from "./peer.js";
import { Sound } from "./sound.js";
import { Views } from "./views.js";

/** A transport that was asked for and did not come is asked for again after so long. */
const RESTART_MS = 4_000;
/** One that came and is not up is given up after so long: half of what the server allows, so that a second fits in. */
const UP_MS = 7_000;
/** Levels under this, in dB below full scale, are silence; 0 dB is volume 100. As the native SDK counts. */
const SILENT_DB = -60;

/**
 * @typedef {import("./peer.js").Stream} Stream
 * @typedef {{callId: string, offerId: number, fresh: boolean, sdp: string, streams: Stream[]}} Offer
 * @typedef {object} Out
 * @property {(callId: string, offerId: number, sdp: string) => void} answer
 * @property {(callId: string) => boolean} restart asks the server for a transport anew; `false`: there is no connection
 * @property {(refusal: {code: number, desc: string}) => void} fault
 * @property {(method: string, params: any) => void} tell
 * @property {(what: "camera" | "screen") => void} gone a picture's source went, and nothing came in its place
 * @property {() => string} self the local user's id
 */

export class Media {
  devices = new Devices();
  views = new Views();
  #out;
  #sound;
  /** Counts calls: what was begun for an earlier one is thrown away when it is ready. */ #life = 0;
  /** @type {string | null} */ #callId = null;
  /** The transport in use. @type {Peer | null} */ #peer = null;
  /** One that is to replace it. @type {Peer | null} */ #next = null;
  /** @type {{microphone: MediaStreamTrack | null, camera: MediaStreamTrack | null, screen: MediaStreamTrack | null}} */
  #tracks = { microphone: null, camera: null, screen: null };
  /** What is just being opened. @type {Map<string, Promise<boolean>>} */ #opening = new Map();
  #muted = false;
  #volumeMs;
  /** @type {any} */ #volumeTimer;
  /** @type {any} */ #restartTimer;

  /** @param {Out} out @param {number} volumeMs */
  constructor(out, volumeMs) {
    this.#out = out;
    this.#volumeMs = volumeMs;
    this.#sound = new Sound((blocked) => out.tell("onAutoplayBlocked", { blocked }));
    globalThis.navigator?.mediaDevices?.addEventListener?.("devicechange", () => out.tell("onDeviceChanged", {}));
  }

  /** @param {Offer} offer */
  async offer({ callId, offerId, fresh, sdp, streams }) {
    if (this.#callId !== callId) this.#forget();
    this.#callId = callId;
    if (fresh || !this.#peer) {
      this.#make();
      this.#lookAfter(UP_MS);
    }
    const peer = /** @type {Peer} */ (this.#next ?? this.#peer);
    const inUse = () => peer === this.#next || peer === this.#peer;
    try {
      const answer = await peer.answer(sdp, streams, () => this.#sent);
      if (!inUse()) return;
      this.#out.answer(callId, offerId, answer);
      if (peer === this.#peer) this.#play();
    } catch (error) {
      if (!inUse()) return;
      this.#out.fault({ code: Code.mediaFailed, desc: `media: ${/** @type {Error} */ (error).message}` });
    }
  }

  #make() {
    const peer = new Peer((state) => this.#state(peer, state));
    this.#next?.close();
    if (this.#peer) this.#next = peer;
    else this.#peer = peer;
  }

  /** @param {Peer} peer @param {RTCPeerConnectionState} state */
  #state(peer, state) {
    if (state === "connected") {
      clearTimeout(this.#restartTimer);
      this.#restartTimer = undefined;
      if (peer === this.#next) {
        this.#peer?.close();
        this.#peer = peer;
        this.#next = null;
        this.#play();
      }
    } else if (state === "disconnected" || state === "failed") {
      // That the old one is lost is no news while another is being brought up in its place, or was asked for.
      if (peer === this.#next || (!this.#next && this.#restartTimer === undefined)) this.restart();
    }
  }

  /** The way to the server is lost: a fresh one is asked for, again and again until it is there. */
  restart() {
    // Without a connection there is nobody to ask: `mend` says when there is.
    if (this.#callId && this.#out.restart(this.#callId)) this.#lookAfter(RESTART_MS);
  }

  /** There is a connection again. A server that was started anew has offered by now, by itself. */
  mend() {
    if (!this.#next && this.#peer && !this.#peer.connected) this.restart();
  }

  /** @param {number} ms until when a transport is to be up */
  #lookAfter(ms) {
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = undefined;
      if (this.#next || !this.#peer?.connected) this.restart();
    }, ms);
  }

  get #sent() {
    const { microphone, camera, screen } = this.#tracks;
    return { audio: microphone ?? undefined, video: screen ?? camera ?? undefined };
  }

  #put() {
    for (const peer of [this.#peer, this.#next]) peer?.send(this.#sent).catch(() => {});
    this.views.set("", this.#sent.video ?? null);
  }

  #play() {
    const received = this.#peer?.received() ?? [];
    for (const { userId, kind, track } of received) {
      if (kind === "audio") this.#sound.play(userId, track);
      else this.views.set(userId, track);
    }
    this.#sound.keep(received.filter(({ kind }) => kind === "audio").map(({ userId }) => userId));
    this.views.keep(received.filter(({ kind }) => kind === "video").map(({ userId }) => userId));
  }

  /**
   * Opens a device for the present call; at most once at a time.
   * @param {"microphone" | "camera" | "screen"} what
   * @returns {Promise<boolean>} whether it is open now; if not, the fault has been told
   */
  open(what) {
    const underWay = this.#opening.get(what);
    if (underWay) return underWay;
    const opened = this.#open(what).finally(() => {
      if (this.#opening.get(what) === opened) this.#opening.delete(what);
    });
    this.#opening.set(what, opened);
    return opened;
  }

  /** @param {"microphone" | "camera" | "screen"} what */
  async #open(what) {
    const life = this.#life;
    this.#watch();
    if (this.#tracks[what]) return true;
    let track;
    try {
      track = await this.devices[what]();
    } catch (refusal) {
      if (life === this.#life) this.#out.fault(/** @type {any} */ (refusal));
      return false;
    }
    if (life !== this.#life || !this.#opening.has(what)) {
      // The call was over before the device was there.
      track.stop();
      return false;
    }
    if (what === "microphone") {
      track.enabled = !this.#muted;
      this.#sound.again();
    }
    if (what === "screen") track.contentHint = "detail";
    this.#tracks[what] = track;
    track.onended = () => this.#lost(what, track);
    this.#put();
    return true;
  }

  /** A device was pulled out, or the browser's own button ended the sharing. @param {"microphone" | "camera" | "screen"} what @param {MediaStreamTrack} track */
  async #lost(what, track) {
    if (this.#tracks[what] !== track) return;
    this.#tracks[what] = null;
    this.#put();
    if (what === "screen") {
      this.#out.gone(what);
      return this.#out.tell("onScreenShareEnded", {});
    }
    // Another may be there to go on with.
    this.devices.chosen[what] = undefined;
    if (!(await this.open(what)) && what === "camera") this.#out.gone(what);
  }

  /** @param {"microphone" | "camera" | "screen"} what */
  close(what) {
    this.#opening.delete(what);
    const track = this.#tracks[what];
    if (!track) return;
    this.#tracks[what] = null;
    track.onended = null;
    track.stop();
    this.#put();
  }

  /** Changes the device that is open, if one is. @param {"microphone" | "camera"} what */
  async change(what) {
    if (!this.#tracks[what]) return true;
    this.close(what);
    return this.open(what);
  }

  /** @param {"microphone" | "camera" | "screen"} what */
  isOpen(what) {
    return this.#tracks[what] !== null;
  }

  /** @param {boolean} isMute */
  mute(isMute) {
    this.#muted = isMute;
    if (this.#tracks.microphone) this.#tracks.microphone.enabled = !isMute;
  }

  /** @param {boolean} isHandsFree */
  async handsFree(isHandsFree) {
    return this.#sound.handsFree(isHandsFree, (await this.devices.list()).speakers);
  }

  /** @param {string} deviceId */
  speaker(deviceId) {
    return this.#sound.by(deviceId);
  }

  /** @param {string} userId */
  stream(userId) {
    return this.#sound.stream(userId);
  }

  /** @returns {Promise<RTCStatsReport | null>} */
  async stats() {
    return (await this.#peer?.stats()) ?? null;
  }

  /** The call is over: devices are let go, transports closed. */
  end() {
    this.letGo();
    this.#forget();
  }

  /** Devices are let go, also those that are just being opened. */
  letGo() {
    this.#life += 1;
    this.#opening.clear();
    for (const what of /** @type {const} */ (["microphone", "camera", "screen"])) this.close(what);
    clearInterval(this.#volumeTimer);
    this.#volumeTimer = undefined;
  }

  #forget() {
    this.#callId = null;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = undefined;
    this.#peer?.close();
    this.#next?.close();
    this.#peer = this.#next = null;
    this.#play();
  }

  #watch() {
    if (this.#volumeMs > 0) this.#volumeTimer ??= setInterval(() => this.#volumes(), this.#volumeMs);
  }

  async #volumes() {
    const life = this.#life;
    const levels = await this.#peer?.levels();
    if (!levels || life !== this.#life || this.#volumeTimer === undefined) return;
    const userVolumes = [{ userId: this.#out.self(), volume: this.#muted ? 0 : volume(levels.self) }];
    let energy = 0;
    for (const { userId, kind } of this.#peer?.received() ?? []) {
      if (kind !== "audio") continue;
      const level = levels.users.get(userId) ?? 0;
      energy += level * level;
      userVolumes.push({ userId, volume: volume(level) });
    }
    this.#out.tell("onUserVoiceVolume", { userVolumes, totalVolume: volume(Math.sqrt(energy)) });
  }
}

/** @param {number} level linear */
function volume(level) {
  const db = 20 * Math.log10(Math.max(level, 1e-6));
  return Math.round(Math.min(100, Math.max(0, ((db - SILENT_DB) * 100) / -SILENT_DB)));
}
