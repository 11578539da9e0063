import 'dart:async';

import 'package:test/test.dart';
import 'package:tsuwa_calling/media.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

/// An engine that notes what is done with it.
final class FakeEngine implements RtcEngine {
  final List<String> done = [];
  final List<FakePeer> peers = [];
  RtcUnavailable? refusal;

  /// Where set, opening a device waits for it.
  Completer<void>? permission;
  Map<String?, double> levels = {};

  List<String> take() {
    final all = List.of(done);
    done.clear();
    return all;
  }

  @override
  Future<RtcPeer> connect() async {
    final peer = FakePeer(this, peers.length + 1);
    peers.add(peer);
    done.add('connect');
    return peer;
  }

  Future<RtcTrack> _open(String name) async {
    await permission?.future;
    if (refusal case final refusal?) throw refusal;
    done.add('open $name');
    return FakeTrack(this, name);
  }

  @override
  Future<RtcTrack> openMicrophone() => _open('microphone');

  @override
  Future<RtcTrack> openCamera({required bool isFront}) => _open(isFront ? 'front' : 'back');

  @override
  Future<void> preview(RtcTrack? camera, int viewId) async => done.add('preview $camera in $viewId');

  @override
  Future<void> setHandsFree({required bool isHandsFree}) async {
    if (refusal case final refusal?) throw refusal;
    done.add('handsFree $isHandsFree');
  }
}

final class FakeTrack implements RtcTrack {
  FakeTrack(this.engine, this.name);

  final FakeEngine engine;
  final String name;

  @override
  set enabled(bool enabled) => engine.done.add('$name enabled $enabled');

  @override
  Future<void> stop() async => engine.done.add('stop $name');

  @override
  String toString() => name;
}

final class FakePeer implements RtcPeer {
  FakePeer(this.engine, this.number);

  final FakeEngine engine;
  final int number;
  late void Function(RtcConnection) told;

  @override
  set onConnection(void Function(RtcConnection) told) => this.told = told;

  @override
  Future<void> setOffer(String sdp) async => engine.done.add('$number offer $sdp');

  @override
  Future<void> send(String mid, RtcTrack? track) async => engine.done.add('$number send $mid $track');

  @override
  Future<String> answer() async => 'answer of $number';

  @override
  Future<void> show(String mid, int? viewId) async => engine.done.add('$number show $mid in $viewId');

  @override
  Future<Map<String?, double>> levels() async => engine.levels;

  @override
  Future<void> close() async => engine.done.add('close $number');
}

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

MediaOffer offer(int id, {bool fresh = false, List<String> others = const [], bool video = false}) => MediaOffer(
      callId: '5',
      offerId: id,
      fresh: fresh,
      sdp: 'sdp$id',
      streams: [
        const MediaStreamLine(mid: 'a', kind: StreamKind.audio),
        if (video) const MediaStreamLine(mid: 'v', kind: StreamKind.video),
        for (final user in others) ...[
          MediaStreamLine(mid: 'a-$user', kind: StreamKind.audio, userId: user),
          if (video) MediaStreamLine(mid: 'v-$user', kind: StreamKind.video, userId: user),
        ],
      ],
    );

