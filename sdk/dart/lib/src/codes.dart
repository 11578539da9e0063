/// The error codes: the field's own (TRTC's and its IM's), so that apps keep their handling.
abstract final class CallingCode {
  /// Done.
  static const success = 0;

  /// The frame is not a JSON-RPC 2.0 message, or says what this version can't read.
  static const notARequest = -32600;

  /// The frame is not JSON.
  static const notJson = -32700;

  /// No media worker can take the call.
  static const noMediaWorker = -100013;

  /// Media did not come up, or was lost for good.
  static const mediaFailed = -3301;

  /// The camera could not be opened.
  static const cameraFailed = -1301;

  /// The microphone could not be opened.
  static const microphoneFailed = -1302;

  /// The loudspeaker could not be opened, or the route could not be chosen.
  static const speakerFailed = -1321;

  /// The action does not fit the state.
  static const wrongState = -1203;

  /// A parameter is missing, of the wrong type or out of range.
  static const badParameter = -1202;

  /// Not signed in.
  static const notSignedIn = 6014;

  /// Signed in elsewhere; this device is out.
  static const signedInElsewhere = 6208;

  /// A user id that is empty, over 32 bytes, or holds anything but `a-z A-Z 0-9 - _`.
  static const badUserId = 7003;

  /// Too many requests by this user.
  static const rateLimited = 7008;

  /// A sign-in is already under way.
  static const signInUnderWay = 7501;

  /// The invitation or call is over.
  static const invitationOver = 8010;

  /// The invitation was never this user's.
  static const invitationNotYours = 8011;

  /// Already invited or in the call.
  static const alreadyInvited = 8012;

  /// No connection to the server.
  static const noConnection = 9508;

  /// No answer from the server in time.
  static const noAnswer = 9520;

  /// The callee has blocked the caller.
  static const blocked = 20007;

  /// UserSig: expired.
  static const sigExpired = 70001;

  /// UserSig: empty.
  static const sigEmpty = 70002;

  /// UserSig: can't be decoded.
  static const sigUndecodable = 70003;

  /// UserSig: wrong key, or altered.
  static const sigWrong = 70009;

  /// UserSig: for another user.
  static const sigOtherUser = 70013;

  /// UserSig: for another app.
  static const sigOtherApp = 70014;

  /// The app is unknown at this server.
  static const appUnknown = 70020;

  /// Too many failed sign-ins from this address.
  static const tooManyFailures = 70050;

  /// The callee is not known to the app.
  static const userUnknown = 101002;
}

/// How a request was refused: the code and a sentence for developers.
final class Refusal {
  /// The code, one of [CallingCode]'s or a later server's.
  final int code;

  /// A sentence for developers.
  final String desc;

  /// A refusal.
  const Refusal(this.code, this.desc);

  /// Not signed in.
  static const notSignedIn = Refusal(CallingCode.notSignedIn, 'not signed in');

  /// No connection to the server.
  static const noConnection = Refusal(CallingCode.noConnection, 'no connection to the server');

  /// No answer in time.
  static const noAnswer = Refusal(CallingCode.noAnswer, 'no answer from the server in time');

  /// Whether nobody knows how it went: the server may have done what was asked, or may do it yet.
  bool get isUnanswered => code == CallingCode.noAnswer || code == CallingCode.noConnection;

  @override
  String toString() => '$desc ($code)';
}
