import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';
import 'support/told_media.dart';

/// Somebody is invited to the same call again: each answer is to one invitation.
void main() {
  Future<(FakeServer, ToldMedia)> signedIn() async {
    final media = ToldMedia();
    final server = FakeServer(media: media);
    await server.signIn();
    return (server, media);
  }

  test('a rejection that is carried late does not decline the second ringing of a call', () async {
    final (server, _) = await signedIn();
    await server.rings('5');
    server.cuts();
    final rejecting = server.phone.reject();
    server.answers(await server.asked('resume'), server.welcome());
    await server.tells('onCallingTimeOut', {'callId': '5'});
    await server.rings('5', invitation: 8);
    final reject = await server.asked('reject');
    expect(reject['params'], naming('5'));
    server.refuses(reject, CallingCode.invitationOver);
    expect((await rejecting).code, CallingCode.invitationOver);
    // It rings on, can be answered, and is told of.
    final accepting = server.phone.accept();
    final accept = await server.asked('accept');
    expect(accept['params'], naming('5', 8));
    server.answers(accept, {...naming('5', 8), 'type': 1});
    expect((await accepting).code, 0);
    await server.tells('onUserEnter', user('5', 'bob'));
    expect(server.takeTold().last, 'onUserEnter bob');
  });

  test('an answer that was given in time and comes late is not of the second ringing', () async {
    for (final act in ['accept', 'reject']) {
      final (server, media) = await signedIn();
      await server.rings('5');
      final answering = act == 'accept' ? server.phone.accept() : server.phone.reject();
      final request = await server.asked(act);
      await server.tells(act == 'accept' ? 'onCallEnd' : 'onCallingTimeOut', {'callId': '5'});
      await server.rings('5', invitation: 8);
      server.takeTold();
      server.answers(request, act == 'accept' ? {...naming('5'), 'type': 1} : {});
      expect((await answering).code, 0);
      expect(media.take(), isNot(contains('openMicrophone')), reason: act);
      final rejecting = server.phone.reject();
      final second = await server.asked('reject');
      expect(second['params'], naming('5', 8), reason: act);
      server.refuses(second, CallingCode.invitationOver);
      await rejecting;
      await server.tells('onCallingCancel', {'callId': '5'});
      expect(server.takeTold(), ['onCallingCancel {}'], reason: act);
    }
  });

  test('the end of a ringing that only a new session could tell of comes before the next of the same call', () async {
    for (final talked in [false, true]) {
      final (server, media) = await signedIn();
      if (talked) await server.talks('5', 'bob');
      if (!talked) await server.rings('5');
      server.takeTold();
      media.take();
      await server.beginsAnew(server.ringing('5', 8));
      await server.rings('5', invitation: 8);
      await server.askedNothing();
      final [end, invited] = server.takeTold();
      expect(end, talked ? 'onCallEnd {}' : 'onCallingCancel {}');
      expect(invited, contains('onInvited'));
      expect(media.take(), ['endCall'], reason: 'nobody is heard before the answer');
      final accepting = server.phone.accept();
      final accept = await server.asked('accept');
      expect(accept['params'], naming('5', 8));
      server.answers(accept, {...naming('5', 8), 'type': 1});
      expect((await accepting).code, 0);
      expect(media.take(), ['openMicrophone']);
    }
  });

  test('a hangup names the invitation by which the phone is in the call: none, if it made the call', () async {
    for (final by in ['call', 'accept', 'both at once', 'sign-in']) {
      final media = ToldMedia();
      final server = FakeServer(media: media);
      await server.signIn(by == 'sign-in' ? server.talking('5', ['bob'], 4) : null);
      if (by == 'accept') await server.talks('5', 'bob');
      if (by == 'both at once') await server.rings('5');
      if (by == 'call' || by == 'both at once') {
        final calling = server.phone.call('bob', 1);
        server.answers(await server.asked('call'), {...naming('5', by == 'call' ? 0 : 3), 'type': 1});
        expect((await calling).code, 0);
      }
      // Whom it invites does not change that.
      final inviting = server.phone.call('carol', 1);
      final invitation = switch (by) { 'call' => 0, 'sign-in' => 4, _ => 3 };
      server.answers(await server.asked('call'), {...naming('5', invitation), 'type': 1});
      expect((await inviting).code, 0);
      server.phone.hangup();
      expect((await server.asked('hangup'))['params'], naming('5', invitation), reason: by);
    }
  });

  test('who is invited again to a call that it left is told who is there', () async {
    final (server, _) = await signedIn();
    await server.talks('5', 'bob');
    server.phone.hangup();
    final hangup = await server.asked('hangup');
    await server.tells('onUserEnter', user('5', 'carol'));
    server.answers(hangup);
    await server.rings('5', from: 'carol', invitation: 8);
    final accepting = server.phone.accept();
    server.answers(await server.asked('accept'), {...naming('5', 8), 'type': 1});
    expect((await accepting).code, 0);
    server.takeTold();
    await server.tells('onUserEnter', user('5', 'bob'));
    await server.tells('onUserEnter', user('5', 'carol'));
    expect(server.takeTold(), ['onUserEnter bob', 'onUserEnter carol']);
  });

  test('a server that does not name invitations is answered as it was', () async {
    final (server, _) = await signedIn();
    await server.rings('5', invitation: null);
    server.phone.accept();
    expect((await server.asked('accept'))['params'], {'callId': '5'});
  });
}
