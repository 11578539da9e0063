import 'package:tsuwa_calling/media.dart';


/// Media that notes what it is told, and says what the test wants said.
final class ToldMedia implements CallMedia {
  /// What it was told, in order.
  final List<String> told = [];

  /// Who is told.
  late final MediaHost host;

  /// The offers.
  final List<MediaOffer> offers = [];

  /// What it was told since the last time.
  List<String> take() {
    final all = List.of(told);
    told.clear();
    return all;
  }

  @override
  bool get carriesMedia => true;

  @override
  void attach(MediaHost host) => this.host = host;

  @override
  void offer(MediaOffer offer) {
    offers.add(offer);
    told.add('offer ${offer.callId} ${offer.offerId}');
  }

  @override
  void openMicrophone() => told.add('openMicrophone');

  @override
  void setMicMute(bool isMute) => told.add('setMicMute $isMute');

  @override
  void setHandsFree(bool isHandsFree) => told.add('setHandsFree $isHandsFree');

  @override
  void openCamera(bool isFrontCamera, int viewId) => told.add('openCamera $isFrontCamera $viewId');

  @override
  void closeCamera() => told.add('closeCamera');

  @override
  void switchCamera(bool isFrontCamera) => told.add('switchCamera $isFrontCamera');

  @override
  void startRemoteView(String userId, int streamType, int viewId) => told.add('startRemoteView $userId $viewId');

  @override
  void stopRemoteView(String userId, int streamType) => told.add('stopRemoteView $userId');

  @override
  void endCall() => told.add('endCall');

  @override
  void dispose() => told.add('dispose');
}
