/// For those who bring sound and picture to `package:tsuwa_calling`.
///
/// [CallMedia] is what the SDK drives. [RtcMedia] is one over any WebRTC engine: it keeps to the protocol's rules, and
/// leaves to an [RtcEngine] what only the engine can do.
library;

export 'src/codes.dart' show Refusal;
export 'src/media/call_media.dart' show CallMedia, MediaHost, MediaOffer, MediaStreamLine, SignallingOnly, StreamKind;
export 'src/media/rtc_engine.dart';
export 'src/media/rtc_media.dart' show RtcMedia;
