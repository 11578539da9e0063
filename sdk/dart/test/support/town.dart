import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

/// The apps of a test server.
enum App {
  /// As a server without configuration.
  plain(1400000001, ''),

  /// Rings for three seconds, in which a test can act on a busy machine, and waits a second for the lost.
  quick(1400000002, 'ring_timeout_s = 3\ngrace_ms = 1000'),

  /// Rings long, and waits a second for the lost.
  shortGrace(1400000003, 'grace_ms = 1000'),

  /// One device a user.
  oneDevice(1400000004, 'devices = "one"'),

  /// Only users on the list can be called.
  closed(1400000005, 'closed_list = true');

  const App(this.id, this.policy);

  /// The sdkAppId.
  final int id;

  /// Its policy, as the configuration has it.
  final String policy;

  /// Its secret.
  String get secret => 'only-for-tests-the-secret-of-app-$id';

  /// The administrator's credential.
  String get adminToken => 'only-for-tests-the-administrator-of-app-$id';
}

/// A real `tsuwa serve`, and those who telephone over it. `TSUWA_BIN` says where the binary is.
final class Town {
  Town._(this._process, this.address, this._config);

  static final String _binary = Platform.environment['TSUWA_BIN'] ?? '../../target/debug/tsuwa';
  static const _sayings = Utf8Decoder(allowMalformed: true);

  Process _process;
  final File _config;

  /// Where the server is.
  final Uri address;
  final List<Resident> _residents = [];
  final Map<(App, String), String> _tickets = {};

  static int _nextPort = 18000 + pid * 997 % 12000;

  /// A port that nobody has, and that nobody is given: below those that systems choose from. So it is free still when
  /// the server is started again, and a phone that knocks at it meanwhile can't be given it as its own.
  static Future<int> _freePort() async {
    while (true) {
      final port = _nextPort++;
      try {
        await (await ServerSocket.bind(InternetAddress.loopbackIPv4, port)).close();
        return port;
      } on SocketException {
        continue;
      }
    }
  }

  /// Starts a server. Stop it by [stop].
  static Future<Town> found() async {
    final folder = await Directory.systemTemp.createTemp('tsuwa-dart-');
    final config = File('${folder.path}/tsuwa.toml');
    await config.writeAsString([
      'listen = "127.0.0.1:${await _freePort()}"',
      'data = "${folder.path}/data"',
      'drain_s = 0',
      '[media]\nips = ["127.0.0.1"]\nworkers = 1',
      '[limits]\nfailed_sign_ins_per_min = 1000',
      for (final app in App.values) ...[
        '[[apps]]\nid = ${app.id}\nsecret = "${app.secret}"\nadmin_token = "${app.adminToken}"',
        if (app == App.closed) 'users = ["alice", "bob"]',
        '[apps.policy]\n${app.policy}',
        if (app == App.plain || app == App.closed) '[[apps.blocklist]]\nuser = "bob"\nblocked = "mallory"',
      ],
    ].join('\n'));
    final (process, address) = await _serve(config);
    return Town._(process, address, config);
  }

  static Future<(Process, Uri)> _serve(File config, [Uri? at]) async {
    final process = await Process.start(_binary, [
      'serve',
      '--config',
      config.path,
      if (at != null) ...['--listen', at.authority],
    ]);
    final said = StringBuffer();
    final address = Completer<Uri>();
    for (final output in [process.stdout, process.stderr]) {
      output.transform(_sayings).transform(const LineSplitter()).listen((line) {
        said.writeln(line);
        final found = RegExp(r'serves at (\S+)').firstMatch(line);
        if (found != null && !address.isCompleted) address.complete(Uri.parse(found[1]!));
      });
    }
    unawaited(process.exitCode.then((code) {
      if (!address.isCompleted) address.completeError(StateError('tsuwa serve ended with $code: $said'));
    }));
    return (process, await address.future.timeout(const Duration(seconds: 30)));
  }

  /// The server's process is killed.
  Future<void> isKilled() async {
    _process.kill(ProcessSignal.sigkill);
    await _process.exitCode;
  }

