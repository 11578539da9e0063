import 'package:flutter/widgets.dart';
import 'package:flutter_webrtc/flutter_webrtc.dart';

/// The constants that apps of this API name beside a view. They make no difference here.
abstract final class TRTCCloudDef {
  /// The large stream of a user.
  // ignore: constant_identifier_names
  static const int TRTC_VIDEO_STREAM_TYPE_BIG = 0;

  /// The small stream of a user.
  // ignore: constant_identifier_names
  static const int TRTC_VIDEO_STREAM_TYPE_SMALL = 1;

  /// A view on a surface.
  // ignore: constant_identifier_names
  static const String TRTC_VideoView_SurfaceView = 'surface';

  /// A view on a texture.
  // ignore: constant_identifier_names
  static const String TRTC_VideoView_TextureView = 'texture';
}

/// A view of somebody's picture, under the name that apps of this API have for it.
class TRTCCloudVideoView extends StatefulWidget {
  /// A view. [onViewCreated] gets its id, for `openCamera` and `startRemoteView`. [viewType] makes no difference.
  const TRTCCloudVideoView({super.key, this.onViewCreated, this.viewType});

  /// Told the view's id when it can be used.
  final ValueChanged<int>? onViewCreated;

  /// One of [TRTCCloudDef]'s; not used.
  final String? viewType;

  @override
  State<TRTCCloudVideoView> createState() => _VideoViewState();
}

class _VideoViewState extends State<TRTCCloudVideoView> {
  final RTCVideoRenderer _renderer = RTCVideoRenderer();
  late final int _id;
  bool _isReady = false;
  bool _isMirrored = false;

  @override
  void initState() {
    super.initState();
    _id = VideoViews._add(this);
    _begin();
  }

  Future<void> _begin() async {
    await _renderer.initialize();
    if (!mounted) return;
    // Its sound is played beside it, once for each user.
    if (WebRTC.platformIsWeb) _renderer.muted = true;
    setState(() => _isReady = true);
    widget.onViewCreated?.call(_id);
  }

  void _show(MediaStream? stream, {required bool isMirrored}) {
    if (!mounted || !_isReady) return;
    _renderer.srcObject = stream;
    setState(() => _isMirrored = isMirrored);
  }

  @override
  void dispose() {
    VideoViews._remove(_id);
    _renderer.dispose();
    super.dispose();
  }

  @override
  Widget build(BuildContext context) => _isReady
      ? RTCVideoView(
          _renderer,
          mirror: _isMirrored,
          objectFit: RTCVideoViewObjectFit.RTCVideoViewObjectFitCover,
        )
      : const SizedBox.expand();
}

/// The views that there are, by their ids.
abstract final class VideoViews {
  static final Map<int, _VideoViewState> _views = {};
  static int _next = 1;

  static int _add(_VideoViewState view) {
    _views[_next] = view;
    return _next++;
  }

  static void _remove(int id) => _views.remove(id);

  /// Shows a stream in a view, or nothing. A view that is gone shows nothing.
  static void show(int id, MediaStream? stream, {bool isMirrored = false}) =>
      _views[id]?._show(stream, isMirrored: isMirrored);

  /// What a view shows.
  static MediaStream? shown(int id) => _views[id]?._renderer.srcObject;
}
