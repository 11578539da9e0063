import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';
import 'support/town.dart';

/// `queryRecentCalls`.
void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  test('each sees how a call went for itself, the newest first, a page at a time', () async {
    final (a, b) = await town.talking();
    a.calling.hangup();
    await b.sees(['onUserLeave alice', 'onCallEnd']);
    await a.calls(b);
    await b.does(b.calling.reject());
    await a.sees(['onReject bob', 'onCallEnd']);
    await a.does(a.calling.call('carol', 2));
    a.calling.hangup();
    expect(await a.recent(3), ['outgoing cancelled carol', 'outgoing declined bob', 'outgoing answered bob']);
    expect(await b.recent(2), ['incoming declined alice', 'incoming answered alice']);
    final c = await town.resident('carol');
    expect(await c.recent(1), ['incoming missed alice']);

    final first = await a.calling.queryRecentCalls(limit: 2);
    expect([first.calls.length, first.more], [2, true]);
    expect(first.calls.first.type, TRTCCalling.typeVideoCall);
    final second = await a.calling.queryRecentCalls(before: first.calls.last.callId, limit: 2);
    expect([second.calls.length, second.more], [1, false]);
    final talked = second.calls.single;
    expect(talked.endedAt.difference(talked.startedAt) >= talked.ringing + talked.talked, isTrue);
    expect(talked.talked > Duration.zero, isTrue);
  });

  test('what is out of range is refused', () async {
    final a = await town.resident('alice');
    for (final limit in [0, 101, -1]) {
      expect((await a.calling.queryRecentCalls(limit: limit)).code, CallingCode.badParameter, reason: '$limit');
    }
  });

  test('signed out there are none to see', () async {
    final phone = FakeServer().phone;
    final page = await phone.queryRecentCalls();
    expect([page.code, page.calls.length, page.more], [CallingCode.notSignedIn, 0, false]);
    phone.destroy();
    expect((await phone.queryRecentCalls()).code, CallingCode.notSignedIn);
  });

  test('a page that can not be read is no page', () async {
    final server = FakeServer();
    await server.signIn();
    final page = server.phone.queryRecentCalls(before: '7');
    final request = await server.asked('queryRecentCalls');
    expect(request['params'], {'before': '7'});
    server.answers(request, {'calls': 'none'});
    expect((await page).code, CallingCode.notARequest);
  });
}
