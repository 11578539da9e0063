/// For programs on `dart:io`: what needs files.
library;

import 'dart:io';

import 'src/device_id.dart';

/// The device id that [file] keeps; a new one, kept there, where there is no such file yet. Set `TRTCCalling.deviceId` to
/// it, so that a call survives that the app is closed and opened again within the grace.
///
/// Throws a [FileSystemException] if the file can't be read or written, and a [FormatException] if it holds something
/// else.
String deviceIdIn(File file) {
  if (!file.existsSync()) {
    final id = newDeviceId();
    file.writeAsStringSync('$id\n', flush: true);
    return id;
  }
  final id = file.readAsStringSync().trim();
  if (!RegExp(r'^[A-Za-z0-9_-]{1,64}$').hasMatch(id)) throw FormatException('holds no device id', file.path);
  return id;
}
