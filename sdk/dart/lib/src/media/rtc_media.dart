import 'dart:async';
import 'dart:math';

import '../codes.dart';
import 'call_media.dart';
import 'rtc_engine.dart';

/// How often volumes are told.
const _volumesEvery = Duration(milliseconds: 500);

/// How long a connection may be without an answer before a new one is asked for: engines mend a short gap by themselves.
const _patience = Duration(seconds: 3);

/// A connection that was asked for and did not come is asked for again after so long.
const _askedAgain = Duration(seconds: 4);

/// One that came and is not up is given up after so long: half of what the server allows, so that a second fits in.
const _upWithin = Duration(seconds: 7);

/// The level that counts as silence, in dB below full scale: the noise floor of ordinary rooms and microphones.
const _silentDb = -60.0;

/// Sound and picture over an [RtcEngine].
///
/// Everything that touches the engine is done in one order, one thing after the other. The microphone is opened by
/// [openMicrophone] and nothing else, and released when the call ends.
final class RtcMedia implements CallMedia {
  /// Media over this engine.
  RtcMedia(this._engine);

  final RtcEngine _engine;
  final Map<String, int> _views = {};
  late final MediaHost _host;
  Future<void> _turn = Future.value();

  /// Counts calls: what was begun for an older one is not carried on.
  int _epoch = 0;
  String? _call;
  int? _newestOffer;
  RtcPeer? _peer;

  /// The one that [_peer] takes the place of, until that one is up.
  RtcPeer? _older;
  List<MediaStreamLine> _streams = const [];
  RtcTrack? _microphone, _camera;
  bool _microphoneWanted = false, _muted = false, _cameraWanted = false, _isFront = true;
  int? _ownView;
  Timer? _meter, _impatience;

  @override
  bool get carriesMedia => true;

  @override
  void attach(MediaHost host) => _host = host;

  @override
  void offer(MediaOffer offer) {
    _call = offer.callId;
    _newestOffer = offer.offerId;
    _do(() => _take(offer));
  }

  @override
  void openMicrophone() {
    _microphoneWanted = true;
    _do(() async {
      if (_microphone != null) return;
      try {
        _microphone = await _engine.openMicrophone();
      } on RtcUnavailable catch (error) {
        return _host.error(Refusal(CallingCode.microphoneFailed, 'the microphone could not be opened: $error'));
      }
      _microphone!.enabled = !_muted;
      await _sendTracks();
    }, undo: () async {
      await _microphone?.stop();
      _microphone = null;
    });
    _meter ??= Timer.periodic(_volumesEvery, (_) => _do(_tellVolumes));
  }

  @override
  void setMicMute(bool isMute) {
    _muted = isMute;
    _microphone?.enabled = !isMute;
  }

  @override
  void setHandsFree(bool isHandsFree) => _do(() async {
        try {
          await _engine.setHandsFree(isHandsFree: isHandsFree);
        } on RtcUnavailable catch (error) {
          _host.error(Refusal(CallingCode.speakerFailed, 'the route of the sound could not be chosen: $error'));
        }
      });

  @override
  void openCamera(bool isFrontCamera, int viewId) {
    final older = _ownView;
    _cameraWanted = true;
    _isFront = isFrontCamera;
    _ownView = viewId;
    _do(() async {
      if (!_cameraWanted) return;
      if (older != null && older != viewId) await _engine.preview(null, older);
      await _openCamera();
    }, undo: _releaseCamera);
  }

  @override
  void closeCamera() {
    _cameraWanted = false;
    _do(_releaseCamera);
  }

  @override
  void switchCamera(bool isFrontCamera) {
    if (_isFront == isFrontCamera) return;
    _isFront = isFrontCamera;
    // Many devices have one camera open at a time: the old one is released first.
    _do(() async {
      final camera = _camera;
      if (camera == null || !_cameraWanted) return;
      _camera = null;
      await camera.stop();
      await _openCamera();
    }, undo: _releaseCamera);
  }

  @override
  void startRemoteView(String userId, int streamType, int viewId) {
    _views[userId] = viewId;
    _do(() => _showUser(userId));
  }

  @override
  void stopRemoteView(String userId, int streamType) {
    _views.remove(userId);
    _do(() => _showUser(userId));
  }

  @override
  void endCall() {
    _epoch++;
    _meter?.cancel();
    _impatience?.cancel();
    _meter = _impatience = null;
    _microphoneWanted = _cameraWanted = false;
    _call = _newestOffer = null;
    _views.clear();
    _do(() async {
      final (microphone, peer, older) = (_microphone, _peer, _older);
      _microphone = null;
      _peer = _older = null;
      _streams = const [];
      await microphone?.stop();
      await _releaseCamera();
      await peer?.close();
      await older?.close();
    });
  }

