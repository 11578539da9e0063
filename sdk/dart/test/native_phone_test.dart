import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/native_phone.dart';
import 'support/town.dart';

/// A Dart phone that signals only, and native phones that speak and listen.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  String sound(String user, {required bool available}) =>
      'onUserAudioAvailable {userId: $user, available: $available}';

  /// Nora, a native phone, has called Bob.
  Future<(NativePhone, Resident)> talking({App app = App.plain}) async {
    final nora = await NativePhone.signedIn(town, 'nora', app: app);
    // Sound is forwarded to nobody here: whether it counts as available is not what these tests are about.
    final b = await town.resident('bob', app: app)
      ..ignoresSound = true;
    nora.types('call bob');
    await nora.sees(['call 0']);
    await b.sees([b.invitation('nora')]);
    await b.does(b.calling.accept());
    await b.sees(['onUserEnter nora']);
    await nora.sees(['onUserEnter {userId: bob}']);
    return (nora, b);
  }

  /// Nora and Nils, native phones, talk and hear each other; then Nora invites Carol, a Dart phone, who accepts.
  Future<(NativePhone, NativePhone, Resident)> threeTalk({App app = App.plain}) async {
    final nora = await NativePhone.signedIn(town, 'nora', app: app);
    final nils = await NativePhone.signedIn(town, 'nils', app: app);
    nora.types('call nils');
    await nils.comesTo('onInvited');
    nils.types('accept');
    await nils.comesTo('onUserAudioAvailable');
    await nora.comesTo('onUserAudioAvailable');
    final c = await town.resident('carol', app: app);
    nora.types('call carol');
    await c.sees([c.invitation('nora', isFromGroup: true)]);
    await c.does(c.calling.accept());
    await c.sees([
      'onUserEnter nora',
      'onUserEnter nils',
      sound('nora', available: true),
      sound('nils', available: true),
    ]);
    await nora.comesTo('onUserEnter {userId: carol}');
    await nils.comesTo('onUserEnter {userId: carol}');
    return (nora, nils, c);
  }

  test('1, 2, 7: a native phone calls, is answered, and hangs up', () async {
    final (nora, b) = await talking();
    nora.types('hangup');
    await b.sees(['onUserLeave nora', 'onCallEnd']);
  });

  test('1, 2, 8: a native phone is called and accepts; the Dart phone hangs up', () async {
    final nora = await NativePhone.signedIn(town, 'nora');
    final a = await town.resident('alice')
      ..ignoresSound = true;
    await a.does(a.calling.call('nora', 1));
    await nora.comesTo('onInvited');
    nora.types('accept');
    await nora.comesTo('onUserEnter {userId: alice}');
    await a.sees(['onUserEnter nora']);
    a.calling.hangup();
    await nora.sees(['onUserLeave {reason: 0, userId: alice}', 'onCallEnd {}']);
    await a.seesNothing();
  });

  test('3: a native phone rejects', () async {
    final nora = await NativePhone.signedIn(town, 'nora');
    final a = await town.resident('alice');
    await a.does(a.calling.call('nora', 1));
    await nora.comesTo('onInvited');
    nora.types('reject');
    await a.sees(['onReject nora', 'onCallEnd']);
  });

  test('9: the process of a native phone dies: it is seen as down, and after the grace as gone', () async {
    final (nora, b) = await talking(app: App.shortGrace);
    await nora.dies();
    await b.sees(['onUserLeave nora', 'onCallEnd']);
    expect(b.qualities, contains('onNetworkQuality {userId: nora, quality: 6}'));
    expect(b.events.whereType<UserLeft>().single.reason, 1);
  });

  test('12: glare with a native phone connects', () async {
    final nora = await NativePhone.signedIn(town, 'nora');
    final a = await town.resident('alice')
      ..ignoresSound = true;
    await a.does(a.calling.call('nora', 1));
    await nora.comesTo('onInvited');
    nora.types('call alice');
    await a.sees(['onUserEnter nora']);
  });

  test('15, 18: a third who joins is told at once of who is heard already; one of three leaves', () async {
    final (nora, nils, c) = await threeTalk();
    nora.types('hangup');
    await c.sees(['onUserLeave nora']);
    nils.types('hangup');
    await c.sees(['onUserLeave nils', 'onCallEnd']);
  });

  test('21: of two devices of one user the Dart one accepts, and the native one stops ringing', () async {
    final nora = await NativePhone.signedIn(town, 'nora');
    final [a, n] = await town.residents(['alice', 'nora']);
    await a.does(a.calling.call('nora', 1));
    await n.sees([n.invitation('alice')]);
    await nora.comesTo('onInvited');
    await n.does(n.calling.accept());
    await nora.sees(['onCallingCancel {reason: answered_elsewhere}']);
  });

  test('27: mute and unmute of a native phone are told', () async {
    final (nora, _, c) = await threeTalk();
    nora.types('mute on');
    await c.sees([sound('nora', available: false)]);
    nora.types('mute off');
    await c.sees([sound('nora', available: true)]);
  });

  test('27: muted at its accept, a phone is no news until it is unmuted', () async {
    final nora = await NativePhone.signedIn(town, 'nora');
    final nils = await NativePhone.signedIn(town, 'nils');
    final c = await town.resident('carol');
    await c.does(c.calling.groupCall(['nora', 'nils'], 1));
    await nora.comesTo('onInvited');
    await nils.comesTo('onInvited');
    nora.types('mute on');
    nora.types('accept');
    await c.sees(['onUserEnter nora']);
    nils.types('accept');
    await c.sees(['onUserEnter nils', sound('nils', available: true)]);
    nora.types('mute off');
    await c.sees([sound('nora', available: true)]);
  });
}
