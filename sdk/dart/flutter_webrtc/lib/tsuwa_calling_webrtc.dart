/// Sound and picture for `package:tsuwa_calling` in Flutter apps.
///
/// ```dart
/// TRTCCalling.media = webRtcMedia;
/// ```
///
/// [TRTCCloudVideoView] is the view whose id `openCamera` and `startRemoteView` take.
library;

import 'package:tsuwa_calling/media.dart';

import 'src/engine.dart';

export 'src/video_view.dart' show TRTCCloudDef, TRTCCloudVideoView;

/// Media over `flutter_webrtc`: what a Flutter app sets `TRTCCalling.media` to.
CallMedia webRtcMedia() => RtcMedia(FlutterEngine());
