/** `<tsuwa-phone>`: a whole telephone as a web component, and its parts. Importing this defines the elements. */

import type { ActionCallback, TRTCCalling } from "../src/index.js";

/** Attributes: `server`, the server's address if the page is not from it; `app-id`, the app if people bring their own
 * tickets; `lang`: `en`, `ja` or `zh`, else the browser's language. */
export declare class Phone extends HTMLElement {
  /** Gives a ticket for a name. Set it before the element is in the page; without it people bring their own tickets. */
  tickets: ((userId: string) => Promise<{ sdkAppId: number; userSig: string }>) | null;
  /** Signs in without asking. */
  signIn(who: { userId: string; sdkAppId?: number; userSig?: string }): Promise<ActionCallback>;
  /** What the phone shows; its event `change` says that it is something else. Not part of the stable API. */
  readonly model: EventTarget & { readonly me: string; readonly signingIn: boolean; readonly t: { readonly language: string } };
  /** The SDK's instance behind the phone. */
  readonly calling: TRTCCalling;
}

export declare class SignIn extends HTMLElement {}
export declare class Home extends HTMLElement {}
export declare class Incoming extends HTMLElement {}
export declare class Call extends HTMLElement {}
export declare class Ended extends HTMLElement {}
export declare class Tile extends HTMLElement {}

declare global {
  interface HTMLElementTagNameMap {
    "tsuwa-phone": Phone;
  }
}
