import 'dart:convert';
import 'dart:io';

import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

import 'support/fake_server.dart';

/// Every recorded conversation, each side of it, played to the Dart phone: it sends the same frames, answers the same
/// codes and tells exactly the same events.
void main() {
  final files = Directory('../../docs/conversations').listSync().whereType<File>().toList()
    ..sort((a, b) => a.path.compareTo(b.path));
  for (final file in files.where((file) => file.path.endsWith('.json'))) {
    final recorded = jsonDecode(file.readAsStringSync()) as Map<String, dynamic>;
    final conversations = recorded['conversations'] as Map<String, dynamic>;
    for (final MapEntry(key: who, value: steps) in conversations.entries) {
      test('row ${recorded['row']}, $who: ${recorded['title']}', () async {
        await _Player().play((steps as List).cast<Map<String, dynamic>>());
      });
    }
  }
}

/// Functions that return nothing have no answer here; their failure would be an `onError`.
const _returnNothing = {'hangup', 'setMicMute', 'setHandsFree', 'openCamera', 'closeCamera', 'switchCamera'};

final class _Player {
  _Player() {
    server.phone.events.listen((event) => told.add(_plain(_told(event)) as List<dynamic>));
  }

  final FakeServer server = FakeServer();
  final List<List<dynamic>> told = [];
  final List<List<dynamic>> answers = [];

  /// The phone's number of a request, by the recorded one: `ping` and `mediaAnswer`, which are left out, have taken some.
  final Map<int, int> numbers = {};

  Future<void> play(List<Map<String, dynamic>> steps) async {
    for (final (at, step) in steps.indexed) {
      switch (step) {
        case {'do': final String name, 'args': final List<dynamic> args}:
          _act(name, args);
        case {'send': {'id': final int id, 'method': final String method, 'params': final Map<String, dynamic> params}}:
          final frame = await server.asked(method);
          numbers[id] = frame['id'] as int;
          expect(_plain(frame['params']), _renumbered(params), reason: 'step $at');
        case {'receive': final Map<String, dynamic> frame}:
          server.say([
            {
              ...frame,
              if (frame['id'] case final int id) 'id': numbers[id],
            },
          ]);
        case {'tell': final List<dynamic> event}:
          expect(await _next(told), event, reason: 'step $at');
        case {'answer': final List<dynamic> answer}:
          if (!_returnNothing.contains(answer.first)) expect(await _next(answers), answer, reason: 'step $at');
        case {'connection': 'lost'}:
          server.cuts(1006);
        default:
          fail('step $at is not known: $step');
      }
      await Future<void>.delayed(Duration.zero);
    }
    await server.askedNothing();
    expect(told, isEmpty);
    expect(answers, isEmpty);
  }

  void _act(String name, List<dynamic> args) {
    final phone = server.phone;
    final answer = switch ((name, args)) {
      ('login', [final int app, final String user, final String sig]) => phone.login(app, user, sig),
      ('logout', []) => phone.logout(),
      ('call', [final String user, final int type]) => phone.call(user, type),
      ('groupCall', [final List<dynamic> users, final int type]) => phone.groupCall(users.cast(), type),
      ('call', [final String user, final int type, final Map<String, dynamic> options]) =>
        phone.callWith(user, type, timeout: _timeout(options), userData: options['userData'] as String?),
      ('queryRecentCalls', []) => phone.queryRecentCalls(),
      ('queryRecentCalls', [final Map<String, dynamic> options]) =>
        phone.queryRecentCalls(before: options['before'] as String?, limit: options['limit'] as int?),
      ('accept', []) => phone.accept(),
      ('reject', []) => phone.reject(),
      ('hangup', []) => _nothing(phone.hangup),
      ('setMicMute', [final bool isMute]) => _nothing(() => phone.setMicMute(isMute)),
      _ => fail('$name$args is not known'),
    };
    answer?.then((callback) => answers.add([name, callback.code, if (callback is RecentCalls) _page(callback)]));
  }

  Duration? _timeout(Map<String, dynamic> options) => switch (options['timeout']) {
        final int seconds => Duration(seconds: seconds),
        _ => null,
      };

  Future<ActionCallback>? _nothing(void Function() act) {
    act();
    return null;
  }

  Future<List<dynamic>?> _next(List<List<dynamic>> list) async {
    for (var i = 0; i < 1000 && list.isEmpty; i++) {
      await Future<void>.delayed(const Duration(milliseconds: 1));
    }
    return list.isEmpty ? null : list.removeAt(0);
  }

  Map<String, dynamic> _renumbered(Map<String, dynamic> params) => {
        ...params,
        if (params['request'] case final int id) 'request': numbers[id],
      };
}

/// What differs each time, or is for people to read, as the files have it.
dynamic _plain(dynamic value, [String? name]) => switch ((name, value)) {
      ('deviceId', _) => '(device)',
      ('msg', _) => '(words)',
      (_, final List<dynamic> list) => [for (final each in list) _plain(each)],
      (_, final Map<String, dynamic> map) => {for (final e in map.entries) e.key: _plain(e.value, e.key)},
      _ => value,
    };

/// A page of calls, as the files have it: as the server does.
Map<String, dynamic> _page(RecentCalls page) {
  String wire(Enum value) => value.name.replaceAllMapped(RegExp('[A-Z]'), (at) => '_${at[0]!.toLowerCase()}');
  return {
    'calls': [
      for (final call in page.calls)
        {
          'callId': call.callId,
          'type': call.type,
          'direction': wire(call.direction),
          'userIds': call.userIds,
          'startedAt': call.startedAt.millisecondsSinceEpoch,
          'endedAt': call.endedAt.millisecondsSinceEpoch,
          'ringingMs': call.ringing.inMilliseconds,
          'talkedMs': call.talked.inMilliseconds,
          'outcome': wire(call.outcome),
        },
    ],
    'more': page.more,
  };
}

/// An event, as the files have it.
List<dynamic> _told(CallingEvent event) => [
      event.type.name,
      switch (event) {
        CallingError(:final code, :final msg) => {'code': code, 'msg': msg},
        final Invited e => {
            'sponsor': e.sponsor,
            'userIds': e.userIds,
            'isFromGroup': e.isFromGroup,
            'type': e.callType,
            'ringsForMs': e.ringsFor.inMilliseconds,
            if (e.userData != null) 'userData': e.userData,
          },
        UserLeft(:final userId, :final reason) => {'userId': userId, 'reason': reason},
        CallingCancelled(:final reason) || CallEnded(:final reason) => {if (reason != null) 'reason': reason},
        Rejected(:final userId) ||
        NoResponse(:final userId) ||
        LineBusy(:final userId) ||
        UserEntered(:final userId) =>
          {'userId': userId},
        _ => Map<String, dynamic>.of(event.params as Map<String, dynamic>),
      },
    ];
