import 'package:tsuwa_calling/tsuwa_calling.dart';

/// Signs in, calls somebody if there is somebody to call, takes every call, and says what happens.
Future<void> main(List<String> args) async {
  final [server, user, ticket, ...callee] = args;
  TRTCCalling.server = Uri.parse(server);

  final calling = await TRTCCalling.sharedInstance();
  calling.registerListener((type, params) {
    print('${type.name} $params');
    switch (type) {
      case TRTCCallingDelegate.onInvited:
        calling.accept();
      case TRTCCallingDelegate.onCallEnd:
        TRTCCalling.destroySharedInstance();
      default:
        break;
    }
  });

  final signedIn = await calling.login(1400000001, user, ticket);
  print('login: $signedIn');
  if (callee.isNotEmpty) {
    print('call: ${await calling.call(callee.first, TRTCCalling.typeAudioCall)}');
  }
}
