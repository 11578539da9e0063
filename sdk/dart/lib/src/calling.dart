import 'action_callback.dart';
import 'delegate.dart';
import 'device_id.dart';
import 'event.dart';
import 'media/call_media.dart';
import 'phone/phone.dart';
import 'recent.dart';

/// A telephone: signs a user in, makes calls and takes them.
///
/// The functions and callbacks are those of TRTCCalling for Flutter; [server] says which Tsuwa server they speak to.
///
/// ```dart
/// TRTCCalling.server = Uri.parse('wss://calls.example.org');
/// final calling = await TRTCCalling.sharedInstance();
/// calling.registerListener((type, params) {
///   if (type == TRTCCallingDelegate.onInvited) calling.accept();
/// });
/// await calling.login(1400000001, 'alice', userSig);
/// await calling.call('bob', TRTCCalling.typeAudioCall);
/// ```
///
/// The server decides: nothing here times a call out or judges busy. Functions act at once and in the order in which they
/// are called. `accept`, `reject` and `hangup` mean the call that listeners were last told of; should it be over by then,
/// they are refused with 8010 and change nothing. A lost connection is made anew with growing pauses, and the call goes
/// on if that succeeds within the server's grace (15 s by default).
///
/// What a function was refused for is in its [ActionCallback]; the codes are `CallingCode`'s. Functions that return
/// nothing tell of their failure by [TRTCCallingDelegate.onError].
abstract class TRTCCalling {
  /// No call type.
  static const int typeUnknow = 0;

  /// The type of a voice call.
  static const int typeAudioCall = 1;

  /// The type of a video call.
  static const int typeVideoCall = 2;

  /// The server: `ws://` or `wss://` (`http` and `https` stand for them), without a path at `/rpc`. It is read at each
  /// `login`. Unless set, it is what the environment declaration `TSUWA_SERVER` says
  /// (`--dart-define=TSUWA_SERVER=wss://…`), else `ws://127.0.0.1:7700`, where `tsuwa serve` listens by itself.
  static Uri server = Uri.parse(const String.fromEnvironment('TSUWA_SERVER', defaultValue: 'ws://127.0.0.1:7700'));

  /// Makes the sound and picture of an instance. [SignallingOnly] unless set: a Flutter app sets the one of
  /// `package:tsuwa_calling_webrtc`. It is read when an instance is made.
  static CallMedia Function() media = SignallingOnly.new;

  /// The id of this device: 1 to 64 of the characters `a-z A-Z 0-9 - _`. With an id that is kept from one start of the
  /// app to the next, a call survives that the app is closed and opened again within the grace. Unless set, it is drawn
  /// at each start. It is read when the shared instance is made.
  static String deviceId = newDeviceId();

  static TRTCCalling? _shared;

  /// The component's singleton. The first use makes it.
  static Future<TRTCCalling> sharedInstance() async =>
      _shared ??= Phone(server: () => server, media: media(), deviceId: deviceId);

  /// Destroys the component's singleton, as [destroy] does. The next [sharedInstance] makes a new one.
  static void destroySharedInstance() {
    _shared?.destroy();
    _shared = null;
  }

  /// An instance of one's own, for tools that are several telephones at once. What is not given is as for the shared
  /// instance; but it is a device of its own.
  factory TRTCCalling.separate({Uri? server, CallMedia? media, String? deviceId}) => Phone(
        server: () => server ?? TRTCCalling.server,
        media: media ?? TRTCCalling.media(),
        deviceId: deviceId ?? newDeviceId(),
      );

  /// Destroys this instance: call it when it is no longer needed. It leaves its call and signs out, as far as the server
  /// can be reached within a second, and tells nobody anything any more. Every function answers 6014 from now on.
  void destroy();

  /// Adds a listener, which is told of everything that happens ([TRTCCallingDelegate] says what). It may call every
  /// function, also register and unregister listeners, itself included.
  void registerListener(VoiceListenerFunc func);

  /// Removes a listener.
  void unRegisterListener(VoiceListenerFunc func);

  /// The events from now on, with types, beside the listeners. A broadcast stream; it ends with [destroy].
  Stream<CallingEvent> get events;

  /// Signs in to the component; every other function needs it.
  ///
  /// * [sdkAppId]: the application's id, as the server's operator gave it.
  /// * [userId]: this user's id: 1 to 32 of the letters a–z and A–Z, the digits 0–9, `-` and `_`.
  /// * [userSig]: the ticket that the app's own server made for this user (UserSig).
  ///
  /// For the user who is signed in already it renews the ticket, and nothing else changes.
  ///
  /// Answers 0; 7003 for a user id that is none; 70001, 70002, 70003, 70009, 70013, 70014, 70020 for a ticket that is
  /// expired, empty, unreadable, wrong, another user's, another app's, of an unknown app; 70050 after too many failed
  /// attempts; 7501 while a sign-in is under way; -1203 while another user is signed in; 9508 without a connection to the
  /// server, 9520 without an answer in time.
  Future<ActionCallback> login(int sdkAppId, String userId, String userSig);

