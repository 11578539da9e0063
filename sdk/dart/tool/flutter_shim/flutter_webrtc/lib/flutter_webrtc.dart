/// As much of `package:flutter_webrtc` as `tsuwa_calling_webrtc` names, with that package's signatures, for checking types
/// and running the adapter where there is no Flutter. A connection notes what is done with it.
library;

import 'package:flutter/widgets.dart';

/// All connections made, for tests.
final List<RTCPeerConnection> madeConnections = [];

/// All that was done, for tests.
final List<String> doneByPlugin = [];

/// What a device's opening throws, for tests.
Object? refusalOfDevices;

abstract class WebRTC {
  static bool get platformIsWeb => false;
  static bool platformIsMobile = true;
}

abstract class Helper {
  static Future<void> setSpeakerphoneOn(bool enable) async => doneByPlugin.add('speaker $enable');
}

class MediaStreamTrack {
  MediaStreamTrack(this.id, this.kind);
  String? id;
  String? kind;
  bool enabled = true;
  Future<void> stop() async => doneByPlugin.add('stop $id');
}

class MediaStream {
  MediaStream(this.id, this._tracks);
  final String id;
  final List<MediaStreamTrack> _tracks;
  List<MediaStreamTrack> getTracks() => _tracks;
  Future<void> dispose() async => doneByPlugin.add('dispose $id');
}

class MediaDevices {
  Future<MediaStream> getUserMedia(Map<String, dynamic> constraints) async {
    if (refusalOfDevices case final refusal?) throw refusal;
    final kind = constraints['audio'] == false ? 'video' : 'audio';
    return MediaStream('own $kind', [MediaStreamTrack('own $kind', kind)]);
  }
}

class Navigator {
  final MediaDevices mediaDevices = MediaDevices();
}

final Navigator navigator = Navigator();

enum TransceiverDirection { SendRecv, SendOnly, RecvOnly, Inactive, Stopped }

enum RTCPeerConnectionState {
  RTCPeerConnectionStateClosed,
  RTCPeerConnectionStateFailed,
  RTCPeerConnectionStateDisconnected,
  RTCPeerConnectionStateNew,
  RTCPeerConnectionStateConnecting,
  RTCPeerConnectionStateConnected,
}

enum RTCVideoViewObjectFit { RTCVideoViewObjectFitContain, RTCVideoViewObjectFitCover }

class RTCRtpSender {
  RTCRtpSender(this._mid);
  final String _mid;
  Future<void> replaceTrack(MediaStreamTrack? track) async => doneByPlugin.add('$_mid sends ${track?.id}');
}

class RTCRtpReceiver {
  MediaStreamTrack? track;
}

class RTCRtpTransceiver {
  RTCRtpTransceiver(this.mid) : sender = RTCRtpSender(mid);
  final String mid;
  final RTCRtpSender sender;
  final RTCRtpReceiver receiver = RTCRtpReceiver();
  Future<void> setDirection(TransceiverDirection direction) async => doneByPlugin.add('$mid is ${direction.name}');
}

class RTCTrackEvent {
  RTCTrackEvent({required this.streams, required this.track});
  final List<MediaStream> streams;
  final MediaStreamTrack track;
}

class RTCSessionDescription {
  RTCSessionDescription(this.sdp, this.type);
  String? sdp;
  String? type;
}

class StatsReport {
  StatsReport(this.id, this.type, this.timestamp, this.values);
  final String id;
  final String type;
  final double timestamp;
  final Map<dynamic, dynamic> values;
}

class RTCPeerConnection {
  Function(RTCPeerConnectionState state)? onConnectionState;
  Function(RTCTrackEvent event)? onTrack;

  /// For tests.
  List<RTCRtpTransceiver> lines = [];

  /// For tests.
  List<StatsReport> stats = [];

  Future<void> setRemoteDescription(RTCSessionDescription description) async =>
      doneByPlugin.add('remote ${description.type} ${description.sdp}');
  Future<RTCSessionDescription> createAnswer([Map<String, dynamic> constraints = const {}]) async =>
      RTCSessionDescription('the answer', 'answer');
  Future<void> setLocalDescription(RTCSessionDescription description) async =>
      doneByPlugin.add('local ${description.type} ${description.sdp}');
  Future<List<RTCRtpTransceiver>> getTransceivers() async => lines;
  Future<List<StatsReport>> getStats([MediaStreamTrack? track]) async => stats;
  Future<void> close() async => doneByPlugin.add('close');
  Future<void> dispose() async => doneByPlugin.add('dispose connection');
}

Future<RTCPeerConnection> createPeerConnection(Map<String, dynamic> configuration,
    [Map<String, dynamic> constraints = const {}]) async {
  final connection = RTCPeerConnection();
  madeConnections.add(connection);
  return connection;
}

class RTCVideoRenderer {
  MediaStream? srcObject;
  bool muted = false;
  Future<void> initialize() async {}
  Future<void> dispose() async {}
}

class RTCVideoView extends StatelessWidget {
  const RTCVideoView(
    this.renderer, {
    super.key,
    this.objectFit = RTCVideoViewObjectFit.RTCVideoViewObjectFitContain,
    this.mirror = false,
  });
  final RTCVideoRenderer renderer;
  final RTCVideoViewObjectFit objectFit;
  final bool mirror;
  @override
  Widget build(BuildContext context) => this;
}
