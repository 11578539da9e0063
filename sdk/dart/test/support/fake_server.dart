import 'dart:async';
import 'dart:convert';

import 'package:test/test.dart';
import 'package:tsuwa_calling/src/media/call_media.dart';
import 'package:tsuwa_calling/src/phone/phone.dart';
import 'package:tsuwa_calling/src/wire/socket.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

/// The parameters of an answer to an invitation of [FakeServer.rings], or of the end of what came of it; `null` for a
/// server that does not name invitations.
Map<String, dynamic> naming(String call, [int? invitation = 3]) =>
    {'callId': call, if (invitation != null) 'invitationId': invitation};

/// The parameters of an event about a user.
Map<String, dynamic> user(String call, String id) => {'callId': call, 'userId': id};

/// A server whose every word the test says, at the other end of one phone.
final class FakeServer {
  /// The server, and a phone that knows no other.
  FakeServer({CallMedia? media, Uri? address}) {
    phone = Phone(
      server: () => address ?? Uri.parse('ws://fake'),
      media: media ?? SignallingOnly(),
      deviceId: 'phone',
      open: _open,
    )..registerListener((type, params) => told.add('${type.name} $params'));
    addTearDown(phone.destroy);
  }

  /// The phone.
  late final Phone phone;

  /// What its first listener was told.
  final List<String> told = [];

  /// The sockets' addresses.
  final List<Uri> opened = [];

  final List<Map<String, dynamic>> _frames = [];
  SocketListener? _socket;
  int _seq = 0;

  Socket _open(Uri url, SocketListener listener) {
    opened.add(url);
    _socket = listener;
    scheduleMicrotask(listener.opened);
    return _FakeSocket(this, listener);
  }

  /// The phone's next frame but for acknowledgements and pings; fails if it is another method's.
  Future<Map<String, dynamic>> asked(String method) async {
    for (var i = 0; i < 1000; i++) {
      if (_frames.isNotEmpty) {
        final frame = _frames.removeAt(0);
        expect(frame['method'], method);
        return frame;
      }
      await Future<void>.delayed(const Duration(milliseconds: 1));
    }
    fail('the phone did not ask for $method');
  }

  /// Fails if the phone has asked for anything that [asked] was not called for.
  Future<void> askedNothing() async {
    await settled();
    expect(_frames, isEmpty);
  }

  /// Lets the phone do what it has to do.
  Future<void> settled() async {
    await Future<void>.delayed(const Duration(milliseconds: 10));
    // However busy the machine is: what has begun goes on in turns of the event loop, and none takes so many.
    for (var turn = 0; turn < 40; turn++) {
      await Future<void>.delayed(Duration.zero);
    }
  }

  /// Says several frames as one packet of the network.
  void say(List<Map<String, dynamic>> frames) {
    for (final frame in frames) {
      _socket?.text(jsonEncode({'jsonrpc': '2.0', ...frame}));
    }
  }

  /// A frame with an event.
  Map<String, dynamic> event(String method, [Map<String, dynamic> params = const {}]) => {
        'method': method,
        'params': {...params, 'seq': ++_seq},
      };

  /// Tells events.
  Future<void> tells(String method, [Map<String, dynamic> params = const {}]) async {
    say([event(method, params)]);
    await settled();
  }

  /// Answers a request.
  void answers(Map<String, dynamic> request, [Map<String, dynamic> result = const {}]) =>
      say([
        {'id': request['id'], 'result': result},
      ]);

  /// Refuses a request.
  void refuses(Map<String, dynamic> request, int code) =>
      say([
        {
          'id': request['id'],
          'error': {'code': code, 'message': 'refused'},
        },
      ]);

  /// The socket is cut, or closed with this code.
  void cuts([int? code]) => _socket?.closed(code);

  /// What the answer to a sign-in says.
  Map<String, dynamic> welcome([Map<String, dynamic>? call]) =>
      {'sessionId': '1', 'resumeToken': 'secret', 'keptMs': 60000, if (call != null) 'call': call};

  /// Signs the phone in.
  Future<void> signIn([Map<String, dynamic>? call]) async {
    final answer = phone.login(1400000001, 'alice', 'ticket');
    answers(await asked('login'), welcome(call));
    expect((await answer).code, 0);
  }

  /// Rings at the phone.
  Future<void> rings(String call, {String from = 'bob', int? invitation = 3}) => tells('onInvited', {
        ...naming(call, invitation),
        'sponsor': from,
        'userIds': <String>[],
        'isFromGroup': false,
        'type': 1,
        'ringsForMs': 30000,
      });

  /// The phone is called, accepts, and the caller comes in.
  Future<void> talks(String call, String other) async {
    await rings(call, from: other);
    final answer = phone.accept();
    answers(await asked('accept'));
    expect((await answer).code, 0);
    await tells('onUserEnter', user(call, other));
    takeTold();
  }

  /// Offers media.
  Future<void> offers(String call, int id) async {
    say([
      {
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
      },
    ]);
    await settled();
  }

  /// What [welcome] says of a call that the phone is in with these.
  Map<String, dynamic> talking(String call, List<String> users, [int? invitation = 3]) => {
        ...naming(call, invitation),
        'type': 1,
        'stage': 'talking',
        'users': [
          for (final each in users) {'userId': each, 'audio': false, 'video': false},
        ],
      };

  /// What [welcome] says of a call that rings at the phone.
  Map<String, dynamic> ringing(String call, [int? invitation = 3]) =>
      {...talking(call, [], invitation), 'stage': 'ringing'};

  /// The session is lost: the phone's `resume` is refused, and its new `login` is answered so.
  Future<void> beginsAnew([Map<String, dynamic>? call]) async {
    cuts();
    refuses(await asked('resume'), CallingCode.notSignedIn);
    _seq = 0;
    answers(await asked('login'), welcome(call));
  }

  /// What the listener was told since the last time.
  List<String> takeTold() {
    final all = List.of(told);
    told.clear();
    return all;
  }
}

final class _FakeSocket implements Socket {
  _FakeSocket(this._server, this._listener);

  final FakeServer _server;
  final SocketListener _listener;

  @override
  void send(String text) {
    if (_server._socket != _listener) return;
    final frame = jsonDecode(text) as Map<String, dynamic>;
    if (frame['method'] == 'ping') {
      scheduleMicrotask(() => _server.answers(frame));
    } else if (frame['method'] != 'ack') {
      _server._frames.add(frame);
    }
  }

  @override
  void close() {
    if (_server._socket == _listener) _server._socket = null;
  }
}
