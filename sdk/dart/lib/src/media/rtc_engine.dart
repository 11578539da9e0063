/// What `RtcMedia` needs of a WebRTC engine: so little that an implementation has no decisions to take. Names are those
/// of the W3C's API, where there is one.
library;

/// A captured microphone or camera.
abstract interface class RtcTrack {
  /// Whether it gives sound or picture (`MediaStreamTrack.enabled`). A microphone that is muted stays open.
  set enabled(bool enabled);

  /// Releases the device.
  Future<void> stop();
}

/// Where a peer connection stands.
enum RtcConnection {
  /// Not up yet.
  connecting,

  /// Up.
  connected,

  /// Without an answer for some seconds; it may come back by itself.
  disconnected,

  /// Given up.
  failed,
}

/// One peer connection. Its owner does one thing at a time, and waits for each.
abstract interface class RtcPeer {
  /// Told each time that the connection changes; set once, at once.
  set onConnection(void Function(RtcConnection) told);

  /// `setRemoteDescription` with an offer.
  Future<void> setOffer(String sdp);

  /// Makes the m-line [mid] `sendonly`, with a track or (yet) without one.
  Future<void> send(String mid, RtcTrack? track);

  /// `createAnswer` and `setLocalDescription`; gives the answer.
  Future<String> answer();

  /// Shows what comes on the m-line [mid] in a view; with null, shows it no more.
  Future<void> show(String mid, int? viewId);

  /// The levels of what comes on audio m-lines now, by mid, and under null that of the own microphone: as
  /// `getStats` has `audioLevel`, 0 (silence) to 1.
  Future<Map<String?, double>> levels();

  /// Closes it.
  Future<void> close();
}

/// A WebRTC engine, with the devices of this machine. Functions throw an [RtcUnavailable] where a device can't be had.
abstract interface class RtcEngine {
  /// A new peer connection, without ICE servers: the server's candidates are in its offers.
  Future<RtcPeer> connect();

  /// Opens the microphone.
  Future<RtcTrack> openMicrophone();

  /// Opens a camera.
  Future<RtcTrack> openCamera({required bool isFront});

  /// Shows the own camera in a view; with null for the track, shows it no more.
  Future<void> preview(RtcTrack? camera, int viewId);

  /// Plays by the loudspeaker, or by the earpiece.
  Future<void> setHandsFree({required bool isHandsFree});
}

/// A device can't be had: refused by its user, in use, or missing.
final class RtcUnavailable implements Exception {
  /// For this reason.
  const RtcUnavailable(this.reason);

  /// The reason, for developers.
  final String reason;

  @override
  String toString() => reason;
}
