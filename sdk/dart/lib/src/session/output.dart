import '../codes.dart';
import '../event.dart';
import '../media/call_media.dart';
import '../wire/frames.dart';
import 'pending.dart';

/// What a session asks of its shell, or tells it.
sealed class SessionOutput {
  /// A wish or a message.
  const SessionOutput();
}

/// Open a WebSocket to the server; say `opened` or `closed` with this link.
final class Connect extends SessionOutput {
  /// The connection [link].
  const Connect(this.link);

  /// The new connection's number.
  final int link;
}

/// Send a text frame.
final class SendText extends SessionOutput {
  /// On [link].
  const SendText(this.link, this.text);

  /// On which connection.
  final int link;

  /// The frame. It may hold secrets.
  final String text;
}

/// Close this connection, or give up opening it. Nothing that it says any more counts.
final class CloseSocket extends SessionOutput {
  /// The connection [link].
  const CloseSocket(this.link);

  /// Which.
  final int link;
}

/// A new session has begun: the first, or (after [Lost]) one in place of a session that the server no longer had.
final class SignedIn extends SessionOutput {
  /// With what the server said.
  const SignedIn(this.welcome);

  /// What the server said.
  final Welcome welcome;
}

/// The connection is lost; it is being made anew. Requests made meanwhile wait.
final class Lost extends SessionOutput {
  /// The connection is lost.
  const Lost();
}

/// The session goes on after [Lost]; the events that were missed follow.
final class Back extends SessionOutput {
  /// With what the server said.
  const Back(this.welcome);

  /// What the server said.
  final Welcome welcome;
}

/// An event, once and in order; or a periodic one, that has no number.
final class Told extends SessionOutput {
  /// The event.
  const Told(this.event);

  /// What happened.
  final CallingEvent event;
}

/// An offer of media.
final class Offered extends SessionOutput {
  /// The offer.
  const Offered(this.offer);

  /// The offer.
  final MediaOffer offer;
}

/// The answer to a request: exactly one for each. 9508 (no connection) or 9520 (no answer) where none came in time, or
/// where the session was lost with the request; `hangup`, `reject` and `logout` are still carried to the server when it
/// can be reached.
final class Replied extends SessionOutput {
  /// The answer to [id].
  const Replied(this.id, this.outcome);

  /// Which request.
  final int id;

  /// How it ended.
  final Outcome outcome;
}

/// The server could not read one of our frames, or we not one of its. Nothing to be done but to tell.
final class Fault extends SessionOutput {
  /// What is wrong.
  const Fault(this.refusal);

  /// What is wrong.
  final Refusal refusal;
}

/// The session is over and does not come back by itself. Every request has been answered. Nothing follows.
final class SessionRefused extends SessionOutput {
  /// Why.
  const SessionRefused(this.refusal);

  /// Why.
  final Refusal refusal;
}

/// `logout` is done. Every request has been answered. Nothing follows.
final class SignedOut extends SessionOutput {
  /// Signed out.
  const SignedOut();
}

/// Call `timer` at this moment; it takes the place of an earlier such wish.
final class WakeAt extends SessionOutput {
  /// At [at].
  const WakeAt(this.at);

  /// When.
  final Duration at;
}
