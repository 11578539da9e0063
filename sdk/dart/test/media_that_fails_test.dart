import 'package:test/test.dart';
import 'package:tsuwa_calling/media.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/told_media.dart';
import 'support/town.dart';

void main() {
  late Town town;
  setUpAll(() async => town = await Town.found());
  tearDownAll(() => town.stop());
  tearDown(() => town.leave());

  test('a device with media is offered it while it rings, with a line to send on', () async {
    final media = ToldMedia();
    final a = await town.resident('alice'), b = town.phone('bob', media: media);
    await b.signIn();
    await a.calls(b);
    await b.until(() => media.offers.isNotEmpty, 'an offer');
    final offer = media.offers.first;
    expect(offer.fresh, isTrue);
    expect(offer.sdp, contains('m=audio'));
    expect(offer.streams.any((line) => line.userId == null && line.kind == StreamKind.audio), isTrue);
    expect(media.told, isNot(contains('openMicrophone')));
  });

  test('9e: who accepts and whose media does not come up in 15 s is out', () async {
    final a = await town.resident('alice'), b = town.phone('bob', media: ToldMedia());
    await b.signIn();
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    await b.until(() => b.events.whereType<CallEnded>().isNotEmpty, 'the end');
    await a.sees(['onUserLeave bob', 'onCallEnd']);
    final [error as CallingError, end as CallEnded] = b.events.sublist(2);
    expect((error.code, end.reason), (CallingCode.mediaFailed, 'media_failed'));
  });
}
