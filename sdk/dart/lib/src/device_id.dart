import 'dart:math';

/// A new device id: 16 random bytes, so many that two devices of one user never meet.
String newDeviceId() {
  final random = Random.secure();
  return [for (var i = 0; i < 16; i++) random.nextInt(256).toRadixString(16).padLeft(2, '0')].join();
}
