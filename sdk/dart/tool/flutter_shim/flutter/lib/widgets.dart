/// As much of Flutter's widgets as `tsuwa_calling_webrtc` names, for checking its types where there is no Flutter. Only
/// declarations: nothing here draws.
library;

typedef ValueChanged<T> = void Function(T value);

class Key {
  const Key();
}

class BuildContext {}

abstract class Widget {
  const Widget({this.key});
  final Key? key;
}

class SizedBox extends Widget {
  const SizedBox.expand({super.key});
}

abstract class StatelessWidget extends Widget {
  const StatelessWidget({super.key});
  Widget build(BuildContext context);
}

abstract class StatefulWidget extends Widget {
  const StatefulWidget({super.key});
  State<StatefulWidget> createState();
}

abstract class State<T extends StatefulWidget> {
  late T widget;
  bool mounted = true;
  void initState() {}
  void dispose() => mounted = false;
  void setState(void Function() change) => change();
  Widget build(BuildContext context);
}
