// Records conversations of the web SDK with a real server, and plays recorded ones to it.
globalThis.tsuwaConversations = (() => {
  let TRTCCalling;
  const ready = import("/web/latest/src/index.js").then((sdk) => ({ TRTCCalling } = sdk));
  const tick = () => new Promise((done) => setTimeout(done, 0));

  /** Told by the SDK itself, or again and again: no part of a conversation. */
  const LOCAL = ["onConnectionLost", "onConnectionRecovered", "onUserVoiceVolume", "onAutoplayBlocked", "onDeviceChanged"];
  /** For how long rows let a telephone ring; how much of it has passed when somebody signs in is a matter of time. */
  const RINGS_MS = [1_000, 5_000, 30_000];
  /** Whatever takes longer on loopback has failed, however busy the machine is. */
  const DEADLINE_MS = 30_000;
  /** When these are said is a matter of time, and SDP is different each time. */
  const LEFT_OUT = ["ack", "ping", "mediaOffer", "mediaAnswer", "mediaRestart"];

  /** Ids and the like by the order in which they come, so that a conversation is the same each time. */
  class Names {
    #calls = new Map();
    #invitations = new Map();
    plain(value, key = "") {
      if (Array.isArray(value)) return value.map((each) => this.plain(each));
      if (value && typeof value === "object") {
        const { callId } = value;
        const named = ([name, each]) => [name, name === "invitationId" ? this.#invitation(callId, each) : this.plain(each, name)];
        return Object.fromEntries(Object.entries(value).map(named));
      }
      switch (key) {
        case "callId":
        case "before":
          if (!this.#calls.has(value)) this.#calls.set(value, String(this.#calls.size + 1));
          return this.#calls.get(value);
        case "userSig":
          return "(ticket)";
        case "deviceId":
          return "(device)";
        case "sessionId":
          return "(session)";
        case "resumeToken":
          return "(token)";
        case "media":
          return "none";
        case "startedAt":
        case "endedAt":
          return 1_800_000_000_000;
        case "ringingMs":
        case "talkedMs":
          return Math.round(value / 60_000) * 60_000;
        case "ringsForMs":
          return RINGS_MS.find((ms) => value <= ms);
        case "message":
        case "msg":
        case "desc":
          return "(words)";
      }
      return value;
    }
    /** The first, second … of its call; 0 is none. */
    #invitation(callId, id) {
      if (!this.#invitations.has(callId)) this.#invitations.set(callId, [0]);
      const known = this.#invitations.get(callId);
      if (!known.includes(id)) known.push(id);
      return known.indexOf(id);
    }
  }

  /** What a function gave: its code, and what there is beside a description. */
  function answered(name, { code, desc, ...more }) {
    return Object.keys(more).length > 0 ? [name, code, more] : [name, code];
  }

  /** A request, numbered among those that are part of the conversation: pings take numbers too, and come when they come. */
  function numbered(ids, id, method, params) {
    if (!ids.includes(id)) ids.push(id);
    const { request } = params;
    return { id: ids.indexOf(id) + 1, method, params: request ? { ...params, request: ids.indexOf(request) + 1 } : params };
  }

  /** A telephone whose conversation is written down. */
  class Recorder {
    steps = [];
    sockets = [];
    held = null;
    connects = true;
    #ids = [];
    #awaited = new Map();
    constructor(names, options) {
      this.names = names;
      const recorder = this;
      const host = {
        performance,
        setTimeout: (...all) => setTimeout(...all),
        clearTimeout: (...all) => clearTimeout(...all),
        WebSocket: function (url, protocols) {
          return recorder.#socket(recorder.connects ? url : "ws://127.0.0.1:9/", protocols);
        },
      };
      this.calling = new TRTCCalling({ ...options, volumeIntervalMs: 0, host });
      this.calling.registerListener((event, params) => {
        if (LOCAL.includes(event)) return;
        if (event === "onNetworkQuality" && params.quality > 0 && params.quality < 6) return;
        this.#note({ tell: [event, params] });
      });
    }
    #note(step) {
      this.steps.push(this.names.plain(step));
    }
    #socket(url, protocols) {
      const socket = new WebSocket(url, protocols);
      const send = socket.send.bind(socket);
      socket.send = (text) => {
        const { id, method, params = {} } = JSON.parse(text);
        if (!LEFT_OUT.includes(method)) this.#note({ send: numbered(this.#ids, id, method, params) });
        send(text);
      };
      const recorder = this;
      let heard = null;
      Object.defineProperty(socket, "onmessage", { set: (listener) => (heard = listener) });
      const deliver = (event) => {
        const { jsonrpc, ...frame } = JSON.parse(event.data);
        const periodic = frame.method === "onNetworkQuality" && frame.params.seq === undefined;
        if (frame.method && !LEFT_OUT.includes(frame.method) && !periodic) recorder.#note({ receive: frame });
        const id = recorder.#ids.indexOf(frame.id) + 1;
        if (id > 0) recorder.#note({ receive: { ...frame, id } });
        heard(event);
      };
      socket.addEventListener("message", (event) => (this.held ? this.held.push(() => deliver(event)) : deliver(event)));
      this.sockets.push(socket);
      return socket;
    }
    /** Does something as an app would, and writes down what came of it. */
    async do(name, ...args) {
      const known = name === "login" ? [1400000001, args[1], "(ticket)"] : args;
      this.#note({ do: name, args: known });
      const answer = await this.calling[name](...args);
      this.#note({ answer: answered(name, answer) });
      await this.#settled();
      return answer;
    }
    /** What the SDK asked for on its own account is answered too, so that nothing overtakes it. */
    async #settled() {
      const ids = (kind) => this.steps.filter((step) => step[kind]?.id).map((step) => step[kind].id);
      await tsuwaTest.until(() => ids("send").every((id) => ids("receive").includes(id)), DEADLINE_MS);
    }
    /** Waits until an event was told once more than the last time that it was waited for. */
    async told(event) {
      const count = (this.#awaited.get(event) ?? 0) + 1;
      this.#awaited.set(event, count);
      const is = ({ tell }) => tell && [tell[0], tell[1].userId ?? tell[1].sponsor].filter(Boolean).join(" ") === event;
      await tsuwaTest.until(() => this.steps.filter(is).length >= count, DEADLINE_MS).catch(() => {
        throw new Error(`${event} was not told: ${JSON.stringify(this.steps)}`);
      });
    }
    /** Frames wait for `release`. */
    hold() {
      this.held = [];
    }
    async arrived(count) {
      await tsuwaTest.until(() => this.held.length >= count, DEADLINE_MS);
    }
    async release() {
      const held = this.held;
      this.held = null;
      for (const deliver of held) {
        deliver();
        await tick();
      }
    }
    lose() {
      this.loses();
      this.sockets.at(-1).close();
    }
    /** Its socket goes by itself, and the next attempts fail until it `comesBack`. */
    loses() {
      this.connects = false;
      this.#note({ connection: "lost" });
    }
    async comesBack() {
      this.connects = true;
      const before = this.steps.length;
      await tsuwaTest.until(() => this.steps.slice(before).some(({ receive }) => receive), DEADLINE_MS);
    }
  }

  class Town {
    recorders = {};
    names = new Names();
    wanted = null;
    options = { media: "none" };
    async comes(name, key = name, expires = null) {
      const options = { ...this.options, deviceId: `${key}-${Math.random().toString(36).slice(2)}` };
      const one = (this.recorders[key] = new Recorder(this.names, options));
      const headers = { "content-type": "application/json" };
      const userSig = expires
        ? await this.ask("sig", name, String(expires))
        : (await (await fetch("/ticket", { method: "POST", headers, body: JSON.stringify({ userId: name }) })).json()).userSig;
      await one.do("login", 1400000001, name, userSig);
      return one;
    }
    all(...names) {
      return Promise.all(names.map((name) => this.comes(name)));
    }
    /** Asks the test for something that a page can't do. */
    async ask(...wanted) {
      this.answer = undefined;
      this.wanted = wanted;
      return (await tsuwaTest.until(() => this.answer, DEADLINE_MS)).trim();
    }
    /** The server is killed and started again, and the devices come back in this order. */
    async restart(...devices) {
      for (const one of devices) one.loses();
      await this.ask("kill");
      await this.ask("start");
      for (const one of devices) await one.comesBack();
    }
    async talk(a, b, from, to) {
      await a.do("call", to, 1);
      await b.told(`onInvited ${from}`);
      await b.do("accept");
      await a.told(`onUserEnter ${to}`);
      await b.told(`onUserEnter ${from}`);
    }
  }

  let town = null;
  async function record(row) {
    await ready;
    town = new Town();
    await tsuwaRows[row].play(town);
    // What nobody expected comes before the answer to a ping.
    await new Promise((done) => setTimeout(done, 150));
    const conversations = {};
    for (const [name, { steps }] of Object.entries(town.recorders)) conversations[name] = steps.slice();
    for (const { calling } of Object.values(town.recorders)) calling.destroy();
    return { row, title: tsuwaRows[row].title, conversations };
  }

  /** A WebSocket that says what is written down. */
  class Script {
    sent = [];
    ids = [];
    socket = null;
    host() {
      const script = this;
      const WebSocket = function () {
        this.readyState = 0;
        this.send = (text) => {
          const { id, method, params = {} } = JSON.parse(text);
          if (!LEFT_OUT.includes(method)) script.sent.push(numbered(script.ids, id, method, params));
        };
        this.close = () => (this.readyState = 3);
        script.socket = this;
      };
      return { performance, WebSocket, setTimeout: (...all) => setTimeout(...all), clearTimeout: (...all) => clearTimeout(...all) };
    }
    async open() {
      await tsuwaTest.until(() => this.socket?.readyState === 0, DEADLINE_MS);
      this.socket.readyState = 1;
      this.socket.onopen({});
    }
  }

  /** Plays one side to the SDK. Gives what it did otherwise. */
  async function play(name, steps) {
    const script = new Script();
    const calling = new TRTCCalling({ media: "none", volumeIntervalMs: 0, deviceId: "(device)", host: script.host() });
    const told = [];
    const answers = [];
    calling.registerListener((event, params) => {
      if (!LOCAL.includes(event)) told.push([event, params]);
    });
    const wrong = [];
    const same = (at, step, got) => {
      const [a, b] = [JSON.stringify(sorted(step)), JSON.stringify(sorted(got ?? null))];
      if (a !== b) wrong.push(`${name}, step ${at}: wanted ${a}, got ${b}`);
    };
    const next = async (list) => {
      await tsuwaTest.until(() => list.length > 0, DEADLINE_MS).catch(() => {});
      return list.shift();
    };
    for (const [at, step] of steps.entries()) {
      if (step.do) {
        calling[step.do](...step.args).then((answer) => answers.push(answered(step.do, answer)));
        if (step.do === "login" && script.socket?.readyState !== 1) await script.open();
      } else if (step.send) {
        if (step.send.method === "resume") await script.open();
        same(at, step.send, await next(script.sent));
      } else if (step.receive) {
        const { id } = step.receive;
        const frame = { jsonrpc: "2.0", ...step.receive, ...(id && { id: script.ids[id - 1] }) };
        script.socket.onmessage({ data: JSON.stringify(frame) });
      } else if (step.tell) same(at, step.tell, await next(told));
      else if (step.answer) same(at, step.answer, await next(answers));
      else if (step.connection === "lost") {
        script.socket.readyState = 3;
        script.socket.onclose({ code: 1006 });
      }
      await tick();
      if (wrong.length > 0) break;
    }
    if (wrong.length === 0) same("the end", [[], [], []], [script.sent, told, answers]);
    calling.destroy();
    return wrong;
  }

  function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
  }

  async function replay({ conversations }) {
    await ready;
    const wrong = await Promise.all(Object.entries(conversations).map(([name, steps]) => play(name, steps)));
    return wrong.flat();
  }

  return { record, replay, town: () => town, sorted };
})();
