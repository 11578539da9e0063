// The web SDK without media, on virtual time, and a server that says what the test has it say. Gives what was wrong.
globalThis.tsuwaFarEnd = async (script) => {
  const { TRTCCalling } = await import("/web/latest/src/index.js");
  const { host, sockets, passes } = tsuwaClock();
  const wrong = [];
  const holds = (what, is) => is || wrong.push(what);
  const words = (value) => JSON.stringify(tsuwaFarEndSorted(value));
  const is = (what, got, wanted) => holds(`${what}: wanted ${words(wanted)}, got ${words(got)}`, words(got) === words(wanted));

  const calling = new TRTCCalling({ server: "http://far.end", deviceId: "phone", media: "none", volumeIntervalMs: 0, host });
  const events = [];
  calling.registerListener((event, params) => {
    if (!event.startsWith("onConnection")) events.push([event, params.userId ?? params.sponsor].filter(Boolean).join(" "));
  });
  /** The events that were told since the last time that it was asked. */
  const told = () => events.splice(0);

  const socket = () => sockets.at(-1);
  let seq = 0;
  /** The server's end. */
  const far = {
    /** The SDK connects, and asks to be signed in by this; gives what it asks. */
    connects(method) {
      for (let waited = 0; socket().readyState !== 0; waited += 10) {
        if (waited > 20_000) throw new Error("the SDK does not connect");
        passes(10);
      }
      socket().opens();
      return far.hears(method);
    },
    welcomes(asked, call) {
      if (asked.method === "login") seq = 0;
      socket().answers(asked, { sessionId: "7", resumeToken: "token", keptMs: 60_000, call });
    },
    /** The next request, which is this one. */
    hears(method) {
      const [next] = far.requests();
      if (next?.method !== method) throw new Error(`${method} was to come, and not ${JSON.stringify(next)}`);
      socket().sent.splice(0, socket().sent.indexOf(next) + 1);
      return next;
    },
    /** What the SDK has asked for and the test has not heard yet. */
    requests: () => socket().sent.filter(({ method }) => method !== "ping" && method !== "ack"),
    answers: (asked, result) => socket().answers(asked, result),
    refuses: ({ id }, code) => socket().says({ id, error: { code, message: "no" } }),
    tells(method, params) {
      seq += 1;
      socket().says({ method, params: { seq, ...params } });
    },
    invites(callId, invitationId, sponsor = "bob") {
      const rest = { sponsor, userIds: [], isFromGroup: false, type: 1, ringsForMs: 30_000 };
      far.tells("onInvited", { callId, invitationId, ...rest });
    },
    answersPings() {
      const { sent } = socket();
      for (const ping of sent.filter(({ method }) => method === "ping")) {
        sent.splice(sent.indexOf(ping), 1);
        socket().answers(ping);
      }
    },
    /** Time goes by on a connection that is alive. */
    passes(ms) {
      for (let left = ms; left > 0; left -= 100) {
        far.answersPings();
        passes(Math.min(left, 100));
      }
    },
    /** The socket is gone, and the server still has the session. */
    loses() {
      socket().ends();
    },
    resumes() {
      far.welcomes(far.connects("resume"));
    },
    /** The server was started anew and has forgotten the session, but not the call. */
    signsInAnew(call) {
      far.loses();
      far.refuses(far.connects("resume"), 6014);
      far.welcomes(far.hears("login"), call);
    },
  };
  const answer = calling.login(1400000001, "alice", "ticket");
  far.welcomes(far.connects("login"));
  await answer;
  try {
    await script({ calling, far, told, holds, is, passes });
  } catch (error) {
    wrong.push(String(error));
  }
  calling.destroy();
  return wrong;
};

globalThis.tsuwaFarEndSorted = (value) => {
  if (Array.isArray(value)) return value.map(tsuwaFarEndSorted);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, tsuwaFarEndSorted(value[key])]));
};
