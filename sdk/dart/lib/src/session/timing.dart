/// The times that client and server hold to. They are the protocol's (`docs/protocol.md`) unless said.
library;

/// In a call `ping` is sent when nothing came for so long.
const pingInCall = Duration(seconds: 1);

/// The same out of calls.
const pingIdle = Duration(seconds: 20);

/// In a call, a socket is dead when nothing at all came for so long after a `ping`: 2 s of silence in all.
const deadInCall = Duration(seconds: 1);

/// What was asleep when a call began has at least so long to answer.
const wakesWithin = Duration(seconds: 2);

/// A timer that goes off so late was asleep itself, and asks again before it gives a socket up: what came meanwhile has
/// not been read.
const overslept = Duration(milliseconds: 500);

/// The same out of calls: a sleeping radio takes its time to wake (3GPP's worst promotion is under 3 s).
const deadIdle = Duration(seconds: 10);

/// How long a connection attempt, and then a sign-in on it, may take in a call. One SYN repetition is 1 s.
const connectInCall = Duration(seconds: 3);

/// How long a connection attempt, and then a sign-in on it, may take else.
const connectIdle = Duration(seconds: 10);

/// The first pause between two connection attempts; each is twice the one before.
const backOffFirst = Duration(milliseconds: 100);

/// The longest pause.
const backOffMost = Duration(seconds: 10);

/// The longest pause in a call: half of what a call allows, since people are waiting to hear each other.
const backOffInCall = Duration(milliseconds: 250);

/// A connection that did not last so long was none: the pauses go on growing.
const lasted = Duration(seconds: 1);

/// An event is acknowledged at the latest so long after it came.
const ackWithin = Duration(seconds: 1);

/// Events are acknowledged at the latest when so many came.
const ackEvents = 16;

/// Close codes after which a client does not come back: this device is out, or another instance of it has its place.
const staysAway = {4001, 4002, 4003, 4004};

/// How long a request may stay unanswered before its caller is told so; as long as the grace of a call.
const answerWithin = Duration(seconds: 15);

/// More requests than this without an answer are refused at once: no app has use for them.
const waitingMost = 256;

/// What the server would not hear, as it hears too much, is said again after so long: its limits are in requests a second.
const againAfter = Duration(seconds: 1);

/// The server can answer repetitions of its last requests only, so no more than those are on their way at once.
const onTheirWayMost = 64;
