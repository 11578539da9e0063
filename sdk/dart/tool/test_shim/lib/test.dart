/// As much of `package:test` as the tests here use, for a Dart VM that has no `pub`. With `pub`, the real one takes its
/// place and nothing else changes.
library;

import 'dart:async';
import 'dart:io';

/// How long a test may take, unless it says otherwise.
const _limit = Duration(seconds: 60);

/// How many files are under way at once.
const _atOnce = 6;

final class _File {
  _File(this.name);

  final String name;
  final List<(String, FutureOr<void> Function(), Duration)> tests = [];
  final List<FutureOr<void> Function()> before = [], after = [], each = [];
}

final class _Running {
  final List<FutureOr<void> Function()> tearDowns = [];
}

_File get _file => Zone.current[#file] as _File;

/// A limit of a test, in the words of `package:test`.
final class Timeout {
  /// So long.
  const Timeout(this.duration);

  /// How long.
  final Duration duration;
}

/// A test.
void test(String name, FutureOr<void> Function() body, {Timeout? timeout}) =>
    _file.tests.add((name, body, timeout?.duration ?? _limit));

/// Before the first test of the file.
void setUpAll(FutureOr<void> Function() body) => _file.before.add(body);

/// After the last test of the file.
void tearDownAll(FutureOr<void> Function() body) => _file.after.add(body);

/// After each test of the file.
void tearDown(FutureOr<void> Function() body) => _file.each.add(body);

/// After the test that is running.
void addTearDown(FutureOr<void> Function() body) => (Zone.current[#running] as _Running).tearDowns.add(body);

/// A test's expectation that did not hold.
final class TestFailure implements Exception {
  /// What did not hold.
  TestFailure(this.message);

  /// What did not hold.
  final String message;

  @override
  String toString() => message;
}

/// What a value is held to.
final class Matcher {
  const Matcher._(this._what, this._holds);

  final String _what;
  final bool Function(Object? actual) _holds;
}

/// `true`.
const isTrue = Matcher._('true', _isTrue);
bool _isTrue(Object? actual) => actual == true;

/// `false`.
const isFalse = Matcher._('false', _isFalse);
bool _isFalse(Object? actual) => actual == false;

/// `null`.
const isNull = Matcher._('null', _isNull);
bool _isNull(Object? actual) => actual == null;

/// Nothing in it.
const isEmpty = Matcher._('empty', _isEmpty);
bool _isEmpty(Object? actual) => actual is Iterable && actual.isEmpty || actual is Map && actual.isEmpty;

/// Equal, of collections their contents.
Matcher equals(Object? expected) => Matcher._('$expected', (actual) => _equal(actual, expected));

/// Of this type.
Matcher isA<T>() => Matcher._('a $T', (actual) => actual is T);

/// Holds this element or text.
Matcher contains(Object? part) => Matcher._('contains $part', (actual) {
      return actual is String && part is String ? actual.contains(part) : (actual as Iterable).any((e) => _equal(e, part));
    });

/// Not as said.
Matcher isNot(Matcher matcher) => Matcher._('not ${matcher._what}', (actual) => !matcher._holds(actual));

/// Less than [bound].
Matcher lessThan(num bound) => Matcher._('less than $bound', (actual) => (actual as num) < bound);

/// More than [bound].
Matcher greaterThan(num bound) => Matcher._('greater than $bound', (actual) => (actual as num) > bound);

/// A function that throws this.
Matcher throwsA(Matcher error) => Matcher._('throws ${error._what}', (actual) {
      try {
        (actual as Function)();
      } catch (thrown) {
        return error._holds(thrown);
      }
      return false;
    });

/// Fails unless [actual] is as said.
void expect(Object? actual, Object? expected, {String? reason}) {
  final matcher = expected is Matcher ? expected : equals(expected);
  if (matcher._holds(actual)) return;
  throw TestFailure('expected: ${matcher._what}\n  actual: $actual${reason == null ? '' : '\n  $reason'}');
}

/// Fails.
Never fail(String message) => throw TestFailure(message);

bool _equal(Object? a, Object? b) {
  if (a is List && b is List) {
    return a.length == b.length && [for (var i = 0; i < a.length; i++) _equal(a[i], b[i])].every((same) => same);
  }
  if (a is Set && b is Set) return a.length == b.length && a.containsAll(b);
  if (a is Map && b is Map) return a.length == b.length && a.keys.every((k) => b.containsKey(k) && _equal(a[k], b[k]));
  return a == b;
}

/// Runs the tests of these files, and ends the process: with 0 if all passed.
Future<Never> run(Map<String, void Function()> mains) async {
  var passed = 0;
  final failed = <String>[];
  final waiting = mains.entries.toList();
  Future<void> worker() async {
    while (waiting.isNotEmpty) {
      final MapEntry(key: name, value: main) = waiting.removeAt(0);
      final file = _File(name);
      runZoned(main, zoneValues: {#file: file});
      final (ok, bad) = await _runFile(file);
      passed += ok;
      failed.addAll(bad);
    }
  }

  await Future.wait([for (var i = 0; i < _atOnce; i++) worker()]);
  failed.forEach(print);
  print('$passed passed; ${failed.length} failed');
  await stdout.flush();
  exit(failed.isEmpty && passed > 0 ? 0 : 1);
}

Future<(int, List<String>)> _runFile(_File file) async {
  final failed = <String>[];
  var passed = 0;
  Future<bool> guarded(String name, FutureOr<void> Function() body, Duration limit) async {
    final clock = Stopwatch()..start();
    final error = await _guard(body, limit);
    final ms = clock.elapsedMilliseconds;
    if (error == null) return true;
    failed.add('FAILED ${file.name}: $name ($ms ms)\n$error');
    return false;
  }

  for (final body in file.before) {
    if (!await guarded('set-up', body, _limit)) return (0, failed);
  }
  for (final (name, body, limit) in file.tests) {
    final running = _Running();
    Future<void> whole() async {
      try {
        await body();
      } finally {
        for (final tearDown in [...running.tearDowns.reversed, ...file.each]) {
          await tearDown();
        }
      }
    }

    final clock = Stopwatch()..start();
    final ok = await runZoned(() => guarded(name, whole, limit), zoneValues: {#running: running});
    if (ok) passed++;
    print('test ${file.name}: $name (${clock.elapsedMilliseconds} ms) ... ${ok ? 'ok' : 'FAILED'}');
  }
  for (final body in file.after) {
    await guarded('tear-down', body, _limit);
  }
  return (passed, failed);
}

/// Runs a body to its end; what went wrong, also in what it started and did not await.
Future<String?> _guard(FutureOr<void> Function() body, Duration limit) {
  final ended = Completer<String?>();
  void end(String? how) {
    if (!ended.isCompleted) ended.complete(how);
  }

  runZonedGuarded(() async {
    final timer = Timer(limit, () => end('not done after ${limit.inSeconds} s'));
    try {
      await body();
      end(null);
    } catch (error, stack) {
      end('$error\n${stack.toString().split('\n').take(12).join('\n')}');
    } finally {
      timer.cancel();
    }
  }, (error, stack) => end('uncaught: $error\n$stack'));
  return ended.future;
}
