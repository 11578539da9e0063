// The web SDK's session on virtual time, with sockets that the test speaks for.
globalThis.tsuwaTimes = async () => {
  const { Session } = await import("/web/latest/src/session.js");
  const { host, sockets, passes, now } = tsuwaClock();
  const wrong = [];
  const holds = (what, is) => is || wrong.push(what);
  const socket = () => sockets.at(-1);
  const pings = () => socket().sent.filter(({ method }) => method === "ping");
  const answers = (asked, result) => socket().answers(asked, result);
  const quiet = { signedIn() {}, connection() {}, event() {}, signal() {}, fault() {}, over() {} };
  const session = new Session("ws://fake", { sdkAppId: 1 }, quiet, host);
  const signsIn = () => {
    socket().opens();
    answers(socket().sent[0], { sessionId: "1", resumeToken: "token" });
  };
  /** Whether it stands for so long, and no longer. */
  const diesAfter = (ms) => {
    const before = sockets.length;
    passes(ms - 10);
    if (sockets.length > before) return false;
    passes(20);
    return sockets.length === before + 1;
  };

  signsIn();
  passes(5_000);
  session.setInCall(true);
  for (let second = 0; second < 10; second += 1) {
    passes(1_000);
    const ping = pings().at(-1);
    passes(900);
    answers(ping);
  }
  holds("over a long way it lives on", sockets.length === 1);
  holds("in a call two seconds of silence end it", diesAfter(2_000));

  signsIn();
  passes(1_000);
  const before = sockets.length;
  passes(2_700, 1_600);
  holds("who overslept asks again", pings().length === 2 && sockets.length === before);
  passes(4_000, 600);
  holds("but not for ever", sockets.length > before);

  session.setInCall(false);
  while (socket().readyState !== 1) signsIn();
  passes(3_000);
  session.check();
  holds("after a sleep it is soon known", diesAfter(2_000));
  signsIn();
  holds("out of calls there is time", diesAfter(30_000));

  session.setInCall(true);
  signsIn();
  passes(1_500);
  answers(pings()[0]);
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const [began, count] = [now(), sockets.length];
    socket().ends();
    while (sockets.length === count) passes(1);
    const most = attempt === 0 ? 0 : 251;
    holds(`pause ${attempt} is ${now() - began} ms`, now() - began <= most);
  }
  session.close();
  return wrong;
};
