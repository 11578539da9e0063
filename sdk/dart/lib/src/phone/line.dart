import 'dart:async';
import 'dart:collection';

import '../action_callback.dart';
import '../session/client_session.dart';
import '../wire/socket.dart';

/// A session, its clock and timer, and the socket that it goes over just now.
final class Line {
  /// A line that begins to sign in; [_changed] is called when the session may want something.
  Line(this.credentials, this.url, this.login, this._open, this._changed, double Function() draw) {
    _session = ClientSession(_clock.elapsed, credentials, draw);
  }

  /// Who signs in.
  final Credentials credentials;

  /// Where.
  final Uri url;

  /// The answer to the `login` that began it, until it is given.
  Completer<ActionCallback>? login;

  /// The server has said welcome.
  bool signedIn = false;

  /// `onKickedOffline` was told.
  bool kicked = false;

  final OpenSocket _open;
  final void Function() _changed;
  final Stopwatch _clock = Stopwatch()..start();
  final Queue<void Function(ClientSession, Duration)> _news = Queue();
  late final ClientSession _session;
  ({int link, Socket socket})? _socket;
  Timer? _timer;
  bool _newsDue = false;
  bool _inCall = false;
  bool _ended = false;

  /// Does something with the session at this moment.
  T session<T>(T Function(ClientSession session, Duration now) act) => act(_session, _clock.elapsed);

  /// Says whether the device is in a call, if that is news.
  void setInCall({required bool inCall}) {
    if (_inCall == inCall) return;
    _inCall = inCall;
    _session.setInCall(_clock.elapsed, inCall: inCall);
  }

  /// Opens a socket.
  void connect(int link) {
    _closeSocket();
    final socket = _open(
      url,
      SocketListener(
        opened: () => _add((session, now) => session.opened(now, link)),
        text: (text) => _add((session, now) => session.frame(now, link, text)),
        closed: (code) => _add((session, now) {
          if (_socket?.link == link) _socket = null;
          session.closed(now, link, code);
        }),
      ),
    );
    if (!_ended) _socket = (link: link, socket: socket);
  }

  /// Sends on the socket, if it is this one.
  void send(int link, String text) {
    if (_socket case (link: final present, :final socket) when present == link) socket.send(text);
  }

  /// Closes the socket, if it is this one.
  void close(int link) {
    if (_socket?.link == link) _closeSocket();
  }

  /// Wakes the session at this moment of its clock.
  void wakeAt(Duration at) {
    _timer?.cancel();
    if (_ended) return;
    final pause = at - _clock.elapsed;
    _timer = Timer(pause.isNegative ? Duration.zero : pause, () {
      session((session, now) => session.timer(now));
      _changed();
    });
  }

  /// Nothing comes of it any more.
  void end() {
    _ended = true;
    _timer?.cancel();
    _news.clear();
    _closeSocket();
  }

  void _closeSocket() {
    _socket?.socket.close();
    _socket = null;
  }

  /// Each piece of news has a turn of the event loop to itself: frames that come in one packet would else be told before
  /// an app that awaits the answer in the first of them goes on.
  void _add(void Function(ClientSession, Duration) news) {
    if (_ended) return;
    _news.add(news);
    if (!_newsDue) _nextNews();
  }

  void _nextNews() {
    _newsDue = false;
    if (_ended || _news.isEmpty) return;
    _newsDue = true;
    _news.removeFirst()(_session, _clock.elapsed);
    _changed();
    Timer.run(_nextNews);
  }
}