  /// A server is started again at the same address, on the same folder.
  Future<void> starts() async {
    final (process, _) = await _serve(_config, address);
    _process = process;
  }

  /// Ends the server and everybody's telephone.
  Future<void> stop() async {
    await leave();
    _process.kill(ProcessSignal.sigkill);
    await _process.exitCode;
    await _config.parent.delete(recursive: true);
  }

  /// Everybody of a test leaves: their telephones are destroyed.
  Future<void> leave() async {
    await Future.wait([for (final each in _residents) each._leave()]);
    _residents.clear();
  }

  /// A ticket, made as an app's own server would.
  Future<String> ticket(String user, [App app = App.plain, int? expireS, String? secret]) async {
    final isPlain = expireS == null && secret == null;
    if (_tickets[(app, user)] case final known? when isPlain) return known;
    final sig = await Process.run(_binary, [
      'sig',
      user,
      '--app',
      '${app.id}',
      '--secret',
      secret ?? app.secret,
      if (expireS != null) ...['--expire', '$expireS'],
    ]);
    if (sig.exitCode != 0) throw StateError('tsuwa sig: ${sig.stderr}');
    final ticket = (sig.stdout as String).trim();
    if (isPlain) _tickets[(app, user)] = ticket;
    return ticket;
  }

  /// A telephone that is not signed in.
  Resident phone(String user, {App app = App.plain, Uri? via, String? deviceId, CallMedia? media}) {
    final resident = Resident._(
      this,
      user,
      app,
      TRTCCalling.separate(server: via ?? address, media: media ?? SignallingOnly(), deviceId: deviceId),
    );
    _residents.add(resident);
    return resident;
  }

  /// A user who is signed in.
  Future<Resident> resident(String user, {App app = App.plain, Uri? via, String? deviceId}) async {
    final resident = phone(user, app: app, via: via, deviceId: deviceId);
    await resident.signIn();
    return resident;
  }

  /// Several users, each with one telephone, that are signed in.
  Future<List<Resident>> residents(List<String> users, {App app = App.plain}) =>
      Future.wait([for (final user in users) resident(user, app: app)]);

  /// The first calls the second, who accepts.
  Future<(Resident, Resident)> talking({App app = App.plain}) async {
    final [a, b] = await residents(['alice', 'bob'], app: app);
    await a.calls(b);
    await b.does(b.calling.accept());
    await a.sees(['onUserEnter bob']);
    await b.sees(['onUserEnter alice']);
    return (a, b);
  }

  /// An administrator's act.
  Future<Map<String, dynamic>> administrate(String method, String path, {App app = App.plain, Object? body}) async {
    final http = HttpClient();
    try {
      final request = await http.openUrl(method, address.replace(path: '/v1/apps/${app.id}/$path'));
      request.headers.set('authorization', 'Bearer ${app.adminToken}');
      if (body != null) {
        request.headers.contentType = ContentType.json;
        request.write(jsonEncode(body));
      }
      final response = await request.close();
      final text = await response.transform(utf8.decoder).join();
      if (response.statusCode != 200) throw StateError('$method $path: ${response.statusCode} $text');
      return jsonDecode(text) as Map<String, dynamic>;
    } finally {
      http.close(force: true);
    }
  }
}

/// A user's telephone, and all that its listener was told.
final class Resident {
  Resident._(this._town, this.user, this.app, this.calling) {
    calling.registerListener((type, params) {
      final list = type == TRTCCallingDelegate.onNetworkQuality ? qualities : _told;
      final isLeftOut = type == TRTCCallingDelegate.onUserVoiceVolume ||
          ignoresSound && type == TRTCCallingDelegate.onUserAudioAvailable;
      if (!isLeftOut) list.add('${type.name} $params'.replaceAll(' {}', ''));
      _news.add(null);
    });
    calling.events.listen((event) {
      events.add(event);
      _news.add(null);
    });
  }

  final Town _town;

  /// Whose.
  final String user;

  /// In which app.
  final App app;

