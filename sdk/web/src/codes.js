// @ts-check
/** The numbers of the protocol, by name (docs/protocol.md has each with its meaning). */

export const CallType = Object.freeze({ audio: 1, video: 2 });
export const LeaveReason = Object.freeze({ left: 0, timedOut: 1, removed: 2 });
export const Quality = Object.freeze({ unknown: 0, excellent: 1, good: 2, poor: 3, bad: 4, veryBad: 5, down: 6 });

export const Code = Object.freeze({
  success: 0,
  cameraFailed: -1301,
  microphoneFailed: -1302,
  speakerFailed: -1321,
  screenFailed: -1308,
  mediaFailed: -3301,
  noMediaWorker: -100013,
  wrongState: -1203,
  badParameter: -1202,
  notSignedIn: 6014,
  signedInElsewhere: 6208,
  badUserId: 7003,
  rateLimited: 7008,
  signInUnderWay: 7501,
  invitationOver: 8010,
  invitationNotYours: 8011,
  noConnection: 9508,
  noAnswer: 9520,
  sigExpired: 70001,
  tooManyFailures: 70050,
  notARequest: -32600,
});

/** What the SDK itself says, where the server does not. @type {Record<number, string>} */
const TEXTS = {
  0: "",
  [-1203]: "the action does not fit the state",
  6014: "not signed in",
  6208: "signed in elsewhere; this device is out",
  7501: "a sign-in is already under way",
  9508: "no connection to the server",
  9520: "no answer from the server in time",
};

/**
 * @param {number} code
 * @param {string} [desc]
 * @returns {{code: number, desc: string}}
 */
export const said = (code, desc) => ({ code, desc: desc ?? TEXTS[code] ?? "" });
