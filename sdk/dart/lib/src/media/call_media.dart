import '../codes.dart';

/// What a stream carries.
enum StreamKind {
  /// Sound.
  audio,

  /// Picture.
  video,
}

/// One m-line of a media offer.
final class MediaStreamLine {
  /// The line [mid].
  const MediaStreamLine({required this.mid, required this.kind, this.userId});

  /// The m-line's `a=mid`.
  final String mid;

  /// Sound or picture.
  final StreamKind kind;

  /// Whose stream comes down on it; null on the m-lines that this device itself sends on.
  final String? userId;
}

/// The server's SDP offer for this device's media in a call. It comes while it still rings, so that nothing has to be
/// negotiated after the answer.
final class MediaOffer {
  /// An offer.
  const MediaOffer({
    required this.callId,
    required this.offerId,
    required this.fresh,
    required this.sdp,
    required this.streams,
  });

  /// The call.
  final String callId;

  /// To be named in the answer.
  final int offerId;

  /// Whether it is for a transport of its own (a new peer connection), or goes on with the last one.
  final bool fresh;

  /// The offer. It holds secrets of the transport.
  final String sdp;

  /// Which m-line is whose.
  final List<MediaStreamLine> streams;
}

/// What a [CallMedia] may tell. Made by the SDK.
abstract interface class MediaHost {
  /// The SDP answer to an offer.
  void answer(String callId, int offerId, String sdp);

  /// The media of this call is lost, or the network has changed: the server is asked for an offer on a new transport.
  void restart(String callId);

  /// How loud everybody is, 0 to 100: each user by id and this user itself as null; all the remote ones together.
  void volumes(Map<String?, int> users, int total);

  /// What can't be mended. It becomes `onError`.
  void error(Refusal refusal);
}

/// Sound and picture of the calls of one `TRTCCalling`: what an app chooses by `TRTCCalling.media`.
///
/// The SDK says when: nothing here opens a microphone by itself. Every function returns at once; what goes wrong later
/// is told to the [MediaHost].
abstract interface class CallMedia {
  /// Whether there is any sound or picture. `false`: signalling only, and the server's rules on media don't hold for
  /// this device.
  bool get carriesMedia;

  /// Who is told. Called once, before anything else.
  void attach(MediaHost host);

  /// An offer: to be answered by [MediaHost.answer]. It replaces an earlier one that is not answered yet.
  void offer(MediaOffer offer);

  /// This user has called, or accepted: open the microphone, and send its sound.
  void openMicrophone();

  /// Mutes the microphone, or opens it again. Also said before [openMicrophone].
  void setMicMute(bool isMute);

  /// Plays by the loudspeaker (`true`) or by the earpiece (`false`).
  void setHandsFree(bool isHandsFree);

  /// Opens the camera and shows it in the view. Its picture is sent only after [openMicrophone]'s moment.
  void openCamera(bool isFrontCamera, int viewId);

  /// Closes the camera.
  void closeCamera();

  /// Changes to the front camera (`true`) or to the one at the back.
  void switchCamera(bool isFrontCamera);

  /// Shows a user's picture in the view, from now on or when it comes.
  void startRemoteView(String userId, int streamType, int viewId);

  /// Shows it no more.
  void stopRemoteView(String userId, int streamType);

  /// The call is over: microphone, camera and transports are closed. Others may follow.
  void endCall();

  /// Nothing follows.
  void dispose();
}

/// No sound and no picture: for tools, tests and servers.
final class SignallingOnly implements CallMedia {
  /// Signals only.
  SignallingOnly();

  MediaHost? _host;

  void _refuse(int code, String what) => _host?.error(Refusal(code, 'this instance only signals: $what'));

  @override
  bool get carriesMedia => false;

  @override
  void attach(MediaHost host) => _host = host;

  @override
  void offer(MediaOffer offer) {}

  @override
  void openMicrophone() {}

  @override
  void setMicMute(bool isMute) {}

  @override
  void setHandsFree(bool isHandsFree) => _refuse(CallingCode.speakerFailed, 'it has no loudspeaker');

  @override
  void openCamera(bool isFrontCamera, int viewId) => _refuse(CallingCode.cameraFailed, 'it has no camera');

  @override
  void closeCamera() {}

  @override
  void switchCamera(bool isFrontCamera) => _refuse(CallingCode.cameraFailed, 'it has no camera');

  @override
  void startRemoteView(String userId, int streamType, int viewId) {}

  @override
  void stopRemoteView(String userId, int streamType) {}

  @override
  void endCall() {}

  @override
  void dispose() {}
}
