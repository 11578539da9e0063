import 'dart:convert';

import '../codes.dart';
import '../event.dart';
import '../media/call_media.dart';
import '../session/pending.dart';

/// What a server's frame says.
sealed class FromServer {
  /// A frame.
  const FromServer();
}

/// The answer to a request; without an id if the server could not read it.
final class ReplyFrame extends FromServer {
  /// The answer to [id].
  const ReplyFrame(this.id, this.outcome);

  /// Which request.
  final int? id;

  /// How it ended.
  final Outcome outcome;
}

/// A numbered event; `null` where it is one of a later version, to be counted as seen and ignored.
final class EventFrame extends FromServer {
  /// The event with the number [seq].
  const EventFrame(this.seq, this.event);

  /// Its number.
  final int seq;

  /// The event.
  final CallingEvent? event;
}

/// What is true now and has no number: an event that is not kept.
final class SignalFrame extends FromServer {
  /// A signal.
  const SignalFrame(this.event);

  /// What it tells.
  final CallingEvent event;
}

/// An offer of media.
final class OfferFrame extends FromServer {
  /// An offer.
  const OfferFrame(this.offer);

  /// The offer.
  final MediaOffer offer;
}

/// A signal of a later version, to be ignored.
final class UnknownFrame extends FromServer {
  /// Nothing to read.
  const UnknownFrame();
}

/// The call that a device is in, as the answer to `login` and `resume` tells it.
final class CallState {
  /// Reads it.
  CallState.of(Map<String, dynamic> json)
      : callId = _text(json, 'callId'),
        invitationId = _optionalNumber(json, 'invitationId'),
        type = _number(json, 'type'),
        stage = switch (json['stage']) {
          'ringing' => Stage.ringing,
          'calling' => Stage.calling,
          'talking' => Stage.talking,
          _ => throw const FormatException('stage'),
        },
        users = {
          for (final user in _list(json, 'users').cast<Map<String, dynamic>>())
            _text(user, 'userId'): (audio: _flag(user, 'audio'), video: _flag(user, 'video')),
        };

  /// The call.
  final String callId;

  /// The invitation that rings here, or by which this device is in the call, 0 for none; `null` if it is not said.
  final int? invitationId;

  /// 1 voice, 2 video.
  final int type;

  /// Where this user stands in it.
  final Stage stage;

  /// The others who are in it, and whether there is something to hear and to see of them.
  final Map<String, ({bool audio, bool video})> users;
}

/// Where a user stands in a call.
enum Stage {
  /// Invited, not answered.
  ringing,

  /// The caller, nobody has joined yet.
  calling,

  /// In the call with others.
  talking,
}

/// The answer to `login` and `resume`.
final class Welcome {
  /// Reads it.
  Welcome.of(Map<String, dynamic> json)
      : sessionId = _text(json, 'sessionId'),
        resumeToken = _text(json, 'resumeToken'),
        call = json['call'] == null ? null : CallState.of(json['call'] as Map<String, dynamic>);

  /// The session.
  final String sessionId;

  /// To be shown at `resume`. A secret.
  final String resumeToken;

  /// The call that this device is in or invited to.
  final CallState? call;
}

/// A request, or a notification where [id] is null, as it goes over the wire.
String requestFrame(int? id, String method, Map<String, dynamic> params) =>
    jsonEncode({'jsonrpc': '2.0', if (id != null) 'id': id, 'method': method, 'params': params});