void main() {
  late FakeEngine engine;
  late Host host;
  late RtcMedia media;

  void begin() {
    engine = FakeEngine();
    host = Host();
    media = RtcMedia(engine)..attach(host);
    addTearDown(media.dispose);
  }

  Future<void> settled() async {
    await Future<void>.delayed(const Duration(milliseconds: 5));
    // However busy the machine is: what has begun goes on in turns of the event loop, and none takes so many.
    for (var turn = 0; turn < 40; turn++) {
      await Future<void>.delayed(Duration.zero);
    }
  }

  test('an offer is answered while it rings, with lines to send on and nothing on them', () async {
    begin();
    media.offer(offer(1, fresh: true));
    await settled();
    expect(engine.take(), ['connect', '1 offer sdp1', '1 send a null']);
    expect(host.told, ['answer 5 1 answer of 1']);
  });

  test('the microphone is opened by the user\'s act, and put on its line without another offer', () async {
    begin();
    media.offer(offer(1, fresh: true));
    await settled();
    engine.take();
    media.openMicrophone();
    await settled();
    expect(engine.take(), ['open microphone', 'microphone enabled true', '1 send a microphone']);
  });

  test('muted before it opens, the microphone opens muted', () async {
    begin();
    media
      ..setMicMute(true)
      ..openMicrophone();
    await settled();
    expect(engine.take(), contains('microphone enabled false'));
  });

  test('a camera that previews is not sent before the user has called or accepted', () async {
    begin();
    media
      ..offer(offer(1, fresh: true, video: true))
      ..openCamera(true, 3);
    await settled();
    expect(engine.take(), [
      'connect', '1 offer sdp1', '1 send a null', '1 send v null', //
      'open front', 'preview front in 3', '1 send a null', '1 send v null',
    ]);
    media.openMicrophone();
    await settled();
    expect(engine.take(), contains('1 send v front'));
  });

  test('when somebody comes in, the connection goes on', () async {
    begin();
    media
      ..offer(offer(1, fresh: true, others: ['bob']))
      ..offer(offer(2, others: ['bob', 'carol']));
    await settled();
    expect(engine.peers.length, 1);
    expect(host.told, ['answer 5 2 answer of 1'], reason: 'the later offer replaces the one not answered');
  });

  test('a fresh offer is a new connection, and the old one is closed when that is up', () async {
    begin();
    media.openMicrophone();
    media.offer(offer(1, fresh: true));
    await settled();
    media.offer(offer(2, fresh: true));
    await settled();
    expect(engine.take(), contains('2 send a microphone'));
    engine.peers[1].told(RtcConnection.connected);
    await settled();
    expect(engine.take(), ['close 1']);
  });

  test('a picture is shown where the app wants it, also if it wanted that before', () async {
    begin();
    media.startRemoteView('bob', 0, 7);
    media.offer(offer(1, fresh: true, video: true, others: ['bob']));
    await settled();
    expect(engine.take(), contains('1 show v-bob in 7'));
    media.stopRemoteView('bob', 0);
    await settled();
    expect(engine.take(), ['1 show v-bob in null']);
  });

  test('the end of a call releases everything', () async {
    begin();
    media
      ..offer(offer(1, fresh: true, video: true))
      ..openMicrophone()
      ..openCamera(false, 3);
    await settled();
    engine.take();
    media.endCall();
    await settled();
    expect(engine.take().toSet(), {'stop microphone', 'preview null in 3', 'stop back', 'close 1'});
  });

  test('a microphone whose permission comes after the call ended is released at once', () async {
    begin();
    engine.permission = Completer();
    media.openMicrophone();
    await settled();
    media.endCall();
    engine.permission!.complete();
    await settled();
    expect(engine.take(), contains('stop microphone'));
  });

  test('a microphone that is refused is told, and the call can go on without it', () async {
    begin();
    engine.refusal = const RtcUnavailable('refused by its user');
    media
      ..offer(offer(1, fresh: true))
      ..openMicrophone()
      ..openCamera(true, 3)
      ..setHandsFree(true);
    await settled();
    expect(host.told, [
      'answer 5 1 answer of 1',
      'error ${CallingCode.microphoneFailed}',
      'error ${CallingCode.cameraFailed}',
      'error ${CallingCode.speakerFailed}',
    ]);
  });

  test('the other camera takes the first one\'s place', () async {
    begin();
    media
      ..offer(offer(1, fresh: true, video: true))
      ..openMicrophone()
      ..openCamera(true, 3);
    await settled();
    engine.take();
    media.switchCamera(false);
    await settled();
    expect(engine.take(), ['stop front', 'open back', 'preview back in 3', '1 send a microphone', '1 send v back']);
  });

  test('a connection that failed asks for an offer on a new one', () async {
    begin();
    media.offer(offer(1, fresh: true));
    await settled();
    engine.peers.single.told(RtcConnection.failed);
    expect(host.told.last, 'restart 5');
  });

  test('that a connection failed is no news while another is being brought up in its place', () async {
    begin();
    media.offer(offer(1, fresh: true));
    await settled();
    final old = engine.peers.single..told(RtcConnection.connected);
    media.offer(offer(2, fresh: true));
    await settled();
    old.told(RtcConnection.failed);
    await settled();
    expect(host.told.where((each) => each.startsWith('restart')), isEmpty);
    engine.peers.last.told(RtcConnection.connected);
    await settled();
    expect(engine.done.last, 'close 1');
    engine.peers.last.told(RtcConnection.failed);
    expect(host.told.last, 'restart 5');
  });

  test('volumes are told twice a second: everybody by name, oneself, and the others together', () async {
    begin();
    engine.levels = {null: 0.1, 'a-bob': 1, 'a-carol': 0};
    media
      ..offer(offer(1, fresh: true, others: ['bob', 'carol']))
      ..openMicrophone();
    await Future<void>.delayed(const Duration(milliseconds: 700));
    // −20 dBFS of −60 … 0 is two thirds.
    expect(host.told.last, 'volumes {null: 67, bob: 100, carol: 0} 100');
  });
}
