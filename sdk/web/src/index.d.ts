/** TRTCCalling for browsers, on a Tsuwa server. */

/** 0, or an error code with a description for developers. */
export interface ActionCallback {
  code: number;
  desc: string;
}

export declare const CallType: Readonly<{ audio: 1; video: 2 }>;
export type CallType = 1 | 2;

/** Why somebody left: by its own act, lost for too long, or put out. */
export declare const LeaveReason: Readonly<{ left: 0; timedOut: 1; removed: 2 }>;
export type LeaveReason = 0 | 1 | 2;

/** Network quality, as TRTC counts it; 6: the device is lost. */
export declare const Quality: Readonly<{
  unknown: 0;
  excellent: 1;
  good: 2;
  poor: 3;
  bad: 4;
  veryBad: 5;
  down: 6;
}>;
export type Quality = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Error codes by name; docs/protocol.md has all of them with their meanings. */
export declare const Code: Readonly<{
  success: 0;
  cameraFailed: -1301;
  microphoneFailed: -1302;
  speakerFailed: -1321;
  screenFailed: -1308;
  mediaFailed: -3301;
  noMediaWorker: -100013;
  wrongState: -1203;
  badParameter: -1202;
  notSignedIn: 6014;
  signedInElsewhere: 6208;
  badUserId: 7003;
  rateLimited: 7008;
  signInUnderWay: 7501;
  invitationOver: 8010;
  invitationNotYours: 8011;
  noConnection: 9508;
  noAnswer: 9520;
  sigExpired: 70001;
  tooManyFailures: 70050;
  notARequest: -32600;
}>;

export interface Options {
  /** The server, as `https://calls.example.com`; by default the one that the page is from. */
  server?: string;
  /** How often `onUserVoiceVolume` comes, in milliseconds: 500 unless set; 0 switches it off. */
  volumeIntervalMs?: number;
  /** This device's id, 1 to 64 of the characters a-z A-Z 0-9 - _. By default each tab has its own, and keeps it over
   * reloads. */
  deviceId?: string;
  /** `"none"`: signalling only. */
  media?: "webrtc" | "none";
  /** Where `WebSocket`, `performance` and timers come from, for tests. */
  host?: unknown;
}

export interface CallOptions {
  /** How long it rings, in seconds: 1 to 300, 30 unless set. */
  timeout?: number;
  /** Goes along with the invitation, at most 4096 bytes. */
  userData?: string;
}

export interface RecentOptions {
  /** Only calls that began before this one: with the last of a page, the next page. */
  before?: string;
  /** How many at most: 1 to 100, 20 unless set. */
  limit?: number;
}

/** A call that is over, as this user saw it, on this device where that matters. */
export interface RecentCall {
  callId: string;
  type: CallType;
  direction: "outgoing" | "incoming";
  /** The others: of a call made, everybody invited or in it; of one received, who invited first. */
  userIds: string[];
  /** When it began for this user, in milliseconds since 1970. */
  startedAt: number;
  /** When it was over, likewise. */
  endedAt: number;
  /** How long it rang. */
  ringingMs: number;
  /** How long this user was in it with somebody else. */
  talkedMs: number;
  /** `missed`: it came in, and was not answered. `no_answer`, `busy`, `cancelled`: it went out, and was not. */
  outcome:
    | "answered"
    | "missed"
    | "no_answer"
    | "declined"
    | "busy"
    | "answered_elsewhere"
    | "cancelled"
    | "failed";
}

/** A page of calls, the newest first; empty where `code` is not 0. */
export interface RecentCalls extends ActionCallback {
  calls: RecentCall[];
  /** There are older ones. */
  more: boolean;
}

export interface UserVolume {
  userId: string;
  /** 0 (silent) to 100. */
  volume: number;
}

/** The callbacks, and what each is given. Events tell what others, or the network, did; what you did yourself is
 * answered by your own function's promise. */
export interface Events {
  /** A fault that the SDK can't mend: a device, media, the protocol. */
  onError: { code: number; msg: string };
  /** You are invited: ring, and answer with `accept` or `reject`. */
  onInvited: {
    /** Who calls. */
    sponsor: string;
    /** Who else is invited by the same request. */
    userIds: string[];
    /** More than two will be in the call. */
    isFromGroup: boolean;
    type: CallType;
    /** How much longer it rings. */
    ringsForMs: number;
    /** What the caller's app sent along. */
    userData?: string;
  };
  /** The invited user declined. */
  onReject: { userId: string };
  /** The invited user did not answer in time. */
  onNoResp: { userId: string };
  /** The invited user is in another call. */
  onLineBusy: { userId: string };
  /** The invitation was withdrawn: stop ringing. */
  onCallingCancel: { reason?: "answered_elsewhere" | "rejected_elsewhere" | "caller_lost" | "ended_by_server" };
  /** The invitation was not answered in time: stop ringing. (`onCallingTimeout` is taken as well.) */
  onCallingTimeOut: {};
  onUserEnter: { userId: string };
  onUserLeave: { userId: string; reason: LeaveReason };
  /** Somebody's sound begins to flow, or is muted. */
  onUserAudioAvailable: { userId: string; available: boolean };
  /** Somebody's picture begins to flow, or is switched off. */
  onUserVideoAvailable: { userId: string; available: boolean };
  /** How loud everybody is: you under your own id, `totalVolume` of the others only. */
  onUserVoiceVolume: { userVolumes: UserVolume[]; totalVolume: number };
  onNetworkQuality: { userId: string; quality: Quality };
  /** The call is over for you. */
  onCallEnd: { reason?: "timed_out" | "ended_by_server" | "signed_in_elsewhere" | "media_failed" };
  /** You signed in elsewhere, and this device is out. It does not reconnect by itself. */
  onKickedOffline: {};
  /** The ticket has expired: the call goes on, new calls need a new `login`. */
  onUserSigExpired: {};

