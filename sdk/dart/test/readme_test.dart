import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:test/test.dart';

import 'support/town.dart';

void main() {
  test("the README's telephone is the example, and it makes a call", () async {
    final readme = File('README.md').readAsStringSync();
    final shown = readme.split('```dart\n')[1].split('```').first;
    expect(shown, File('example/phone.dart').readAsStringSync());

    final town = await Town.found();
    addTearDown(() async {
      await town.leave();
      await town.stop();
    });
    final b = await town.resident('bob');
    final phone = await Process.start(Platform.resolvedExecutable, [
      '--packages=${Platform.packageConfig ?? '.dart_tool/package_config.json'}',
      'example/phone.dart',
      '${town.address}',
      'alice',
      await town.ticket('alice'),
      'bob',
    ]);
    final said = <String>[], running = Completer<void>(), silent = Completer<void>();
    phone.stdout.transform(utf8.decoder).transform(const LineSplitter()).listen((line) {
      said.add(line);
      if (!running.isCompleted) running.complete();
    }, onDone: silent.complete);
    final complaints = phone.stderr.transform(utf8.decoder).join();
    // The program is compiled first, which takes a busy machine its time.
    await Future.any([running.future, silent.future]);
    await b.sees([b.invitation('alice')]);
    await b.does(b.calling.accept());
    await b.sees(['onUserEnter alice']);
    b.calling.hangup();
    expect(await phone.exitCode, 0, reason: await complaints);
    await silent.future;
    expect(said, [
      'login: success (0)',
      'call: success (0)',
      'onUserEnter bob',
      'onUserLeave bob',
      'onCallEnd {}',
    ]);
  }, timeout: const Timeout(Duration(minutes: 3)));
}
