import 'action_callback.dart';
import 'codes.dart';
import 'session/pending.dart';

/// Who called.
enum CallDirection {
  /// This user.
  outgoing,

  /// Somebody else.
  incoming,
}

/// How a call went, as this user saw it.
enum RecentOutcome {
  /// They talked.
  answered('answered'),

  /// It came in, and was not answered: nobody was there, this user was busy, or it was withdrawn.
  missed('missed'),

  /// It went out, and was not answered.
  noAnswer('no_answer'),

  /// It went out and was declined; or this user declined it.
  declined('declined'),

  /// It went out, and the other was busy.
  busy('busy'),

  /// Another device of this user took it.
  answeredElsewhere('answered_elsewhere'),

  /// It went out, and this user hung up before an answer.
  cancelled('cancelled'),

  /// The sound did not come up.
  failed('failed');

  const RecentOutcome(this._wire);

  final String _wire;
}

/// A call that is over, as this user saw it, on this device where that matters.
final class RecentCall {
  /// Reads it.
  RecentCall._(Map<String, dynamic> json)
      : callId = json['callId'] as String,
        type = json['type'] as int,
        direction = CallDirection.values.byName(json['direction'] as String),
        userIds = List.unmodifiable((json['userIds'] as List<dynamic>).cast<String>()),
        startedAt = _moment(json['startedAt']),
        endedAt = _moment(json['endedAt']),
        ringing = Duration(milliseconds: json['ringingMs'] as int),
        talked = Duration(milliseconds: json['talkedMs'] as int),
        outcome = RecentOutcome.values.firstWhere((each) => each._wire == json['outcome']);

  /// The call, to be named as `before`.
  final String callId;

  /// 1 voice, 2 video.
  final int type;

  /// Who called.
  final CallDirection direction;

  /// The others: of a call made, everybody invited or in it; of one received, who invited first.
  final List<String> userIds;

  /// When it began for this user.
  final DateTime startedAt;

  /// When it was over.
  final DateTime endedAt;

  /// How long it rang.
  final Duration ringing;

  /// How long this user was in it with somebody else.
  final Duration talked;

  /// How it went.
  final RecentOutcome outcome;

  static DateTime _moment(dynamic ms) => DateTime.fromMillisecondsSinceEpoch(ms as int, isUtc: true);
}

/// The answer to `queryRecentCalls`: a page of calls, the newest first; empty where [code] is not 0.
final class RecentCalls extends ActionCallback {
  RecentCalls._(this.calls, {required this.more}) : super.success();

  /// There are none to see.
  RecentCalls.refused(super.refusal)
      : calls = const [],
        more = false,
        super.refused();

  /// Reads it.
  factory RecentCalls.of(Outcome outcome) {
    if (outcome.refusal case final refusal?) return RecentCalls.refused(refusal);
    try {
      final page = outcome.result!;
      final calls = (page['calls'] as List<dynamic>).cast<Map<String, dynamic>>().map(RecentCall._);
      return RecentCalls._(List.unmodifiable(calls), more: page['more'] as bool);
      // What a server of a later version may say. ignore: avoid_catching_errors
    } on Error {
      return RecentCalls.refused(const Refusal(CallingCode.notARequest, "the server's page of calls can't be read"));
    }
  }

  /// The calls.
  final List<RecentCall> calls;

  /// There are older ones: ask again with `before`, the last of these.
  final bool more;
}
