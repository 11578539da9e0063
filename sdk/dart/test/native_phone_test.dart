import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/native_phone.dart';
import 'support/town.dart';

/// A Dart phone that signals only, and native phones that play sound.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  const audible = 'onUserAudioAvailable {userId: nora, available: true}';
  const silent = 'onUserAudioAvailable {userId: nora, available: false}';

  Future<(NativePhone, Resident)> talking({App app = App.plain}) async {
    final nora = await NativePhone.signedIn(town, 'nora', app: app);
    final b = await town.resident('bob', app: app);
    nora.types('call bob');
    await nora.sees(['call 0']);
    await b.sees([b.invitation('nora')]);
    await b.does(b.calling.accept());
    await b.sees(['onUserEnter nora', audible]);
    await nora.sees(['onUserEnter {userId: bob}']);
    return (nora, b);
  }

  test('2, 7: called by a native phone: it enters, is heard, and hangs up', () async {
    final (nora, b) = await talking();
    nora.types('hangup');
    await b.sees(['onUserLeave nora', 'onCallEnd']);
  });

  test('1, 2, 8: a native phone is called, accepts and is heard; the Dart phone hangs up', () async {
    final nora = await NativePhone.signedIn(town, 'nora');
    final a = await town.resident('alice');
    await a.does(a.calling.call('nora', 1));
    await nora.comesTo('onInvited');
    nora.types('accept');
    await nora.comesTo('onUserEnter {userId: alice}');
    await a.sees(['onUserEnter nora', audible]);
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
    final a = await town.resident('alice');
    await a.does(a.calling.call('nora', 1));
    await nora.comesTo('onInvited');
    nora.types('call alice');
    await a.sees(['onUserEnter nora', audible]);
  });

  test('15: a third who joins is told at once of who is heard already', () async {
    final (_, b) = await talking();
    final c = await town.resident('carol');
    await b.does(b.calling.call('carol', 1));
    await c.sees([c.invitation('bob', isFromGroup: true)]);
    await c.does(c.calling.accept());
    await c.sees(['onUserEnter nora', 'onUserEnter bob', audible]);
    await b.sees(['onUserEnter carol']);
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
    final (nora, b) = await talking();
    nora.types('mute on');
    await b.sees([silent]);
    nora.types('mute off');
    await b.sees([audible]);
  });

  test('network quality of who has media is told as it is measured', () async {
    final (_, b) = await talking();
    await b.until(() => b.qualities.any((each) => each.contains('userId: nora, quality: 1')), 'a quality');
  });
}