  /** The connection to the server is lost; the SDK is trying. */
  onConnectionLost: {};
  /** … and is back. */
  onConnectionRecovered: {};
  /** The browser plays no sound before the user has touched the page; it begins by itself when that happens. */
  onAutoplayBlocked: { blocked: boolean };
  /** A microphone, camera or loudspeaker was plugged in or out. */
  onDeviceChanged: {};
  /** The browser's own button ended the sharing of the screen. */
  onScreenShareEnded: {};
}

export type EventName = keyof Events;
export type Listener = <E extends EventName>(event: E, params: Events[E]) => void;

export interface CallState {
  callId: string;
  /** `ringing`: invited, not answered. `calling`: nobody has joined yet. */
  stage: "ringing" | "calling" | "talking";
  type: CallType;
  /** The others who are in it. */
  users: { userId: string; audio: boolean; video: boolean }[];
}

/** A telephone: signs a user in, makes calls and takes them. Functions never throw; their promises resolve to
 * `{code, desc}`. The server decides: this never times a call out and never judges busy. */
export declare class TRTCCalling {
  constructor(options?: Options);
  /** The singleton; `options` count at the first use. */
  static sharedInstance(options?: Options): TRTCCalling;
  static destroySharedInstance(): void;
  /** Leaves the call, signs out, lets devices go, and tells nobody anything any more. */
  destroy(): void;

  /** `listener` gets each event's name and parameters. */
  registerListener(listener: Listener): void;
  unRegisterListener(listener: Listener): void;
  /** One event only. */
  on<E extends EventName>(event: E, listener: (params: Events[E]) => void): this;
  off<E extends EventName>(event: E, listener: (params: Events[E]) => void): this;

  /** Signs in with a UserSig ticket that your server made; again, with a new one, renews it. */
  login(sdkAppId: number, userId: string, userSig: string): Promise<ActionCallback>;
  logout(): Promise<ActionCallback>;

  /** Calls a user; in a call, invites the user into it. The microphone opens now, with type 2 the camera too. */
  call(userId: string, type: CallType, options?: CallOptions): Promise<ActionCallback>;
  /** Calls several at once. */
  groupCall(userIds: string[], type: CallType, options?: CallOptions): Promise<ActionCallback>;
  /** Takes the call that rings. The microphone opens now, and in a video call the camera, unless `camera` is `false`. */
  accept(options?: { camera?: boolean }): Promise<ActionCallback>;
  /** Declines the call that rings. */
  reject(): Promise<ActionCallback>;
  /** Hangs up, withdraws a call that is not answered yet, or declines the one that rings. Devices are let go at once. */
  hangup(): Promise<ActionCallback>;

  /** This user's calls that are over, on all devices, the newest first. */
  queryRecentCalls(options?: RecentOptions): Promise<RecentCalls>;

  /** Mutes the microphone. Ends with the call. */
  setMicMute(isMute: boolean): Promise<ActionCallback>;
  /** The loudspeaker (`true`) or the earpiece. Where the browser can't choose: -1321, and `onError`. */
  setHandsFree(isHandsFree: boolean): Promise<ActionCallback>;

  /** Opens the camera in the present call. @param isFront the one that looks at the user
   * @param element where to show it */
  openCamera(isFront?: boolean, element?: HTMLElement): Promise<ActionCallback>;
  closeCamera(): Promise<ActionCallback>;
  switchCamera(isFront: boolean): Promise<ActionCallback>;
  /** Shares the screen, in the camera's place while it lasts. */
  startScreenShare(): Promise<ActionCallback>;
  stopScreenShare(): Promise<ActionCallback>;

  /** Shows one's own picture in an element, whenever there is one. */
  startLocalView(element: HTMLElement): void;
  stopLocalView(): void;
  /** Shows a user's picture in an element (a `<video>`, or one to put it in), whenever there is one. */
  startRemoteView(userId: string, element: HTMLElement): void;
  stopRemoteView(userId: string): void;

  getDevices(): Promise<{
    microphones: MediaDeviceInfo[];
    cameras: MediaDeviceInfo[];
    speakers: MediaDeviceInfo[];
  }>;
  setMicrophone(deviceId: string): Promise<ActionCallback>;
  setCamera(deviceId: string): Promise<ActionCallback>;
  /** Where the browser can't choose: -1321. */
  setSpeaker(deviceId: string): Promise<ActionCallback>;

  /** A user's sound, for meters and recorders; it is being played already. */
  remoteStream(userId: string): MediaStream | null;
  /** The transport's statistics. */
  getStats(): Promise<RTCStatsReport | null>;
  /** The call that listeners were last told of. */
  readonly currentCall: CallState | null;
  /** What is open now. */
  readonly sending: { muted: boolean; microphone: boolean; camera: boolean; screen: boolean };
}
