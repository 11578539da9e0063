// @ts-check
/** @tsuwa/calling: TRTCCalling for browsers. */
export { TRTCCalling } from "./calling.js";
export { CallType, Code, LeaveReason, Quality } from "./codes.js";