/// Reads a server's frame. Throws a [FormatException] if it is none.
FromServer parseServer(String text) {
  final frame = jsonDecode(text);
  if (frame is! Map<String, dynamic>) throw const FormatException('not an object');
  if (frame['method'] case final String method) {
    final params = frame['params'];
    final seq = params is Map<String, dynamic> ? params['seq'] : null;
    CallingEvent? event;
    try {
      if (params is! Map<String, dynamic>) return const UnknownFrame();
      if (seq == null && method == 'mediaOffer') return OfferFrame(_offer(params));
      event = _event(method, params);
    } on FormatException {
      // Of a later version: a numbered one counts as seen.
    } on TypeError {
      // As above.
    }
    if (seq is int) return EventFrame(seq, event);
    return event is NetworkQuality ? SignalFrame(event) : const UnknownFrame();
  }
  final id = frame['id'];
  if (frame['error'] case final Map<String, dynamic> error) {
    final code = error['code'], message = error['message'];
    return ReplyFrame(
      id is int ? id : null,
      refused(Refusal(code is int ? code : CallingCode.notARequest, message is String ? message : '')),
    );
  }
  if (frame['result'] case final Map<String, dynamic> result) return ReplyFrame(id is int ? id : null, done(result));
  throw const FormatException('neither a reply nor an event');
}

CallingEvent? _event(String method, Map<String, dynamic> p) {
  String call() => _text(p, 'callId');
  String user() => _text(p, 'userId');
  return switch (method) {
    'onError' => CallingError(_number(p, 'code'), _text(p, 'msg'), p['callId'] as String?),
    'onInvited' => Invited(
        call(),
        sponsor: _text(p, 'sponsor'),
        userIds: _list(p, 'userIds').cast<String>().toList(),
        isFromGroup: _flag(p, 'isFromGroup'),
        callType: _number(p, 'type'),
        ringsFor: Duration(milliseconds: _number(p, 'ringsForMs')),
        userData: p['userData'] as String?,
        invitationId: _optionalNumber(p, 'invitationId'),
      ),
    'onReject' => Rejected(call(), user()),
    'onNoResp' => NoResponse(call(), user()),
    'onLineBusy' => LineBusy(call(), user()),
    'onCallingCancel' => CallingCancelled(call(), p['reason'] as String?),
    'onCallingTimeOut' => CallingTimedOut(call()),
    'onUserEnter' => UserEntered(call(), user()),
    'onUserLeave' => UserLeft(call(), user(), _number(p, 'reason')),
    'onUserAudioAvailable' => UserAudioAvailable(call(), user(), available: _flag(p, 'available')),
    'onUserVideoAvailable' => UserVideoAvailable(call(), user(), available: _flag(p, 'available')),
    'onCallEnd' => CallEnded(call(), p['reason'] as String?),
    'onNetworkQuality' => NetworkQuality(call(), user(), _number(p, 'quality')),
    'onKickedOffline' => const KickedOffline(),
    'onUserSigExpired' => const UserSigExpired(),
    _ => null,
  };
}

MediaOffer _offer(Map<String, dynamic> p) => MediaOffer(
      callId: _text(p, 'callId'),
      offerId: _number(p, 'offerId'),
      fresh: _flag(p, 'fresh'),
      sdp: _text(p, 'sdp'),
      streams: [
        for (final each in _list(p, 'streams').cast<Map<String, dynamic>>())
          MediaStreamLine(
            mid: _text(each, 'mid'),
            kind: switch (each['kind']) {
              'audio' => StreamKind.audio,
              'video' => StreamKind.video,
              _ => throw const FormatException('kind'),
            },
            userId: each['userId'] as String?,
          ),
      ],
    );

String _text(Map<String, dynamic> from, String name) => switch (from[name]) {
      final String text => text,
      _ => throw FormatException(name),
    };

int _number(Map<String, dynamic> from, String name) => switch (from[name]) {
      final int number => number,
      _ => throw FormatException(name),
    };

int? _optionalNumber(Map<String, dynamic> from, String name) => from[name] == null ? null : _number(from, name);

bool _flag(Map<String, dynamic> from, String name) => switch (from[name]) {
      final bool flag => flag,
      _ => throw FormatException(name),
    };

List<dynamic> _list(Map<String, dynamic> from, String name) => switch (from[name]) {
      final List<dynamic> list => list,
      _ => throw FormatException(name),
    };
