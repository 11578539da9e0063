import 'dart:io';

import 'package:test/test.dart';
import 'package:tsuwa_calling/io.dart';

void main() {
  test('a device id is made once and kept, and a file that holds something else is refused', () async {
    final folder = await Directory.systemTemp.createTemp('tsuwa-device-');
    addTearDown(() => folder.delete(recursive: true));
    final file = File('${folder.path}/device');
    final first = deviceIdIn(file);
    expect(first.length, 32);
    expect(deviceIdIn(file), first);
    file.writeAsStringSync('not an id\n');
    expect(() => deviceIdIn(file), throwsA(isA<FormatException>()));
  });
}
