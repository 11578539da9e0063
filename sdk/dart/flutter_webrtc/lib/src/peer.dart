import 'package:flutter_webrtc/flutter_webrtc.dart';
import 'package:tsuwa_calling/media.dart';

import 'engine.dart';
import 'video_view.dart';

/// One `RTCPeerConnection`.
final class FlutterPeer implements RtcPeer {
  /// Takes the connection over.
  FlutterPeer(this._connection) {
    _connection.onTrack = (event) {
      if (event.streams.isEmpty) return;
      final stream = event.streams.first;
      _streams[event.track.id ?? ''] = stream;
      // A browser plays no sound that no element asks for; elsewhere it is played by itself.
      if (WebRTC.platformIsWeb && event.track.kind == 'audio') _play(stream);
    };
  }

  final RTCPeerConnection _connection;
  final Map<String, MediaStream> _streams = {};
  final Map<String, RTCVideoRenderer> _players = {};
  final Set<int> _views = {};

  @override
  set onConnection(void Function(RtcConnection) told) {
    _connection.onConnectionState = (state) => told(switch (state) {
          RTCPeerConnectionState.RTCPeerConnectionStateConnected => RtcConnection.connected,
          RTCPeerConnectionState.RTCPeerConnectionStateDisconnected => RtcConnection.disconnected,
          RTCPeerConnectionState.RTCPeerConnectionStateFailed => RtcConnection.failed,
          _ => RtcConnection.connecting,
        });
  }

  @override
  Future<void> setOffer(String sdp) => _connection.setRemoteDescription(RTCSessionDescription(sdp, 'offer'));

  @override
  Future<void> send(String mid, RtcTrack? track) async {
    final line = await _line(mid);
    if (line == null) return;
    await line.setDirection(TransceiverDirection.SendOnly);
    await line.sender.replaceTrack((track as FlutterTrack?)?.track);
  }

  @override
  Future<String> answer() async {
    final answer = await _connection.createAnswer();
    await _connection.setLocalDescription(answer);
    return answer.sdp ?? '';
  }

  @override
  Future<void> show(String mid, int? viewId) async {
    final stream = _streams[(await _line(mid))?.receiver.track?.id];
    for (final view in _views.toList()) {
      if (VideoViews.shown(view) == stream) VideoViews.show(view, null);
    }
    if (viewId == null || stream == null) return;
    _views.add(viewId);
    VideoViews.show(viewId, stream);
  }

  @override
  Future<Map<String?, double>> levels() async {
    final levels = <String?, double>{};
    for (final report in await _connection.getStats()) {
      final values = report.values;
      final level = values['audioLevel'];
      if (values['kind'] != 'audio' || level is! num) continue;
      if (report.type == 'media-source') levels[null] = level.toDouble();
      if (report.type == 'inbound-rtp') levels['${values['mid']}'] = level.toDouble();
    }
    return levels;
  }

  @override
  Future<void> close() async {
    for (final view in _views) {
      if (_streams.containsValue(VideoViews.shown(view))) VideoViews.show(view, null);
    }
    for (final player in _players.values) {
      player.srcObject = null;
      await player.dispose();
    }
    await _connection.close();
    await _connection.dispose();
  }

  Future<RTCRtpTransceiver?> _line(String mid) async {
    for (final line in await _connection.getTransceivers()) {
      if (line.mid == mid) return line;
    }
    return null;
  }

  Future<void> _play(MediaStream stream) async {
    if (_players.containsKey(stream.id)) return;
    final player = _players[stream.id] = RTCVideoRenderer();
    await player.initialize();
    player.srcObject = stream;
  }
}
