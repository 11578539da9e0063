import 'dart:async';

import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';

void main() {
  test('a call whose answer and end come in one packet is answered before its end is told', () async {
    final server = FakeServer();
    await server.signIn();
    final order = <String>[];
    server.phone.registerListener((type, params) => order.add(type.name));
    Future<void> app() async {
      final answer = await server.phone.call('bob', 1);
      order.add('answer ${answer.code}');
    }

    final calling = app();
    final request = await server.asked('call');
    server.say([
      {
        'id': request['id'],
        'result': {'callId': '5', 'type': 1},
      },
      server.event('onLineBusy', user('5', 'bob')),
      server.event('onCallEnd', {'callId': '5'}),
    ]);
    await calling;
    await server.settled();
    expect(order, ['answer 0', 'onLineBusy', 'onCallEnd']);
  });

  test('a hangup before the call is answered names the request, and no event of that call is told', () async {
    final server = FakeServer();
    await server.signIn();
    final answer = server.phone.call('bob', 1);
    server.phone.hangup();
    final call = await server.asked('call'), hangup = await server.asked('hangup');
    expect(hangup['params'], {'request': call['id']});
    server.answers(call, {'callId': '5', 'type': 1});
    server.answers(hangup);
    expect((await answer).code, 0);
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(server.told, isEmpty);
    await server.askedNothing();
  });

  test('a hangup when idle is silent', () async {
    final server = FakeServer();
    await server.signIn();
    server.phone.hangup();
    await server.askedNothing();
    expect(server.told, isEmpty);
  });

  test('accept names the call, and the invitation to it, that listeners were told of last', () async {
    final server = FakeServer();
    await server.signIn();
    await server.rings('5');
    await server.tells('onCallingCancel', {'callId': '5'});
    await server.rings('6', from: 'carol', invitation: 9);
    final answer = server.phone.accept();
    final request = await server.asked('accept');
    expect(request['params'], naming('6', 9));
    server.refuses(request, CallingCode.invitationOver);
    expect((await answer).code, CallingCode.invitationOver);
  });

  test('accept and reject with nothing ringing are refused at once', () async {
    final server = FakeServer();
    expect((await server.phone.accept()).code, CallingCode.notSignedIn);
    await server.signIn();
    expect((await server.phone.accept()).code, CallingCode.wrongState);
    expect((await server.phone.reject()).code, CallingCode.wrongState);
    await server.askedNothing();
  });

  test('a listener may unregister itself and register another from within a callback', () async {
    final server = FakeServer();
    await server.signIn();
    final told = <String>[];
    void second(TRTCCallingDelegate type, dynamic params) => told.add('second ${type.name}');
    void first(TRTCCallingDelegate type, dynamic params) {
      told.add('first ${type.name}');
      server.phone
        ..unRegisterListener(first)
        ..registerListener(second);
    }

    server.phone.registerListener(first);
    await server.rings('5');
    await server.tells('onCallingTimeOut', {'callId': '5'});
    expect(told, ['first onInvited', 'second onCallingTimeOut']);
  });

  test('a listener that throws does not silence the others', () async {
    final server = FakeServer();
    final heard = <String>[], thrown = <Object>[];
    await server.signIn();
    runZonedGuarded(() {
      server.phone.registerListener((_, __) => throw StateError('a bug of the app'));
    }, (error, _) => thrown.add(error));
    server.phone.registerListener((type, _) => heard.add(type.name));
    await server.tells('onUserSigExpired');
    expect(heard, ['onUserSigExpired']);
    expect(thrown.length, 1);
  });

  test('both spellings of the time-out are one value, and it is told once', () async {
    final server = FakeServer();
    await server.signIn();
    await server.rings('5');
    var times = 0;
    server.phone.registerListener((type, params) {
      switch (type) {
        case TRTCCallingDelegate.onCallingTimeout:
          times++;
        default:
          break;
      }
      if (type == TRTCCallingDelegate.onCallingTimeOut) times += 10;
    });
    await server.tells('onCallingTimeOut', {'callId': '5'});
    expect(times, 11);
  });

  test('a second login with a new ticket renews it in place, and one of another user is refused', () async {
    final server = FakeServer();
    await server.signIn();
    final renewed = server.phone.login(1400000001, 'alice', 'newer');
    final request = await server.asked('login');
    expect((request['params'] as Map)['userSig'], 'newer');
    server.answers(request, server.welcome());
    expect((await renewed).code, 0);
    expect((await server.phone.login(1400000001, 'bob', 'ticket')).code, CallingCode.wrongState);
    await server.askedNothing();
  });

  test('a login while another is under way is refused with 7501', () async {
    final server = FakeServer();
    final first = server.phone.login(1400000001, 'alice', 'ticket');
    expect((await server.phone.login(1400000001, 'alice', 'ticket')).code, CallingCode.signInUnderWay);
    server.answers(await server.asked('login'), server.welcome());
    expect((await first).code, 0);
  });

  test('a refused login can be tried again', () async {
    final server = FakeServer();
    final first = server.phone.login(1400000001, 'alice', 'stale');
    server.refuses(await server.asked('login'), CallingCode.sigExpired);
    expect((await first).code, CallingCode.sigExpired);
    await server.signIn();
  });

  test('a call that the server lost with the session ends once', () async {
    final server = FakeServer();
    await server.signIn();
    await server.rings('5');
    final answer = server.phone.accept();
    server.answers(await server.asked('accept'));
    await answer;
    await server.tells('onUserEnter', user('5', 'bob'));
    server.takeTold();
    await server.beginsAnew();
    await server.settled();
    expect(server.takeTold(), ['onCallEnd {}']);
  });

  test('a call that goes on in a new session is not told from its beginning again', () async {
    final server = FakeServer();
    await server.signIn();
    await server.rings('5');
    final answer = server.phone.accept();
    server.answers(await server.asked('accept'));
    await answer;
    await server.tells('onUserEnter', user('5', 'bob'));
    await server.tells('onUserEnter', user('5', 'carol'));
    await server.tells('onUserAudioAvailable', {...user('5', 'bob'), 'available': true});
    server.takeTold();
    await server.beginsAnew({
      ...naming('5'),
      'type': 1,
      'stage': 'talking',
      'users': [
        {'userId': 'bob', 'audio': false, 'video': false},
      ],
    });
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(server.takeTold(), ['onUserAudioAvailable {userId: bob, available: false}', 'onUserLeave carol']);
  });

  test('signed in elsewhere, it is out, says so once and does not come back', () async {
    final server = FakeServer();
    await server.signIn();
    await server.rings('5');
    final answer = server.phone.accept();
    server.answers(await server.asked('accept'));
    await answer;
    server.takeTold();
    await server.tells('onKickedOffline');
    await server.tells('onCallEnd', {'callId': '5', 'reason': 'signed_in_elsewhere'});
    server.cuts();
    await server.settled();
    expect(server.takeTold(), ['onKickedOffline {}', 'onCallEnd {}']);
    expect(server.opened.length, 1);
    expect((await server.phone.call('bob', 1)).code, CallingCode.notSignedIn);
  });

  test('signed in elsewhere while it rings, it is told that only', () async {
    final server = FakeServer();
    await server.signIn();
    await server.rings('5');
    server.takeTold();
    await server.tells('onKickedOffline');
    server.cuts(4001);
    await server.settled();
    expect(server.takeTold(), ['onKickedOffline {}']);
    expect((await server.phone.accept()).code, CallingCode.notSignedIn);
  });

  test('a device whose place another instance has taken stays away', () async {
    final server = FakeServer();
    await server.signIn();
    server.cuts(4003);
    await server.settled();
    expect(server.takeTold(), ['onKickedOffline {}']);
    expect(server.opened.length, 1);
  });

  test('a muted phone is muted in its next call, and mute ends with the call', () async {
    final server = FakeServer();
    await server.signIn();
    server.phone.setMicMute(true);
    await server.askedNothing();
    final answer = server.phone.call('bob', 1);
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    await answer;
    expect((await server.asked('setMicMute'))['params'], {'callId': '5', 'isMute': true});
    server.phone.hangup();
    await server.asked('hangup');
    server.phone.setMicMute(true);
    server.phone.setMicMute(false);
    await server.askedNothing();
  });

  test('a destroyed instance signs out, tells nobody anything and answers 6014', () async {
    final server = FakeServer();
    await server.signIn();
    server.phone.destroy();
    server.say([server.event('onUserSigExpired')]);
    server.answers(await server.asked('logout'));
    await server.settled();
    expect(server.told, isEmpty);
    expect((await server.phone.login(1, 'alice', 'ticket')).code, CallingCode.notSignedIn);
    expect((await server.phone.call('bob', 1)).code, CallingCode.notSignedIn);
    expect(await server.phone.events.length, 0);
  });

  test("the server's address may be written as people write it", () async {
    for (final (text, url) in [
      ('http://127.0.0.1:7700', 'ws://127.0.0.1:7700/rpc'),
      ('https://calls.example.org/', 'wss://calls.example.org/rpc'),
      ('wss://example.org/tsuwa/rpc', 'wss://example.org/tsuwa/rpc'),
      ('ws://[::1]:7700', 'ws://[::1]:7700/rpc'),
    ]) {
      final server = FakeServer(address: Uri.parse(text));
      await server.signIn();
      expect('${server.opened.single}', url);
    }
  });

  test('what is no address is refused with -1202', () async {
    for (final text in ['ftp://example.org', 'ws://', 'calls.example.org']) {
      final answer = await FakeServer(address: Uri.parse(text)).phone.login(1, 'alice', 'ticket');
      expect(answer.code, CallingCode.badParameter, reason: text);
    }
  });

  test('the typed events come beside the listeners, with what the shapes have no room for', () async {
    final server = FakeServer();
    await server.signIn();
    final events = <CallingEvent>[];
    server.phone.events.listen(events.add);
    await server.tells('onInvited', {
      'callId': '5',
      'sponsor': 'bob',
      'userIds': ['carol'],
      'isFromGroup': true,
      'type': 2,
      'ringsForMs': 1500,
      'userData': 'hello',
    });
    await server.tells('onCallingCancel', {'callId': '5', 'reason': 'answered_elsewhere'});
    final [invited as Invited, cancelled as CallingCancelled] = events;
    expect((invited.callId, invited.userData, invited.ringsFor.inMilliseconds), ('5', 'hello', 1500));
    expect(cancelled.reason, 'answered_elsewhere');
  });

  test('a phone that only signals says so where a camera is wanted', () async {
    final server = FakeServer();
    await server.signIn();
    server.phone.openCamera(true, 1);
    await server.settled();
    expect(server.told.single, contains('code: ${CallingCode.cameraFailed}'));
  });
}