  /// Signs out of the component: leaves the call, and no call can be made or comes in any more.
  ///
  /// Answers 0; 6014 if nobody is signed in; 9508 or 9520 where the server could not be told (this device is signed out
  /// nevertheless).
  Future<ActionCallback> logout();

  /// Invites a user to a one-to-one call. In a call it invites the user into that call, so that it becomes a call of
  /// several.
  ///
  /// * [userId]: whom.
  /// * [type]: 1 voice, 2 video.
  ///
  /// The microphone opens with the answer 0. If the callee is just calling this user, the two calls become one, and the
  /// answer is 0 too.
  ///
  /// Answers 0; 6014 if nobody is signed in; 7003 for a user id that is none; -1202 for another type, for calling oneself,
  /// or for a call that would be of more than 9; -1203 while another call rings here; 8012 for somebody who is invited or
  /// in the call already; 20007 for a callee who has blocked this user; 101002 for one whom the app doesn't know; 7008
  /// when there were too many; 70001 when the ticket has expired; -100013 when the server has no room; 9508 without a
  /// connection to the server, 9520 without an answer in time.
  Future<ActionCallback> call(String userId, int type);

  /// Invites several users at once; in a call, into that call.
  ///
  /// * [userIdList]: whom. Who is listed twice or is in the call already is left out.
  /// * [type]: 1 voice, 2 video.
  ///
  /// Who is busy, unknown or has blocked this user is told by `onLineBusy` and `onReject`. Answers as [call].
  Future<ActionCallback> groupCall(List<String> userIdList, int type);

  /// Takes the call that rings, after `onInvited`. The microphone opens with the answer 0.
  ///
  /// Answers 0; 6014 if nobody is signed in; -1203 if nothing rings; 8010 if it rings no more (cancelled, timed out, or
  /// taken on another device: the event tells); 70001 when the ticket has expired; 9508 without a connection to the
  /// server, 9520 without an answer in time.
  Future<ActionCallback> accept();

  /// Declines the call that rings, after `onInvited`. Answers as [accept].
  Future<ActionCallback> reject();

  /// Ends the call for this user: hangs up, withdraws the call that is not answered yet (also one whose `call` has no
  /// answer yet), or declines the one that rings. The microphone closes at once. When idle it does nothing.
  void hangup();

  /// Mutes the local microphone (`true`) or opens it again (`false`). The others are told by `onUserAudioAvailable`.
  ///
  /// Mute ends with the call. Muted before a call, it begins muted, and the others are told nothing until it is opened.
  void setMicMute(bool isMute);

  /// Hands-free: plays by the loudspeaker (`true`) or by the earpiece (`false`). (The API document's heading calls this
  /// muting the remote voice; its parameter says what is meant.)
  void setHandsFree(bool isHandsFree);

  /// Opens the camera and shows it in a view. Before a call, or while one rings here, it is a preview; once this user has
  /// called or accepted, the others see it and are told by `onUserVideoAvailable`. The end of a call closes it.
  ///
  /// * [isFrontCamera]: the one at the front, or the one at the back.
  /// * [viewId]: the view that shows it.
  void openCamera(bool isFrontCamera, int viewId);

  /// Closes the camera. The others are told by `onUserVideoAvailable`.
  void closeCamera();

  /// Changes to the camera at the front (`true`) or at the back (`false`).
  void switchCamera(bool isFrontCamera);

  /// Shows a user's picture in a view: after `onUserVideoAvailable`, or before, so that it is there when it comes.
  ///
  /// * [userId]: whose.
  /// * [streamType]: 0 large, 1 small. The server picks what this device's network carries, whichever is said.
  /// * [viewId]: the view that shows it.
  void startRemoteView(String userId, int streamType, int viewId);

  /// Shows a user's picture no more.
  void stopRemoteView(String userId, int streamType);

  /// As [call], with a time to ring (1 to 300 seconds; without, as the app's policy says, 30 s by default) and data of
  /// the app's own, at most 4096 bytes, that goes along with the invitation. What is out of range is refused with -1202.
  Future<ActionCallback> callWith(String userId, int type, {Duration? timeout, String? userData});

  /// As [groupCall], with a time to ring and data of the app's own.
  Future<ActionCallback> groupCallWith(List<String> userIdList, int type, {Duration? timeout, String? userData});

  /// This user's calls that are over, on all devices, the newest first. (The API document has no such function.)
  ///
  /// * [before]: only calls that began before this one: with the last of a page, the next page.
  /// * [limit]: 1 to 100 calls; 20 without.
  ///
  /// Answers 0; 6014 if nobody is signed in; -1202 for a [limit] out of range; 70001 when the ticket has expired; 7008
  /// when there were too many; 9508 without a connection to the server, 9520 without an answer in time.
  Future<RecentCalls> queryRecentCalls({String? before, int? limit});

  /// The device's network has changed (Wi-Fi to mobile): connection and media are made anew at once, and not only when
  /// the old ones are found dead.
  void networkChanged();
}
