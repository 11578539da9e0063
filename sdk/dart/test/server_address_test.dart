import 'dart:io';

import 'package:test/test.dart';

void main() {
  test("the server's address can be an environment declaration", () async {
    final folder = await Directory.systemTemp.createTemp('tsuwa-address-');
    addTearDown(() => folder.delete(recursive: true));
    final program = File('${folder.path}/address.dart');
    program.writeAsStringSync("import 'package:tsuwa_calling/tsuwa_calling.dart';\n"
        'void main() => print(TRTCCalling.server);\n');
    Future<String> says(List<String> declarations) async {
      final run = await Process.run(Platform.resolvedExecutable, [
        ...declarations,
        '--packages=${Platform.packageConfig ?? '.dart_tool/package_config.json'}',
        program.path,
      ]);
      return '${run.stdout}${run.stderr}'.trim();
    }

    expect(await says(['-DTSUWA_SERVER=wss://calls.example.org']), 'wss://calls.example.org');
    expect(await says([]), 'ws://127.0.0.1:7700');
    // The program is compiled twice, which takes a busy machine its time.
  }, timeout: const Timeout(Duration(minutes: 3)));
}
