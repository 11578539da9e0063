import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:test/test.dart';

import 'town.dart';

/// A `tsuwa phone` that speaks in a generated voice: a native telephone with real media.
final class NativePhone {
  NativePhone._(this.user, this._process);

  /// Whose.
  final String user;
  final Process _process;
  final List<String> _told = [];
  final StreamController<void> _news = StreamController.broadcast();

  /// A user who is signed in; it ends with the test.
  static Future<NativePhone> signedIn(Town town, String user, {App app = App.plain}) async {
    final binary = Platform.environment['TSUWA_BIN'] ?? '../../target/debug/tsuwa';
    final process = await Process.start(binary, [
      'phone', user, '--server', '${town.address}', '--app', '${app.id}', //
      '--sig', await town.ticket(user, app), '--tone', '--silent', '--json',
    ]);
    final phone = NativePhone._(user, process);
    unawaited(process.stderr.drain<void>());
    process.stdout.transform(utf8.decoder).transform(const LineSplitter()).listen((line) {
      final said = jsonDecode(line) as Map<String, dynamic>;
      final text = said.containsKey('event')
          ? '${said['event']} ${said['params']}'
          : said.containsKey('answer')
              ? '${said['answer']} ${said['code']}'
              : line;
      phone._told.add(text);
      phone._news.add(null);
    });
    addTearDown(phone._leaves);
    await phone.sees(['login 0']);
    return phone;
  }

  /// Types a command.
  void types(String command) => _process.stdin.writeln(command);

  /// The process is killed.
  Future<void> dies() async {
    _process.kill(ProcessSignal.sigkill);
    await _process.exitCode;
  }

  /// It hangs up and ends.
  Future<void> _leaves() async {
    types('quit');
    await _process.exitCode.timeout(const Duration(seconds: 5), onTimeout: () {
      _process.kill(ProcessSignal.sigkill);
      return -1;
    });
  }

  /// Waits until these were told, in this order.
  Future<void> sees(List<String> expected) async {
    final deadline = DateTime.now().add(const Duration(seconds: 30));
    while (_told.length < expected.length) {
      final left = deadline.difference(DateTime.now());
      if (left.isNegative) fail('$user waits for $expected\n  told: $_told');
      await _news.stream.first.timeout(left, onTimeout: () {});
    }
    expect(_told.take(expected.length).toList(), expected, reason: 'told to $user');
    _told.removeRange(0, expected.length);
  }

  /// Waits for an event, by the beginning of its text; what came before it is left out.
  Future<void> comesTo(String beginning) async {
    final deadline = DateTime.now().add(const Duration(seconds: 30));
    while (!_told.any((each) => each.startsWith(beginning))) {
      final left = deadline.difference(DateTime.now());
      if (left.isNegative) fail('$user waits for $beginning\n  told: $_told');
      await _news.stream.first.timeout(left, onTimeout: () {});
    }
    _told.removeRange(0, _told.indexWhere((each) => each.startsWith(beginning)) + 1);
  }
}
