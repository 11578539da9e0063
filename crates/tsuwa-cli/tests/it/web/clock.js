// Virtual time, and sockets that the test speaks for.
globalThis.tsuwaClock = () => {
  let now = 1_000;
  let lastTimer = 0;
  const timers = new Map();
  const sockets = [];
  class Socket {
    readyState = 0;
    sent = [];
    constructor() {
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.readyState = 3;
    }
    opens() {
      this.readyState = 1;
      this.onopen({});
    }
    says(frame) {
      this.onmessage({ data: JSON.stringify({ jsonrpc: "2.0", ...frame }) });
    }
    answers({ id }, result = {}) {
      this.says({ id, result });
    }
    ends() {
      this.readyState = 3;
      this.onclose({ code: 1006 });
    }
  }
  const host = {
    WebSocket: Socket,
    performance: { now: () => now },
    setTimeout: (act, ms) => (timers.set(++lastTimer, [now + ms, act]), lastTimer),
    clearTimeout: (timer) => timers.delete(timer),
  };
  const passes = (ms, late = 0) => {
    const end = now + ms;
    for (;;) {
      const [due] = [...timers].sort(([, [a]], [, [b]]) => a - b);
      if (!due || due[1][0] + late > end) break;
      timers.delete(due[0]);
      now = Math.max(now, due[1][0] + late);
      due[1][1]();
    }
    now = end;
  };
  return { host, sockets, passes, now: () => now };
};
