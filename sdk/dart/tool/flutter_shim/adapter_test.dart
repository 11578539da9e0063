import 'package:flutter/widgets.dart';
import 'package:flutter_webrtc/flutter_webrtc.dart';
import 'package:test/test.dart';
import 'package:tsuwa_calling/media.dart';
import 'package:tsuwa_calling_webrtc/tsuwa_calling_webrtc.dart';

/// The adapter to `flutter_webrtc`, driven through `RtcMedia` over a stand-in for the plugin.
final class Host implements MediaHost {
  final List<String> told = [];

  @override
  void answer(String callId, int offerId, String sdp) => told.add('answer $callId $offerId $sdp');

  @override
  void restart(String callId) => told.add('restart $callId');

  @override
  void volumes(Map<String?, int> users, int total) => told.add('volumes $users $total');

  @override
  void error(Refusal refusal) => told.add('error ${refusal.code}');
}

void main() {
  const offer = MediaOffer(
    callId: '5',
    offerId: 1,
    fresh: true,
    sdp: 'the offer',
    streams: [
      MediaStreamLine(mid: '0', kind: StreamKind.audio),
      MediaStreamLine(mid: '1', kind: StreamKind.audio, userId: 'bob'),
      MediaStreamLine(mid: '2', kind: StreamKind.video, userId: 'bob'),
    ],
  );
  late Host host;
  late CallMedia media;

  Future<void> settled() => Future<void>.delayed(const Duration(milliseconds: 5));

  Future<RTCPeerConnection> ready() async {
    host = Host();
    media = webRtcMedia()..attach(host);
    addTearDown(media.dispose);
    refusalOfDevices = null;
    media.offer(offer);
    await settled();
    final connection = madeConnections.last..lines = [for (final mid in '012'.split('')) RTCRtpTransceiver(mid)];
    doneByPlugin.clear();
    return connection;
  }

  test('an offer is answered; at the user\'s act the microphone goes on its line, which only sends', () async {
    await ready();
    expect(host.told, ['answer 5 1 the answer']);
    media.openMicrophone();
    await settled();
    expect(doneByPlugin, ['0 is SendOnly', '0 sends own audio']);
  });

  test('a picture that comes is shown in the view, and no more when the call ends', () async {
    final connection = await ready();
    final view = TRTCCloudVideoView(onViewCreated: (id) => media.startRemoteView('bob', 0, id));
    final track = MediaStreamTrack('t2', 'video'), stream = MediaStream('bob', []);
    connection.lines[2].receiver.track = track;
    connection.onTrack!(RTCTrackEvent(streams: [stream], track: track));
    final state = view.createState()..widget = view;
    state.initState();
    await settled();
    expect((state.build(BuildContext()) as RTCVideoView).renderer.srcObject == stream, isTrue);
    media.endCall();
    await settled();
    expect((state.build(BuildContext()) as RTCVideoView).renderer.srcObject, isNull);
    state.dispose();
  });

  test('levels are told as volumes', () async {
    final connection = await ready();
    connection.stats = [
      StatsReport('a', 'media-source', 0, {'kind': 'audio', 'audioLevel': 0.1}),
      StatsReport('b', 'inbound-rtp', 0, {'kind': 'audio', 'audioLevel': 1.0, 'mid': '1'}),
      StatsReport('c', 'inbound-rtp', 0, {'kind': 'video', 'mid': '2'}),
    ];
    media.openMicrophone();
    await Future<void>.delayed(const Duration(milliseconds: 700));
    expect(host.told.last, 'volumes {null: 67, bob: 100} 100');
  });

  test('what the plugin throws is an error with its code', () async {
    await ready();
    refusalOfDevices = 'NotAllowedError';
    media.openMicrophone();
    await settled();
    expect(host.told.last, 'error -1302');
    WebRTC.platformIsMobile = false;
    media.setHandsFree(true);
    await settled();
    expect(host.told.last, 'error -1321');
  });

  test('a connection that fails is made anew', () async {
    final connection = await ready();
    connection.onConnectionState!(RTCPeerConnectionState.RTCPeerConnectionStateFailed);
    expect(host.told.last, 'restart 5');
  });
}
