import 'package:test/test.dart';
import 'package:tsuwa_calling/media.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';
import 'support/told_media.dart';

/// What the phone has its media do, and when.
void main() {
  Future<(FakeServer, ToldMedia)> signedIn() async {
    final media = ToldMedia();
    final server = FakeServer(media: media);
    await server.signIn();
    return (server, media);
  }

  Map<String, dynamic> offer(String call, int id) => {
        'method': 'mediaOffer',
        'params': {
          'callId': call,
          'offerId': id,
          'fresh': true,
          'sdp': 'v=0',
          'streams': [
            {'mid': '0', 'kind': 'audio'},
          ],
        },
      };

  test('a device with media says so at its login', () async {
    final server = FakeServer(media: ToldMedia());
    server.phone.login(1, 'alice', 'ticket');
    expect(((await server.asked('login'))['params'] as Map)['media'], 'webrtc');
  });

  test('media is made ready while it rings, and the microphone opens with the answer to accept, not before', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    server.say([offer('5', 1)]);
    await server.settled();
    expect(media.take(), ['offer 5 1']);
    media.host.answer('5', 1, 'the answer');
    expect((await server.asked('mediaAnswer'))['params'], {'callId': '5', 'offerId': 1, 'sdp': 'the answer'});
    final answer = server.phone.accept();
    final request = await server.asked('accept');
    await server.settled();
    expect(media.take(), isEmpty);
    server.answers(request);
    await answer;
    expect(media.take(), ['openMicrophone']);
  });

  test('the microphone of the caller opens with the answer to call', () async {
    final (server, media) = await signedIn();
    final answer = server.phone.call('bob', 1);
    final request = await server.asked('call');
    // The offer may overtake the answer.
    server.say([offer('5', 1)]);
    await server.settled();
    expect(media.take(), ['offer 5 1']);
    server.answers(request, {'callId': '5', 'type': 1});
    await answer;
    expect(media.take(), ['openMicrophone']);
  });

  test('a refused call or accept opens nothing', () async {
    final (server, media) = await signedIn();
    final calling = server.phone.call('bob', 1);
    server.refuses(await server.asked('call'), CallingCode.blocked);
    expect((await calling).code, CallingCode.blocked);
    await server.rings('5');
    final accepting = server.phone.accept();
    server.refuses(await server.asked('accept'), CallingCode.invitationOver);
    expect((await accepting).code, CallingCode.invitationOver);
    expect(media.take(), isEmpty);
  });

  test('an offer for a call that this device knows nothing of is not taken', () async {
    final (server, media) = await signedIn();
    server.say([offer('9', 1)]);
    await server.rings('5');
    server.say([offer('9', 2)]);
    await server.settled();
    expect(media.take(), isEmpty);
  });

  test('a hangup releases the microphone at once, whatever the server says', () async {
    final (server, media) = await signedIn();
    final answer = server.phone.call('bob', 1);
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    await answer;
    media.take();
    server.phone.hangup();
    expect(media.take(), ['endCall']);
  });

  test('the end of the call releases the microphone, and so do a logout and a sign-in elsewhere', () async {
    for (final end in ['onCallEnd', 'onKickedOffline', 'logout']) {
      final (server, media) = await signedIn();
      final answer = server.phone.call('bob', 1);
      server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
      await answer;
      media.take();
      if (end == 'logout') {
        final out = server.phone.logout();
        expect(media.take(), contains('endCall'));
        server.answers(await server.asked('logout'));
        await out;
      } else {
        await server.tells(end, end == 'onCallEnd' ? {'callId': '5'} : {});
        if (end == 'onKickedOffline') server.cuts();
        await server.settled();
        expect(media.take(), contains('endCall'), reason: end);
      }
    }
  });

  test('media that is lost while there is no connection is asked for once there is, unless an offer has come', () async {
    for (final comes in ['an offer', 'nothing', 'another network']) {
      final (server, media) = await signedIn();
      final answer = server.phone.call('bob', 1);
      server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
      await answer;
      if (comes == 'another network') {
        server.phone.networkChanged();
      } else {
        server.cuts();
        await server.settled();
        media.host.restart('5');
      }
      final resume = await server.asked('resume');
      await server.askedNothing();
      final welcome = {'id': resume['id'], 'result': server.welcome()};
      server.say([welcome, if (comes == 'an offer') offer('5', 2)]);
      if (comes != 'an offer') expect((await server.asked('mediaRestart'))['params'], {'callId': '5'});
      await server.askedNothing();
    }
  });

  test('a call that ended while there was no server opens no microphone', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    server.cuts();
    await server.settled();
    final answer = server.phone.accept();
    server.answers(await server.asked('resume'), server.welcome());
    await server.tells('onCallingTimeOut', {'callId': '5'});
    server.refuses(await server.asked('accept'), CallingCode.invitationOver);
    expect((await answer).code, CallingCode.invitationOver);

    final calling = server.phone.call('bob', 1);
    final call = await server.asked('call');
    server.cuts();
    await server.settled();
    server.phone.hangup();
    server.answers(await server.asked('resume'), server.welcome());
    server.answers(await server.asked('call'), {'callId': '6', 'type': 1});
    expect((await server.asked('hangup'))['params'], {'request': call['id']});
    expect((await calling).code, 0);
    expect(media.take(), isNot(contains('openMicrophone')));
  });

  test('a camera that is open as a preview is told to the server once the call is accepted', () async {
    final (server, media) = await signedIn();
    await server.rings('5');
    server.phone.openCamera(true, 3);
    await server.askedNothing();
    final answer = server.phone.accept();
    server.answers(await server.asked('accept'));
    await answer;
    expect((await server.asked('openCamera'))['params'], {'callId': '5'});
    server.phone.closeCamera();
    expect((await server.asked('closeCamera'))['params'], {'callId': '5'});
    expect(media.take(), ['openCamera true 3', 'openMicrophone', 'closeCamera']);
  });

  test('mute is done here and told to the server', () async {
    final (server, media) = await signedIn();
    final answer = server.phone.call('bob', 1);
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    await answer;
    server.phone.setMicMute(true);
    expect((await server.asked('setMicMute'))['params'], {'callId': '5', 'isMute': true});
    expect(media.take(), ['openMicrophone', 'setMicMute true']);
    await server.tells('onCallEnd', {'callId': '5'});
    expect(media.take(), ['endCall', 'setMicMute false']);
  });

  test('media that is lost, or a network that has changed, asks for a new offer', () async {
    final (server, media) = await signedIn();
    final answer = server.phone.call('bob', 1);
    server.answers(await server.asked('call'), {'callId': '5', 'type': 1});
    await answer;
    media.host.restart('5');
    expect((await server.asked('mediaRestart'))['params'], {'callId': '5'});
    media.host.restart('4');
    await server.askedNothing();
    server.phone.networkChanged();
    await server.asked('resume').then((request) => server.answers(request, server.welcome()));
    expect((await server.asked('mediaRestart'))['params'], {'callId': '5'});
  });

  test('what media can not mend is onError, and only while there is a call are volumes told', () async {
    final (server, media) = await signedIn();
    media.host.volumes({null: 10}, 0);
    media.host.error(const Refusal(CallingCode.microphoneFailed, 'refused by its user'));
    await server.settled();
    expect(server.takeTold(), [
      'onError {code: -1302, msg: refused by its user, errCode: -1302, errMsg: refused by its user}',
    ]);
  });
}
