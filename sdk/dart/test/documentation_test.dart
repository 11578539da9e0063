import 'dart:io';
import 'dart:mirrors';

import 'package:test/test.dart';
// ignore: unused_import
import 'package:tsuwa_calling/io.dart';
// ignore: unused_import
import 'package:tsuwa_calling/media.dart';
// ignore: unused_import
import 'package:tsuwa_calling/tsuwa_calling.dart';

void main() {
  test('every public name has a documentation comment', () {
    final files = <Uri, List<String>>{};
    var looked = 0;
    final bare = <String>[];
    void look(DeclarationMirror declaration) {
      final location = declaration.location;
      if (declaration.isPrivate || location == null || !'${location.sourceUri}'.startsWith('package:tsuwa_calling/')) return;
      final path = 'lib/${location.sourceUri.pathSegments.skip(1).join('/')}';
      final lines = files[location.sourceUri] ??= File(path).readAsLinesSync();
      final [above, first] = [lines[location.line - 2].trim(), lines[location.line - 1].trim()];
      // What overrides has the documentation of what it overrides. Some declarations begin with their annotation.
      final isDocumented = above.startsWith('///') || above == '@override' || first == '@override';
      looked++;
      if (!isDocumented && !_isMade(declaration)) bare.add('$path:${location.line} ${MirrorSystem.getName(declaration.simpleName)}');
    }

    for (final library in currentMirrorSystem().libraries.values) {
      if (!'${library.uri}'.startsWith('package:tsuwa_calling/')) continue;
      for (final declaration in library.declarations.values) {
        look(declaration);
        if (declaration is ClassMirror && !declaration.isPrivate) declaration.declarations.values.forEach(look);
      }
    }
    expect(looked, greaterThan(200));
    expect(bare, isEmpty);
  });
}

/// Made by the compiler: what every enum has, and constructors that nobody wrote.
bool _isMade(DeclarationMirror declaration) {
  final owner = declaration.owner;
  final isOfEnum = owner is ClassMirror && owner.isEnum;
  final isConstructor = declaration is MethodMirror && declaration.isConstructor;
  return isOfEnum && (isConstructor || MirrorSystem.getName(declaration.simpleName) == 'values') ||
      isConstructor && owner is ClassMirror && declaration.location?.line == owner.location?.line;
}
