// @ts-check
/** Defines `<tsuwa-phone>` and its parts. */
export { Phone } from "./phone.js";
export { SignIn } from "./sign-in.js";
export { Home } from "./home.js";
export { Incoming } from "./incoming.js";
export { Call } from "./call.js";
export { Ended } from "./ended.js";
export { Tile } from "./tile.js";