  @override
  void dispose() => endCall();

  /// Does something once everything before it is done. If the call has ended by the time that it is done, [undo] gives
  /// back what it took.
  void _do(Future<void> Function() act, {Future<void> Function()? undo}) {
    final epoch = _epoch;
    _turn = _turn.then((_) async {
      if (epoch != _epoch) return;
      try {
        await act();
      } catch (error) {
        // An engine's own error; what it was for has not come about. After the end nothing was to come about.
        if (epoch == _epoch) _host.error(Refusal(CallingCode.mediaFailed, 'the media engine: $error'));
      }
      if (epoch != _epoch) await undo?.call();
    });
  }

  Future<void> _take(MediaOffer offer) async {
    // A later one has replaced it.
    if (offer.offerId != _newestOffer) return;
    var peer = _peer;
    if (peer == null || offer.fresh) {
      final before = peer;
      peer = await _engine.connect();
      final made = peer;
      made.onConnection = (connection) => _connectionIs(made, connection);
      _peer = made;
      await _older?.close();
      _older = before;
      // That the old one is lost is no news while another is being brought up in its place.
      _beImpatient(_upWithin);
    }
    await peer.setOffer(offer.sdp);
    _streams = offer.streams;
    // Without a track until the user has called or accepted: the answer says that this device may send on these lines.
    await _sendTracks();
    final sdp = await peer.answer();
    if (offer.offerId != _newestOffer) return;
    _host.answer(offer.callId, offer.offerId, sdp);
    for (final userId in _views.keys.toList()) {
      await _showUser(userId);
    }
  }

  Future<void> _sendTracks() async {
    for (final line in _streams) {
      if (line.userId != null) continue;
      final track = switch (line.kind) { StreamKind.audio => _microphone, StreamKind.video => _camera };
      // The consent: nothing is sent before the user's own act, though the camera may be open as a preview.
      await _peer?.send(line.mid, _microphoneWanted ? track : null);
    }
  }

  Future<void> _openCamera() async {
    try {
      _camera ??= await _engine.openCamera(isFront: _isFront);
    } on RtcUnavailable catch (error) {
      return _host.error(Refusal(CallingCode.cameraFailed, 'the camera could not be opened: $error'));
    }
    if (_ownView case final view?) await _engine.preview(_camera, view);
    await _sendTracks();
  }

  Future<void> _releaseCamera() async {
    final (camera, view) = (_camera, _ownView);
    _camera = null;
    if (camera == null) return;
    await _sendTracks();
    if (view != null) await _engine.preview(null, view);
    await camera.stop();
  }

  Future<void> _showUser(String userId) async {
    for (final line in _streams) {
      if (line.userId == userId && line.kind == StreamKind.video) await _peer?.show(line.mid, _views[userId]);
    }
  }

  void _connectionIs(RtcPeer peer, RtcConnection connection) {
    if (peer != _peer) return;
    _impatience?.cancel();
    _impatience = null;
    switch (connection) {
      case RtcConnection.connecting:
        break;
      case RtcConnection.connected:
        _do(() async {
          final older = _older;
          _older = null;
          await older?.close();
        });
      case RtcConnection.disconnected:
        _beImpatient(_patience);
      case RtcConnection.failed:
        _askAnew();
    }
  }

  /// Asks for another connection, unless this one is up by then.
  void _beImpatient(Duration patience) {
    _impatience?.cancel();
    _impatience = Timer(patience, _askAnew);
  }

  void _askAnew() {
    if (_call case final call?) {
      _beImpatient(_askedAgain);
      _host.restart(call);
    }
  }

  Future<void> _tellVolumes() async {
    final levels = await _peer?.levels() ?? const {};
    final users = <String?, int>{null: _muted ? 0 : _volumeOf(levels[null] ?? 0)};
    var energy = 0.0;
    for (final line in _streams) {
      if (line.kind != StreamKind.audio || line.userId == null) continue;
      final level = levels[line.mid] ?? 0;
      energy += level * level;
      users[line.userId] = _volumeOf(level);
    }
    _host.volumes(users, _volumeOf(sqrt(energy)));
  }

  /// As users see it: linear in dB, −60 dBFS or less is 0 and 0 dBFS is 100.
  static int _volumeOf(double level) {
    if (level <= 0) return 0;
    final db = 20 * log(level) / ln10;
    return ((db - _silentDb) * (100 / -_silentDb)).round().clamp(0, 100);
  }
}
