import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';
import 'support/original_app.dart';
import 'support/told_media.dart';
import 'support/town.dart';

/// An app that was written to the original API runs unchanged.
void main() {
  test('every callback reaches the listener in the shape that it reads', () async {
    final media = ToldMedia();
    final server = FakeServer(media: media);
    final page = CallPage()..tRTCCallingService = server.phone;
    server.phone.registerListener(page.onRtcListener);
    await server.signIn();
    Map<String, dynamic> of(String user) => {'callId': '5', 'userId': user};
    await server.tells('onInvited', {
      'callId': '5', 'sponsor': 'bob', 'userIds': ['carol', 'dave'], 'isFromGroup': true, 'type': 2, //
      'ringsForMs': 30000,
    });
    final answer = page.tRTCCallingService.accept();
    server.answers(await server.asked('accept'));
    await answer;
    await server.tells('onUserEnter', of('bob'));
    await server.tells('onUserAudioAvailable', {...of('bob'), 'available': true});
    await server.tells('onUserVideoAvailable', {...of('bob'), 'available': true});
    media.host.volumes({null: 12, 'bob': 60}, 60);
    await server.tells('onReject', of('carol'));
    await server.tells('onNoResp', of('dave'));
    await server.tells('onLineBusy', of('erin'));
    await server.tells('onUserVideoAvailable', {...of('bob'), 'available': false});
    await server.tells('onUserLeave', {...of('bob'), 'reason': 0});
    await server.tells('onError', {'code': CallingCode.mediaFailed, 'msg': 'no media', 'callId': '5'});
    await server.tells('onCallEnd', {'callId': '5'});
    await server.rings('6');
    await server.tells('onCallingCancel', {'callId': '6'});
    await server.rings('7');
    await server.tells('onCallingTimeOut', {'callId': '7'});
    await server.tells('onKickedOffline');
    expect(page.screen, [
      'video call from bob with carol and dave',
      'bob is here',
      'bob is heard',
      'picture of bob: true',
      'alice at 12 of 60',
      'bob at 60 of 60',
      'carol declined',
      'dave does not answer',
      'erin is busy',
      'picture of bob: false',
      'bob has left',
      'error -3301 no media, that is -3301 no media',
      'the end',
      'voice call from bob',
      'cancelled',
      'voice call from bob',
      'timed out',
      'signed in elsewhere',
    ]);
    expect(media.told.where((each) => each.endsWith('bob 7') || each.endsWith('bob')).toList(), [
      'startRemoteView bob 7',
      'stopRemoteView bob',
    ]);
  });

  // In this file, since there is one shared instance.
  test('the shared instance is one until it is destroyed', () async {
    final first = await TRTCCalling.sharedInstance();
    expect(identical(first, await TRTCCalling.sharedInstance()), isTrue);
    TRTCCalling.destroySharedInstance();
    expect(identical(first, await TRTCCalling.sharedInstance()), isFalse);
    TRTCCalling.destroySharedInstance();
  });

  test('the app calls and is called over a real server, told nothing but its address', () async {
    final town = await Town.found();
    addTearDown(town.stop);
    TRTCCalling.server = town.address;
    final page = CallPage();
    await page.initTrtc();
    addTearDown(page.dispose);
    final service = page.tRTCCallingService;
    final ActionCallback signedIn = await service.login(App.plain.id, 'alice', await town.ticket('alice'));
    expect(signedIn.code, 0);

    final b = await town.resident('bob');
    expect((await service.call('bob', TRTCCalling.typeAudioCall)).code, 0);
    await b.sees([b.invitation('alice')]);
    await b.does(b.calling.reject());
    expect(await page.shows(2), ['bob declined', 'the end']);

    await b.does(b.calling.call('alice', 2));
    expect(await page.shows(1), ['video call from bob']);
    expect((await service.accept()).code, 0);
    expect(await page.shows(1), ['bob is here']);
    service.setMicMute(true);
    service.hangup();
    await b.sees(['onUserEnter alice', 'onUserLeave alice', 'onCallEnd']);
    expect((await service.logout()).code, 0);
    expect(page.screen, isEmpty);
  });
}
