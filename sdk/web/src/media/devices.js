// @ts-check
/** Microphones, cameras, screens and loudspeakers: opening them, listing them, choosing among them. */

import { Code, said } from "../codes.js";

/** @type {Record<string, string>} What `getUserMedia` says, for people. */
const REASONS = {
  NotAllowedError: "permission was refused",
  SecurityError: "permission was refused",
  NotFoundError: "there is none",
  OverconstrainedError: "there is none like that",
  NotReadableError: "it is in use by another program, or broken",
  AbortError: "it is in use by another program, or broken",
};

export class Devices {
  /** @type {{microphone?: string, camera?: string}} */ chosen = {};
  /** `user` is the camera that looks at the user. @type {"user" | "environment"} */ facing = "user";

  /** @returns {Promise<MediaStreamTrack>} */
  microphone() {
    const deviceId = this.chosen.microphone && { exact: this.chosen.microphone };
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, deviceId };
    return open({ audio }, Code.microphoneFailed, "the microphone");
  }

  /** @returns {Promise<MediaStreamTrack>} */
  camera() {
    const deviceId = this.chosen.camera && { exact: this.chosen.camera };
    const facingMode = deviceId ? undefined : this.facing;
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode, deviceId };
    return open({ video }, Code.cameraFailed, "the camera");
  }

  /** @returns {Promise<MediaStreamTrack>} */
  async screen() {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15 } } });
      return stream.getVideoTracks()[0];
    } catch (error) {
      throw refusal(error, Code.screenFailed, "the screen");
    }
  }

  /** @returns {Promise<{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[], speakers: MediaDeviceInfo[]}>} */
  async list() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const of = (/** @type {string} */ kind) => all.filter((device) => device.kind === kind);
    return { microphones: of("audioinput"), cameras: of("videoinput"), speakers: of("audiooutput") };
  }
}

/** @param {MediaStreamConstraints} wanted @param {number} code @param {string} what */
async function open(wanted, code, what) {
  try {
    if (!navigator.mediaDevices) throw said(code, `${what}: browsers give it to pages from https and localhost only`);
    return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks()[0];
  } catch (error) {
    throw refusal(error, code, what);
  }
}

/** @param {any} error @param {number} code @param {string} what */
function refusal(error, code, what) {
  if (typeof error.code === "number" && error.desc) return error;
  return said(code, `${what}: ${REASONS[error.name] ?? error.message}`);
}
