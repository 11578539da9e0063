import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';
import 'support/told_media.dart';

/// Answers that come behind what followed from them, or never.
void main() {
  Future<(FakeServer, ToldMedia)> signedIn() async {
    final media = ToldMedia();
    final server = FakeServer(media: media);
    await server.signIn();
    return (server, media);
  }

  /// The phone is in no call: there is nothing to hang up, and nothing to answer.
  Future<void> isIdle(FakeServer server) async {
    server.phone.hangup();
    await server.askedNothing();
    expect((await server.phone.accept()).code, CallingCode.wrongState);
  }

  test('a call whose end is heard before its answer is over', () async {
    final (server, media) = await signedIn();
    server.phone.setMicMute(true);
    final calling = server.phone.call('bob', 1);
    await server.asked('call');
    server.cuts();
    server.answers(await server.asked('resume'), server.welcome());
    await server.tells('onLineBusy', user('5', 'bob'));
    await server.tells('onCallEnd', {'callId': '5'});
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    expect((await calling).code, 0);
    expect(server.takeTold(), ['onLineBusy bob', 'onCallEnd {}']);
    await isIdle(server);

    // It was left behind for good: the next one is as any other, and not muted.
    media.take();
    final next = server.phone.call('bob', 1);
    server.answers(await server.asked('call'), {'callId': '6', 'type': 1});
    expect((await next).code, 0);
    expect(media.take(), ['openMicrophone']);
    await server.askedNothing();
  });

  test('so it is if somebody had come in, and if another rang meanwhile', () async {
    final (server, media) = await signedIn();
    final calling = server.phone.call('bob', 1);
    await server.asked('call');
    server.cuts();
    server.answers(await server.asked('resume'), server.welcome());
    await server.tells('onUserEnter', user('5', 'bob'));
    await server.tells('onUserLeave', {...user('5', 'bob'), 'reason': 0});
    await server.tells('onCallEnd', {'callId': '5'});
    await server.rings('6', from: 'carol');
    await server.tells('onCallingCancel', {'callId': '6'});
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    expect((await calling).code, 0);
    await isIdle(server);
    expect(media.take(), isNot(contains('openMicrophone')));
  });

  test('the media of a call that was over before its answer is closed', () async {
    final (server, media) = await signedIn();
    final calling = server.phone.call('bob', 1);
    await server.asked('call');
    server.cuts();
    server.answers(await server.asked('resume'), server.welcome());
    await server.offers('5', 1);
    await server.tells('onNoResp', user('5', 'bob'));
    await server.tells('onCallEnd', {'callId': '5'});
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    expect((await calling).code, 0);
    expect(media.take(), ['offer 5 1', 'endCall']);
  });

  test('the media of a call that comes to nothing is closed', () async {
    final (server, media) = await signedIn();
    final calling = server.phone.call('bob', 1);
    final request = await server.asked('call');
    await server.offers('5', 1);
    server.refuses(request, CallingCode.noMediaWorker);
    expect((await calling).code, CallingCode.noMediaWorker);
    expect(media.take(), ['offer 5 1', 'endCall']);
  });

  test('who came in before the answer to call is not told again after a new sign-in', () async {
    final (server, _) = await signedIn();
    final calling = server.phone.call('bob', 1);
    await server.asked('call');
    server.cuts();
    server.answers(await server.asked('resume'), server.welcome());
    await server.tells('onUserEnter', user('5', 'bob'));
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    expect((await calling).code, 0);
    expect(server.takeTold(), ['onUserEnter bob']);
    await server.beginsAnew(server.talking('5', ['bob']));
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(server.takeTold(), isEmpty);
  });

  test('what still comes of a call that was hung up hides nobody in the next', () async {
    final (server, _) = await signedIn();
    await server.talks('5', 'bob');
    server.phone.hangup();
    final hangup = await server.asked('hangup');
    await server.tells('onUserEnter', user('5', 'carol'));
    await server.tells('onUserAudioAvailable', {...user('5', 'bob'), 'available': true});
    server.answers(hangup);
    final calling = server.phone.groupCall(['bob', 'carol'], 1);
    final request = await server.asked('groupCall');
    server.takeTold();
    await server.tells('onUserEnter', user('6', 'carol'));
    server.answers(request, {'callId': '6', 'type': 1});
    expect((await calling).code, 0);
    await server.tells('onUserEnter', user('6', 'bob'));
    await server.tells('onUserAudioAvailable', {...user('6', 'bob'), 'available': true});
    expect(server.takeTold(), [
      'onUserEnter carol',
      'onUserEnter bob',
      'onUserAudioAvailable {userId: bob, available: true}',
    ]);
  });

  test('a call that the app knows as failed rings nobody: it is hung up by its request', () async {
    final (server, _) = await signedIn();
    final calling = server.phone.call('bob', 1);
    final request = await server.asked('call');
    await server.beginsAnew();
    expect((await calling).code, CallingCode.noAnswer);
    expect((await server.asked('hangup'))['params'], {'request': request['id']});
    await isIdle(server);
  });

  test('an invitation that the app knows as failed does not end the call that goes on, but ends with it', () async {
    final (server, _) = await signedIn();
    await server.talks('5', 'bob');
    final inviting = server.phone.call('carol', 1);
    final request = await server.asked('call');
    await server.beginsAnew(server.talking('5', ['bob']));
    expect((await inviting).code, CallingCode.noAnswer);
    await server.askedNothing();
    await server.tells('onCallEnd', {'callId': '5'});
    expect((await server.asked('hangup'))['params'], {'request': request['id']});
  });

  test('a failed call that the server is found to have is hung up, and nothing of it is told', () async {
    final (server, media) = await signedIn();
    final calling = server.phone.call('bob', 1);
    final request = await server.asked('call');
    await server.beginsAnew(server.talking('5', ['bob'], 0));
    expect((await calling).code, CallingCode.noAnswer);
    expect((await server.asked('hangup'))['params'], {'request': request['id']});
    final hangup = await server.asked('hangup');
    expect(hangup['params'], naming('5', 0));
    await server.tells('onUserEnter', user('5', 'bob'));
    server.answers(hangup);
    await server.settled();
    expect(server.takeTold(), isEmpty);
    await isIdle(server);
    expect(media.take(), isNot(contains('openMicrophone')));
  });

  test('an accept without an answer that was taken opens the microphone when the others are told of', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    final accepting = server.phone.accept();
    await server.asked('accept');
    await server.beginsAnew(server.talking('5', ['bob']));
    expect((await accepting).code, CallingCode.noAnswer);
    expect(media.take(), isEmpty);
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(media.take(), ['openMicrophone']);
  });

  test('an accept that was refused opens no microphone, whatever is told', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    final accepting = server.phone.accept();
    server.refuses(await server.asked('accept'), CallingCode.sigExpired);
    expect((await accepting).code, CallingCode.sigExpired);
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(media.take(), isEmpty);
  });

  test('an accept without an answer opens no microphone once the app has declined', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    final accepting = server.phone.accept();
    await server.asked('accept');
    await server.beginsAnew(server.ringing('5'));
    expect((await accepting).code, CallingCode.noAnswer);
    final rejecting = server.phone.reject();
    final request = await server.asked('reject');
    await server.tells('onUserEnter', user('5', 'bob'));
    server.refuses(request, CallingCode.wrongState);
    expect((await rejecting).code, CallingCode.wrongState);
    expect(media.take(), isEmpty);
  });

  test('a rejection without an answer ends the ringing here, and is said again at the next sign-in', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    final rejecting = server.phone.reject();
    await server.asked('reject');
    server.takeTold();
    await server.beginsAnew(server.ringing('5'));
    expect((await rejecting).code, CallingCode.noAnswer);
    expect(media.take(), ['endCall']);
    final again = await server.asked('hangup');
    expect(again['params'], naming('5'));
    // The server told of it before it heard that.
    await server.rings('5');
    await isIdle(server);

    // The server has heard it: at another sign-in there is nothing to say.
    server.answers(again);
    await server.beginsAnew();
    await server.askedNothing();
    expect(server.takeTold(), isEmpty);
  });

  test('a rejection that is not answered at all is given up, and nothing rings any more', () async {
    final (server, _) = await signedIn();
    await server.rings('5');
    final rejecting = server.phone.reject();
    await server.asked('reject');
    expect((await rejecting).code, CallingCode.noAnswer);
    expect((await server.phone.accept()).code, CallingCode.wrongState);
    await server.askedNothing();
  });

  test('a call that was left before another one is hung up again where the server has it still', () async {
    final (server, _) = await signedIn();
    await server.talks('5', 'bob');
    server.phone.hangup();
    await server.asked('hangup');
    final calling = server.phone.call('carol', 1);
    server.answers(await server.asked('call'), {...naming('6', 0), 'type': 1});
    expect((await calling).code, 0);
    server.phone.hangup();
    await server.asked('hangup');
    await server.beginsAnew(server.talking('5', ['bob']));
    expect((await server.asked('hangup'))['params'], naming('5'));
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(server.takeTold(), isEmpty);
    await isIdle(server);
  });

  test('a call that was left rings anew, and is not hung up by what was meant for the first time', () async {
    // Of a server that names invitations, and of one that does not.
    for (final (first, second) in [(3, 8), (null, null)]) {
      final (server, _) = await signedIn();
      await server.rings('5', invitation: first);
      final rejecting = server.phone.reject();
      await server.asked('reject');
      await server.beginsAnew();
      expect((await rejecting).code, CallingCode.noAnswer);
      server.takeTold();
      await server.rings('5', invitation: second);
      await server.beginsAnew(server.ringing('5', second));
      await server.rings('5', invitation: second);
      await server.askedNothing();
      expect(server.takeTold().single, contains('onInvited'));
      final accepting = server.phone.accept();
      final accept = await server.asked('accept');
      expect(accept['params'], naming('5', second));
      server.answers(accept);
      expect((await accepting).code, 0);
      await server.tells('onUserEnter', user('5', 'bob'));
      expect(server.takeTold(), ['onUserEnter bob']);
    }
  });

  test('a call, and a ringing, end where their session is refused for good', () async {
    for (final (begin, end) in [('talks', 'onCallEnd'), ('rings', 'onCallingCancel')]) {
      final (server, _) = await signedIn();
      await (begin == 'talks' ? server.talks('5', 'bob') : server.rings('5'));
      server.takeTold();
      server.cuts();
      server.refuses(await server.asked('resume'), CallingCode.notSignedIn);
      server.refuses(await server.asked('login'), 70001);
      await server.settled();
      expect([for (final event in server.takeTold()) event.split(' ').first], ['onError', end]);
      server.phone.hangup();
      await server.askedNothing();
    }
  });
}