  /// The telephone.
  final TRTCCalling calling;

  /// All the typed events.
  final List<CallingEvent> events = [];

  /// The network qualities told; they stand outside of the rows.
  final List<String> qualities = [];

  /// Whether the availability of sound is left out of what [sees] is held to.
  bool ignoresSound = false;

  final List<String> _told = [];
  final StreamController<void> _news = StreamController.broadcast();
  bool _out = false;

  /// The calls of this user that are over, once there are so many: how each went, and with whom.
  Future<List<String>> recent(int count) async {
    var page = await calling.queryRecentCalls();
    for (var i = 0; i < 600 && page.calls.length < count; i++) {
      await Future<void>.delayed(const Duration(milliseconds: 50));
      page = await calling.queryRecentCalls();
    }
    expect(page.code, 0, reason: '$user: ${page.desc}');
    return [for (final call in page.calls) '${call.direction.name} ${call.outcome.name} ${call.userIds.join(' ')}'];
  }

  /// Signs in, or again.
  Future<void> signIn() async => does(calling.login(app.id, user, await _town.ticket(user, app)));

  /// Expects success.
  Future<void> does(Future<ActionCallback> act) async {
    final answer = await act;
    expect(answer.code, 0, reason: '$user: ${answer.desc}');
  }

  /// Expects this refusal.
  Future<void> isRefused(Future<ActionCallback> act, int code) async {
    final answer = await act;
    expect(answer.code, code, reason: '$user: ${answer.desc}');
  }

  /// Expects to be signed out for good. What is asked in the moment of that is answered by its reason, 6208.
  Future<void> isSignedOut() async {
    final answer = await calling.call('anybody', 1);
    if (answer.code == CallingCode.signedInElsewhere) return isRefused(calling.call('anybody', 1), CallingCode.notSignedIn);
    expect(answer.code, CallingCode.notSignedIn, reason: '$user: ${answer.desc}');
  }

  /// Calls, and the other one's telephone rings.
  Future<void> calls(Resident other, {int type = 1}) async {
    await does(calling.call(other.user, type));
    await other.sees([other.invitation(user, type: type)]);
  }

  /// The text of an invitation.
  String invitation(String sponsor, {List<String> userIds = const [], bool isFromGroup = false, int type = 1}) =>
      'onInvited {sponsor: $sponsor, userIds: $userIds, isFromGroup: $isFromGroup, type: $type}';

  /// Waits until exactly these were told, in this order, and that the server has nothing more to say.
  Future<void> sees(List<String> expected) async {
    await until(() => _told.length >= expected.length, 'expected $expected');
    // Whatever the server had for this device before has come when it answers.
    if (!_out) await signIn();
    expect(_told, expected, reason: 'told to $user');
    _told.clear();
  }

  /// Nothing was told.
  Future<void> seesNothing() => sees(const []);

  /// From now on this telephone is not signed in: nothing can be asked of the server.
  void isOut() => _out = true;

  /// Signed in again after [isOut].
  void isIn() => _out = false;

  /// Waits for something to come about; it is looked at with each event, and ten times a second.
  Future<void> until(bool Function() holds, String what) async {
    final deadline = DateTime.now().add(const Duration(seconds: 30));
    while (!holds()) {
      final left = deadline.difference(DateTime.now());
      if (left.isNegative) fail('$user waits: $what\n  told: $_told, qualities: $qualities');
      await _news.stream.first.timeout(const Duration(milliseconds: 100), onTimeout: () {});
    }
  }

  /// Waits until a network quality was told.
  Future<void> hearsOf(String user, int quality) =>
      until(() => qualities.contains('onNetworkQuality {userId: $user, quality: $quality}'), 'quality $quality of $user');

  Future<void> _leave() async {
    calling.hangup();
    final ended = calling.events.drain<void>();
    // Over a line that is cut there is no telling; the server finds out by itself.
    if (!_out) await Future.any([calling.logout(), Future<void>.delayed(const Duration(seconds: 1))]);
    calling.destroy();
    await ended;
  }
}
