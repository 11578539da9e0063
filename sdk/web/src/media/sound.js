// @ts-check
/** Plays what others say: an audio element for each of them, so that no page has to have any. */

import { Code, said } from "../codes.js";

const TOUCHES = ["pointerup", "keydown"];

export class Sound {
  /** @type {Map<string, HTMLAudioElement>} */ #players = new Map();
  /** Elements that the browser does not let play before the user has touched the page. @type {Set<HTMLAudioElement>} */
  #blocked = new Set();
  #sink = "";
  #onBlocked;

  /** @param {(blocked: boolean) => void} onBlocked whether the browser holds sound back until the page is touched */
  constructor(onBlocked) {
    this.#onBlocked = onBlocked;
  }

  /** @param {string} userId @param {MediaStreamTrack} track */
  play(userId, track) {
    let player = this.#players.get(userId);
    if (!player) {
      player = new Audio();
      player.autoplay = true;
      this.#players.set(userId, player);
      if (this.#sink) player.setSinkId?.(this.#sink).catch(() => {});
    }
    const present = /** @type {MediaStream | null} */ (player.srcObject);
    if (present?.getTracks()[0] !== track) player.srcObject = new MediaStream([track]);
    this.#start(player);
  }

  /** @param {string} userId @returns {MediaStream | null} */
  stream(userId) {
    return /** @type {MediaStream | null} */ (this.#players.get(userId)?.srcObject ?? null);
  }

  /** @param {Iterable<string>} present who still has sound; the others' elements go */
  keep(present) {
    const kept = new Set(present);
    for (const [userId, player] of this.#players) {
      if (kept.has(userId)) continue;
      player.srcObject = null;
      this.#blocked.delete(player);
      this.#players.delete(userId);
    }
  }

  /**
   * Plays by the output with this id.
   * @param {string} deviceId
   * @returns {Promise<{code: number, desc: string}>}
   */
  async by(deviceId) {
    if (!("setSinkId" in HTMLMediaElement.prototype)) {
      return said(Code.speakerFailed, "this browser chooses the loudspeaker by itself");
    }
    try {
      await Promise.all([...this.#players.values()].map((player) => player.setSinkId(deviceId)));
      this.#sink = deviceId;
      return said(0);
    } catch (error) {
      return said(Code.speakerFailed, `the loudspeaker: ${/** @type {Error} */ (error).message}`);
    }
  }

  /**
   * The loudspeaker (`true`) or the earpiece, told apart by their names, since browsers tell no other way.
   * @param {boolean} isHandsFree
   * @param {MediaDeviceInfo[]} outputs
   */
  async handsFree(isHandsFree, outputs) {
    const wanted = isHandsFree ? /speaker/i : /earpiece|receiver|handset|headset|headphone/i;
    const output = outputs.find((each) => wanted.test(each.label));
    if (output) return this.by(output.deviceId);
    const which = isHandsFree ? "loudspeaker" : "earpiece";
    return said(Code.speakerFailed, `this browser names no ${which} to choose`);
  }

  /** The browser may let the page sound by now: it was touched, or uses the microphone. */
  again = () => {
    for (const each of TOUCHES) removeEventListener(each, this.again, true);
    for (const each of [...this.#blocked]) this.#start(each);
  };

  /** @param {HTMLAudioElement} player */
  async #start(player) {
    try {
      await player.play();
      if (this.#blocked.delete(player) && this.#blocked.size === 0) this.#onBlocked(false);
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "NotAllowedError") return;
      if (this.#blocked.size === 0) this.#onBlocked(true);
      this.#blocked.add(player);
      for (const each of TOUCHES) addEventListener(each, this.again, true);
    }
  }
}
