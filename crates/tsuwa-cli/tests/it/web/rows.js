// The rows of the scenarios, as two to four devices play them by signalling alone, or with sound where a row needs it.
globalThis.tsuwaRows = {
  "01-02-07": {
    title: "a call is answered; the caller hangs up",
    async play(town) {
      town.options = { media: "webrtc" };
      const [a, b] = await town.all("alice", "bob");
      await town.talk(a, b, "alice", "bob");
      await a.told("onUserAudioAvailable bob");
      await b.told("onUserAudioAvailable alice");
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "03": {
    title: "a call is declined",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await b.do("reject");
      await a.told("onCallEnd");
    },
  },
  "03-late": {
    title: "a rejection that was late does not decline the second ringing of the same call",
    async play(town) {
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await town.talk(a, c, "alice", "carol");
      await a.do("call", "bob", 1, { timeout: 3 });
      await b.told("onInvited alice");
      b.lose();
      const rejected = b.do("reject");
      await a.told("onNoResp bob");
      await a.do("call", "bob", 1);
      await b.comesBack();
      await b.told("onInvited alice");
      await rejected;
      await b.do("accept");
      await c.told("onUserEnter bob");
      await b.told("onUserEnter carol");
      await b.do("hangup");
      await c.told("onUserLeave bob");
      await c.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "04-13": {
    title: "a callee who rings, or talks, is busy",
    async play(town) {
      const [a, b, d] = await town.all("alice", "bob", "dave");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await d.do("call", "bob", 1);
      await d.told("onCallEnd");
      await b.do("accept");
      await a.told("onUserEnter bob");
      await d.do("call", "bob", 2);
      await d.told("onCallEnd");
      await b.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "05-11": {
    title: "nobody answers in time, online or not",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1, { timeout: 1 });
      await a.told("onCallEnd");
      await b.told("onCallingTimeOut");
      await a.do("call", "nobody", 1, { timeout: 1 });
      await a.told("onCallEnd");
    },
  },
  "06": {
    title: "the caller hangs up while it rings",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 2, { userData: "about the cat" });
      await b.told("onInvited alice");
      await a.do("hangup");
      await b.told("onCallingCancel");
    },
  },
  "06a": {
    title: "the hang-up comes before the accept",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      b.hold();
      await a.do("hangup");
      await b.arrived(1);
      const accepted = b.do("accept");
      await b.arrived(2);
      await b.release();
      await accepted;
    },
  },
  "06b": {
    title: "the accept comes before the hang-up",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      a.hold();
      await b.do("accept");
      await a.arrived(1);
      const hungUp = a.do("hangup");
      await b.told("onCallEnd");
      await a.arrived(2);
      await a.release();
      await hungUp;
    },
  },
  "08": {
    title: "the callee hangs up",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await town.talk(a, b, "alice", "bob");
      await b.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "09-back": {
    title: "a party whose network goes is back within the grace",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await town.talk(a, b, "alice", "bob");
      a.lose();
      await b.told("onNetworkQuality alice");
      await a.comesBack();
      await b.told("onNetworkQuality alice");
      await b.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "09-09a": {
    title: "a party whose network goes for longer than the grace has left, and is told so when it comes back",
    async play(town) {
      await town.ask("policy", '{"grace_ms":1000}');
      const [a, b] = await town.all("alice", "bob");
      await town.talk(a, b, "alice", "bob");
      a.lose();
      await b.told("onCallEnd");
      await a.comesBack();
      await a.told("onCallEnd");
      await town.ask("policy", "{}");
    },
  },
  "09b": {
    title: "the caller is lost while it rings",
    async play(town) {
      await town.ask("policy", '{"grace_ms":1000}');
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      a.lose();
      await b.told("onCallingCancel");
      await a.comesBack();
      await a.told("onCallEnd");
      await town.ask("policy", "{}");
    },
  },
  "09c": {
    title: "the callee accepts while the caller is lost",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      a.lose();
      await town.ask("wait", "1000");
      await b.do("accept");
      await b.told("onUserEnter alice");
      await a.comesBack();
      await a.told("onUserEnter bob");
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "10": {
    title: "the callee signs in while it rings",
    async play(town) {
      const [a] = await town.all("alice");
      await a.do("call", "bob", 1);
      const [b] = await town.all("bob");
      await b.told("onInvited alice");
      await b.do("accept");
      await a.told("onUserEnter bob");
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "11a": {
    title: "an invitation that began and ended while the device was away",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      b.lose();
      await a.do("call", "bob", 1);
      await a.do("hangup");
      await b.comesBack();
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await a.do("hangup");
      await b.told("onCallingCancel");
    },
  },
  "12-12a": {
    title: "who rings can call nobody else; calling the caller is an accept",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 2);
      await b.told("onInvited alice");
      await b.do("call", "carol", 1);
      await b.do("groupCall", ["carol", "dave"], 1);
      await b.do("call", "alice", 1);
      await a.told("onUserEnter bob");
      await b.told("onUserEnter alice");
      await b.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "14-16": {
    title: "a third is invited, and accepts; a fourth does not",
    async play(town) {
      const [a, b, c, d] = await town.all("alice", "bob", "carol", "dave");
      await town.talk(a, b, "alice", "bob");
      await a.do("call", "carol", 1);
      await c.told("onInvited alice");
      await c.do("accept");
      await a.told("onUserEnter carol");
      await b.told("onUserEnter carol");
      await c.told("onUserEnter bob");
      await a.do("call", "dave", 1);
      await d.told("onInvited alice");
      await d.do("reject");
      await a.told("onReject dave");
      await a.do("call", "dave", 1, { timeout: 1 });
      await a.told("onNoResp dave");
      await d.told("onCallingTimeOut");
      await a.do("call", "bob", 1);
      await b.do("hangup");
      await a.told("onUserLeave bob");
      await c.told("onUserLeave bob");
      await c.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "14a": {
    title: "a second is called while the first rings",
    async play(town) {
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await a.do("call", "carol", 1);
      await c.told("onInvited alice");
      await b.do("reject");
      await a.told("onReject bob");
      await c.do("reject");
      await a.told("onCallEnd");
    },
  },
  "15-sound": {
    title: "who comes third is told at once who can be heard",
    async play(town) {
      town.options = { media: "webrtc" };
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await town.talk(a, b, "alice", "bob");
      await a.told("onUserAudioAvailable bob");
      await b.told("onUserAudioAvailable alice");
      await a.do("call", "carol", 1);
      await c.told("onInvited alice");
      await c.do("accept");
      await c.told("onUserAudioAvailable alice");
      await c.told("onUserAudioAvailable bob");
      await a.told("onUserAudioAvailable carol");
      await b.told("onUserAudioAvailable carol");
      await a.do("hangup");
      await c.told("onUserLeave alice");
      await b.told("onUserLeave alice");
      await b.do("hangup");
      await c.told("onCallEnd");
    },
  },
  "17-20-31": {
    title: "a callee invites; the last but one leaves; an invitation goes with its inviter",
    async play(town) {
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await town.talk(a, b, "alice", "bob");
      await b.do("call", "carol", 1);
      await c.told("onInvited bob");
      await a.do("hangup");
      await b.told("onUserLeave alice");
      await c.do("reject");
      await b.told("onCallEnd");
      await town.talk(a, b, "alice", "bob");
      await a.do("call", "carol", 1);
      await c.told("onInvited alice");
      await a.do("hangup");
      await b.told("onCallEnd");
      await c.told("onCallingCancel");
    },
  },
  "21": {
    title: "one of two devices accepts",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      const other = await town.comes("bob", "bob-too");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await other.told("onInvited alice");
      await b.do("accept");
      await other.told("onCallingCancel");
      await a.told("onUserEnter bob");
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "21a": {
    title: "both devices accept, and one is the first",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      const other = await town.comes("bob", "bob-too");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await other.told("onInvited alice");
      other.hold();
      await b.do("accept");
      await other.arrived(1);
      const accepted = other.do("accept");
      await other.arrived(2);
      await other.release();
      await accepted;
      await a.told("onUserEnter bob");
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "22": {
    title: "one of two devices declines",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      const other = await town.comes("bob", "bob-too");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await other.told("onInvited alice");
      await b.do("reject");
      await other.told("onCallingCancel");
      await a.told("onCallEnd");
    },
  },
  "23-24": {
    title: "a group is called, and nobody comes",
    async play(town) {
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await a.do("groupCall", ["bob", "carol", "bob"], 2);
      await b.told("onInvited alice");
      await c.told("onInvited alice");
      await b.do("reject");
      await a.told("onReject bob");
      await c.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "25": {
    title: "a sign-in elsewhere puts the old device out",
    async play(town) {
      await town.ask("policy", '{"devices":"one"}');
      const [a, b] = await town.all("alice", "bob");
      await town.talk(a, b, "alice", "bob");
      await town.comes("bob", "bob-new");
      await b.told("onCallEnd");
      await a.told("onCallEnd");
      await town.ask("policy", "{}");
    },
  },
  "26-26a": {
    title: "a logout while it rings, and a logout in a call",
    async play(town) {
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await a.do("call", "bob", 1, { timeout: 5 });
      await b.told("onInvited alice");
      await b.do("logout");
      await a.told("onCallEnd");
      await town.talk(a, c, "alice", "carol");
      await c.do("logout");
      await a.told("onCallEnd");
    },
  },
  "27": {
    title: "mute is told to the others",
    async play(town) {
      town.options = { media: "webrtc" };
      const [a, b] = await town.all("alice", "bob");
      await a.do("setMicMute", true);
      await town.talk(a, b, "alice", "bob");
      await a.told("onUserAudioAvailable bob");
      await a.do("setMicMute", false);
      await b.told("onUserAudioAvailable alice");
      await a.do("setMicMute", true);
      await b.told("onUserAudioAvailable alice");
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "28": {
    title: "the server is killed and started again in a call",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await town.talk(a, b, "alice", "bob");
      await a.do("setMicMute", true);
      await town.restart(a, b);
      await a.told("onNetworkQuality bob");
      await a.told("onNetworkQuality bob");
      await a.do("setMicMute", false);
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "28-ringing": {
    title: "the server is killed and started again while it rings",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await town.restart(b, a);
      await b.do("accept");
      await a.told("onUserEnter bob");
      await b.told("onUserEnter alice");
      await b.do("hangup");
      await a.told("onCallEnd");
    },
  },
  "29": {
    title: "an administrator ends the call",
    async play(town) {
      const [a, b, c] = await town.all("alice", "bob", "carol");
      await town.talk(a, b, "alice", "bob");
      await b.do("call", "carol", 1);
      await c.told("onInvited bob");
      await town.ask("end");
      await a.told("onCallEnd");
      await b.told("onCallEnd");
      await c.told("onCallingCancel");
    },
  },
  "30": {
    title: "the ticket expires in a call, and is renewed",
    async play(town) {
      const [b] = await town.all("bob");
      const a = await town.comes("alice", "alice", 6);
      await town.talk(a, b, "alice", "bob");
      await a.told("onUserSigExpired");
      await a.do("call", "carol", 1);
      await a.do("login", 1400000001, "alice", await town.ask("sig", "alice", "60"));
      await a.do("call", "carol", 1);
      await a.do("hangup");
      await b.told("onCallEnd");
    },
  },
  "32-refusals": {
    title: "a hang-up while it rings declines; what does not fit is refused",
    async play(town) {
      const [a, b] = await town.all("alice", "bob");
      await a.do("accept");
      await a.do("reject");
      await a.do("call", "alice", 1);
      await a.do("call", "no name", 1);
      await a.do("call", "bob", 3);
      await a.do("hangup");
      await a.do("call", "bob", 1);
      await a.do("call", "bob", 1);
      await b.told("onInvited alice");
      await b.do("hangup");
      await a.told("onCallEnd");
      await a.do("logout");
      await a.do("call", "bob", 1);
    },
  },
  "recent-calls": {
    title: "two look at their calls that are over",
    async play(town) {
      const [a, b] = await town.all("rita", "sam");
      await a.do("queryRecentCalls");
      await town.talk(a, b, "rita", "sam");
      await a.do("hangup");
      await b.told("onCallEnd");
      await a.do("call", "sam", 2);
      await b.told("onInvited rita");
      await b.do("reject");
      await a.told("onCallEnd");
      await town.ask("recorded", "rita", "2");
      await b.do("queryRecentCalls");
      const { calls } = await a.do("queryRecentCalls", { limit: 1 });
      await a.do("queryRecentCalls", { before: calls[0].callId });
      await a.do("queryRecentCalls", { limit: 0 });
    },
  },
};
