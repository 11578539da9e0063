import 'package:flutter_webrtc/flutter_webrtc.dart';
import 'package:tsuwa_calling/media.dart';

import 'peer.dart';
import 'video_view.dart';

/// `flutter_webrtc`, as `RtcMedia` wants an engine. It takes no decisions.
final class FlutterEngine implements RtcEngine {
  @override
  Future<RtcPeer> connect() async =>
      FlutterPeer(await createPeerConnection({'sdpSemantics': 'unified-plan', 'iceServers': <Object>[]}));

  @override
  Future<RtcTrack> openMicrophone() => _open({
        'audio': {'echoCancellation': true, 'noiseSuppression': true, 'autoGainControl': true},
        'video': false,
      });

  @override
  Future<RtcTrack> openCamera({required bool isFront}) => _open({
        'audio': false,
        'video': {
          'facingMode': isFront ? 'user' : 'environment',
          'width': {'ideal': 1280},
          'height': {'ideal': 720},
        },
      }, isFront: isFront);

  Future<RtcTrack> _open(Map<String, dynamic> constraints, {bool isFront = false}) async {
    try {
      final stream = await navigator.mediaDevices.getUserMedia(constraints);
      return FlutterTrack(stream, stream.getTracks().first, isFront: isFront);
    } catch (error) {
      // The plugin throws texts and exceptions of several kinds.
      throw RtcUnavailable('$error');
    }
  }

  @override
  Future<void> preview(RtcTrack? camera, int viewId) async {
    final track = camera as FlutterTrack?;
    VideoViews.show(viewId, track?.stream, isMirrored: track?.isFront ?? false);
  }

  @override
  Future<void> setHandsFree({required bool isHandsFree}) async {
    if (!WebRTC.platformIsMobile) throw const RtcUnavailable('this platform has no earpiece');
    try {
      await Helper.setSpeakerphoneOn(isHandsFree);
    } catch (error) {
      throw RtcUnavailable('$error');
    }
  }
}

/// A microphone or camera of this device, with the stream that it came in.
final class FlutterTrack implements RtcTrack {
  /// The track of a stream that has no other.
  FlutterTrack(this.stream, this.track, {required this.isFront});

  /// The stream.
  final MediaStream stream;

  /// The track.
  final MediaStreamTrack track;

  /// Of the camera at the front: its preview is a mirror.
  final bool isFront;

  @override
  set enabled(bool enabled) => track.enabled = enabled;

  @override
  Future<void> stop() async {
    await track.stop();
    await stream.dispose();
  }
}
