import 'dart:async';

import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/town.dart';

/// Every refusal that the scenarios list and a phone can meet, by its code.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  test('nothing but login is done for those who are not signed in: 6014', () async {
    final a = town.phone('alice')..isOut();
    for (final act in [
      a.calling.call('bob', 1),
      a.calling.groupCall(['bob'], 1),
      a.calling.accept(),
      a.calling.reject(),
      a.calling.logout(),
    ]) {
      await a.isRefused(act, CallingCode.notSignedIn);
    }
  });

  test('a ticket that is none is refused with its own code', () async {
    final a = town.phone('alice')..isOut();
    final good = await town.ticket('alice');
    // Signed for a second, and looked at after that.
    final stale = await town.ticket('alice', App.plain, 1);
    await Future<void>.delayed(const Duration(milliseconds: 2100));
    final elsewhere = await town.ticket('alice', App.quick, null, App.plain.secret);
    for (final (app, user, sig, code) in [
      (App.plain.id, 'alice', '', CallingCode.sigEmpty),
      (App.plain.id, 'alice', 'no ticket', CallingCode.sigUndecodable),
      (App.plain.id, 'alice', await town.ticket('alice', App.plain, 600, App.quick.secret), CallingCode.sigWrong),
      (App.plain.id, 'alice', await town.ticket('bob'), CallingCode.sigOtherUser),
      (App.plain.id, 'alice', elsewhere, CallingCode.sigOtherApp),
      (App.plain.id, 'alice', stale, CallingCode.sigExpired),
      (77, 'alice', good, CallingCode.appUnknown),
      (App.plain.id, 'not an id', good, CallingCode.badUserId),
      (App.plain.id, 'a' * 33, good, CallingCode.badUserId),
    ]) {
      await a.isRefused(a.calling.login(app, user, sig), code);
    }
  });

  test('parameters that can not be meant: -1202 and 7003', () async {
    final a = await town.resident('alice');
    for (final (act, code) in [
      (a.calling.call('bob', 0), CallingCode.badParameter),
      (a.calling.call('bob', 3), CallingCode.badParameter),
      (a.calling.call('alice', 1), CallingCode.badParameter),
      (a.calling.groupCall([], 1), CallingCode.badParameter),
      (a.calling.groupCall([for (var i = 0; i < 9; i++) 'user$i'], 1), CallingCode.badParameter),
      (a.calling.callWith('bob', 1, timeout: const Duration(minutes: 6)), CallingCode.badParameter),
      (a.calling.callWith('bob', 1, userData: 'x' * 4097), CallingCode.badParameter),
      (a.calling.call('', 1), CallingCode.badUserId),
      (a.calling.call('b b', 1), CallingCode.badUserId),
      (a.calling.call('ボブ', 1), CallingCode.badUserId),
      (a.calling.call('b' * 33, 1), CallingCode.badUserId),
    ]) {
      await a.isRefused(act, code);
    }
    await a.seesNothing();
  });

  test('the callee has blocked the caller: 20007', () async {
    final [b, m] = await town.residents(['bob', 'mallory']);
    await m.isRefused(m.calling.call('bob', 1), CallingCode.blocked);
    await b.seesNothing();
  });

  test('the callee is not known to an app with a closed list: 101002', () async {
    final a = await town.resident('alice', app: App.closed);
    await a.isRefused(a.calling.call('carol', 1), CallingCode.userUnknown);
  });

  test('of a group, who may not be called is reported by onReject; if none is left, the code is theirs', () async {
    final [b, m] = await town.residents(['bob', 'mallory']);
    final c = await town.resident('carol');
    await m.does(m.calling.groupCall(['bob', 'carol', 'carol'], 1));
    await m.sees(['onReject bob']);
    // Nobody else is invited with her.
    await c.sees([c.invitation('mallory')]);
    await b.seesNothing();
    m.calling.hangup();
    await m.isRefused(m.calling.groupCall(['bob'], 1), CallingCode.blocked);
  });

  test('nothing rings: -1203', () async {
    final a = await town.resident('alice');
    await a.isRefused(a.calling.accept(), CallingCode.wrongState);
    await a.isRefused(a.calling.reject(), CallingCode.wrongState);
  });

  test('somebody who is invited or in the call already: 8012', () async {
    final (a, b) = await town.talking();
    await a.isRefused(a.calling.call('bob', 1), CallingCode.alreadyInvited);
    await a.does(a.calling.call('carol', 1));
    await b.isRefused(b.calling.call('carol', 1), CallingCode.alreadyInvited);
  });

  test('too many requests: 7008', () async {
    final a = await town.resident('hasty');
    final codes = <int>{};
    // 200 at once, and 50 more each second: on a slow machine one wave is not enough.
    for (var wave = 0; wave < 5 && !codes.contains(CallingCode.rateLimited); wave++) {
      final answers = await Future.wait([for (var i = 0; i < 250; i++) a.calling.call('hasty', 1)]);
      codes.addAll(answers.map((answer) => answer.code));
    }
    expect(codes, {CallingCode.badParameter, CallingCode.rateLimited});
    a.isOut();
  });

  test('another user on a phone that is signed in: -1203', () async {
    final a = await town.resident('alice');
    await a.isRefused(a.calling.login(App.plain.id, 'bob', await town.ticket('bob')), CallingCode.wrongState);
  });
}
