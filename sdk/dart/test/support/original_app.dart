import 'package:tsuwa_calling/tsuwa_calling.dart';

/// The calling page of an app as the API document has apps written: a singleton, a listener with a `switch` over the
/// delegate's callbacks, parameters in the original shapes. Nothing in it knows of Tsuwa but the import above.
class CallPage {
  late TRTCCalling tRTCCallingService;

  /// What the page shows, line by line.
  final List<String> screen = [];

  initTrtc() async {
    tRTCCallingService = await TRTCCalling.sharedInstance();
    tRTCCallingService.registerListener(onRtcListener);
  }

  onRtcListener(type, params) {
    switch (type) {
      case TRTCCallingDelegate.onError:
        int code = params['code'];
        String msg = params['msg'];
        screen.add('error $code $msg, that is ${params['errCode']} ${params['errMsg']}');
        break;
      case TRTCCallingDelegate.onInvited:
        String sponsor = params['sponsor'];
        List<String> userIds = params['userIds'];
        bool isFromGroup = params['isFromGroup'];
        int callType = params['type'];
        var what = callType == TRTCCalling.typeVideoCall ? 'video' : 'voice';
        screen.add('$what call from $sponsor' + (isFromGroup ? ' with ${userIds.join(' and ')}' : ''));
        break;
      case TRTCCallingDelegate.onReject:
        String userId = params;
        screen.add('$userId declined');
        break;
      case TRTCCallingDelegate.onNoResp:
        String userId = params;
        screen.add('$userId does not answer');
        break;
      case TRTCCallingDelegate.onLineBusy:
        String userId = params;
        screen.add('$userId is busy');
        break;
      case TRTCCallingDelegate.onCallingCancel:
        screen.add('cancelled');
        break;
      case TRTCCallingDelegate.onCallingTimeOut:
        screen.add('timed out');
        break;
      case TRTCCallingDelegate.onUserEnter:
        String userId = params;
        screen.add('$userId is here');
        break;
      case TRTCCallingDelegate.onUserLeave:
        String userId = params;
        screen.add('$userId has left');
        break;
      case TRTCCallingDelegate.onUserAudioAvailable:
        String userId = params['userId'];
        bool available = params['available'];
        screen.add('$userId ' + (available ? 'is heard' : 'is silent'));
        break;
      case TRTCCallingDelegate.onUserVideoAvailable:
        if (params['available']) {
          tRTCCallingService.startRemoteView(params['userId'], 1, 7);
        } else {
          tRTCCallingService.stopRemoteView(params['userId'], 1);
        }
        screen.add('picture of ${params['userId']}: ${params['available']}');
        break;
      case TRTCCallingDelegate.onUserVoiceVolume:
        List userVolumes = params['userVolumes'];
        int totalVolume = params['totalVolume'];
        for (var each in userVolumes) {
          String userId = each['userId'];
          int volume = each['volume'];
          screen.add('$userId at $volume of $totalVolume');
        }
        break;
      case TRTCCallingDelegate.onCallEnd:
        screen.add('the end');
        break;
      case TRTCCallingDelegate.onKickedOffline:
        screen.add('signed in elsewhere');
        break;
      // Named by apps, though nothing ever comes of them.
      case TRTCCallingDelegate.onWarning:
      case TRTCCallingDelegate.onEnterRoom:
      case TRTCCallingDelegate.onGroupCallInviteeListUpdate:
        screen.add('unexpected');
        break;
    }
  }

  dispose() {
    tRTCCallingService.unRegisterListener(onRtcListener);
    TRTCCalling.destroySharedInstance();
  }

  /// Waits for the screen to show so many lines, and takes them.
  Future<List<String>> shows(int lines) async {
    for (var i = 0; i < 2000 && screen.length < lines; i++) {
      await Future<void>.delayed(const Duration(milliseconds: 10));
    }
    final shown = List.of(screen);
    screen.clear();
    return shown;
  }
}
