/// Voice and video calls on your own server, with the API of TRTCCalling for Flutter.
///
/// [TRTCCalling] is the telephone, [TRTCCallingDelegate] what its listeners are told, [CallingEvent] the same as typed
/// events. Sound and picture are a [CallMedia] that the app chooses; `package:tsuwa_calling/media.dart` is for those who
/// write one.
library;

export 'src/action_callback.dart' show ActionCallback;
export 'src/calling.dart' show TRTCCalling;
export 'src/codes.dart' show CallingCode;
export 'src/delegate.dart' show TRTCCallingDelegate, VoiceListenerFunc;
export 'src/event.dart';
export 'src/media/call_media.dart' show CallMedia, SignallingOnly;
export 'src/recent.dart' show CallDirection, RecentCall, RecentCalls, RecentOutcome;
