import 'dart:io';
import 'dart:mirrors';

import 'package:test/test.dart';
import 'package:tsuwa_calling/tsuwa_calling.dart';

/// The package's public names, signatures and shapes are those of `docs/api-table.md`, and none beside.
void main() {
  final page = File('../../docs/api-table.md').readAsStringSync();

  /// The rows of the tables with this heading, each a list of cells.
  List<List<String>> rows(String heading) {
    final found = <List<String>>[];
    String? above;
    for (final line in page.split('\n')) {
      final isRow = line.startsWith('|');
      if (isRow && above == null) above = line;
      if (!isRow) above = null;
      if (isRow && line != above && !line.startsWith('|---') && above!.startsWith('| $heading |')) {
        found.add([for (final cell in line.split(' | ')) cell.replaceAll(RegExp(r'^\| | \|$'), '').trim()]);
      }
    }
    return found;
  }

  String plain(String cell) => cell.replaceAll('`', '');

  test('functions and constants have the signatures of the table, and there are no others', () {
    final table = {for (final row in rows('function') + rows('constant')) plain(row[0])};
    expect(_signatures(TRTCCalling), table.toList()..sort());
  });

  test('callbacks are those of the table, and there are no others', () {
    final table = {for (final row in rows('callback')) plain(row[0])};
    expect({for (final value in TRTCCallingDelegate.values) value.name}, table);
    expect(TRTCCallingDelegate.onCallingTimeout, TRTCCallingDelegate.onCallingTimeOut);
  });

  test('each callback has the shape of the table', () {
    const events = <CallingEvent>[
      CallingError(1, ''),
      Rejected('1', ''),
      NoResponse('1', ''),
      LineBusy('1', ''),
      Invited('1', sponsor: '', userIds: [''], isFromGroup: true, callType: 1, ringsFor: Duration.zero),
      CallingCancelled('1'),
      CallingTimedOut('1'),
      UserEntered('1', ''),
      UserLeft('1', '', 0),
      UserAudioAvailable('1', '', available: true),
      UserVideoAvailable('1', '', available: true),
      UserVoiceVolume('1', {'': 1}, 1),
      NetworkQuality('1', '', 1),
      CallEnded('1'),
      KickedOffline(),
      UserSigExpired(),
    ];
    final shapes = {for (final event in events) event.type.name: _shape(event.params)};
    expect(shapes, {
      for (final row in rows('callback'))
        if (row[1] != 'never told') plain(row[0]): plain(row[1]),
    });
  });

  test('the constants have the values of the table', () {
    final class_ = reflectClass(TRTCCalling);
    for (final row in rows('constant')) {
      final name = plain(row[0]).split(' ').last;
      expect('${class_.getField(Symbol(name)).reflectee}', row[1]);
    }
  });

  test('the pages for those who come from TRTCCalling list every function and callback', () {
    final names = [
      for (final signature in _signatures(TRTCCalling))
        // But for what is new, which those pages name where it is needed.
        if (RegExp(r' (\w+)\(').firstMatch(signature)?[1] case final name?)
          if (!const {'Function', 'callWith', 'groupCallWith', 'networkChanged', 'separate'}.contains(name)) name,
      for (final value in TRTCCallingDelegate.values) value.name,
    ];
    for (final language in ['', '.ja', '.zh']) {
      final page = File('../../docs/coming-from-trtccalling$language.md').readAsStringSync();
      for (final name in names) {
        expect(page, contains('`$name`'), reason: 'in the page$language');
      }
    }
  });

  test('the library has the names of the table, and no others', () {
    final library = currentMirrorSystem().libraries[Uri.parse('package:tsuwa_calling/tsuwa_calling.dart')]!;
    final names = <String>{};
    for (final export in library.libraryDependencies.where((each) => each.isExport)) {
      final shown = [
        for (final combinator in export.combinators)
          if (combinator.isShow) ...combinator.identifiers.map(MirrorSystem.getName),
      ];
      names.addAll(shown.isNotEmpty ? shown : export.targetLibrary!.declarations.values.where((d) => !d.isPrivate).map(_name));
    }
    final table = {for (final row in rows('name')) ...plain(row[0]).split(', ')};
    expect(names, table);
  });
}

String _name(DeclarationMirror declaration) => MirrorSystem.getName(declaration.simpleName);

List<String> _signatures(Type type) {
  final class_ = reflectClass(type);
  final found = <String>[];
  for (final member in class_.declarations.values.where((each) => !each.isPrivate)) {
    switch (member) {
      case MethodMirror(isConstructor: true):
        found.add('${_name(member)}(${_parameters(member)})');
      case MethodMirror(isGetter: true):
        found.add('${_type(member.returnType)} get ${_name(member)}');
      case MethodMirror():
        final kind = member.isStatic ? 'static ' : '';
        found.add('$kind${_type(member.returnType)} ${_name(member)}(${_parameters(member)})');
      case VariableMirror():
        found.add('static ${_type(member.type)} ${_name(member)}');
    }
  }
  return found..sort();
}

String _parameters(MethodMirror method) {
  String of({required bool named}) =>
      [for (final p in method.parameters.where((p) => p.isNamed == named)) '${_type(p.type)} ${_name(p)}'].join(', ');
  final named = of(named: true);
  return [of(named: false), if (named.isNotEmpty) '{$named}'].where((part) => part.isNotEmpty).join(', ');
}

String _type(TypeMirror type) {
  final text = type.hasReflectedType ? '${type.reflectedType}' : _name(type);
  return switch (text) {
    '(TRTCCallingDelegate, dynamic) => void' => 'VoiceListenerFunc',
    '() => CallMedia' => 'CallMedia Function()',
    _ => text,
  };
}

/// The shape of a listener's parameters, in words.
String _shape(dynamic value) => switch (value) {
      final Map<String, dynamic> map =>
        '{${map.entries.map((entry) => '${entry.key}: ${_shape(entry.value)}').join(', ')}}',
      final List<Map<String, dynamic>> list => 'List<${_shape(list.first)}>',
      final List<dynamic> list => '${list.runtimeType}',
      final Object other => '${other.runtimeType}',
      null => 'null',
    };
