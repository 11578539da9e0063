// Puts the telephone into its states without calls.
globalThis.tsuwaStates = (() => {
  const { model } = phone;
  const { calling } = model;
  let sending = { muted: false, microphone: true, camera: false, screen: false };
  Object.defineProperty(calling, "sending", { get: () => sending });
  const painted = new Map();

  /** A moving picture of one colour, as somebody's camera. */
  function picture(hue) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 320, height: 180 });
    const paper = canvas.getContext("2d");
    const paint = () => {
      const light = paper.createLinearGradient(0, 0, 320, 180);
      light.addColorStop(0, `hsl(${hue} 40% 55%)`);
      light.addColorStop(1, `hsl(${hue + 40} 45% 30%)`);
      paper.fillStyle = light;
      paper.fillRect(0, 0, 320, 180);
      paper.fillStyle = "rgb(255 255 255 / .75)";
      paper.beginPath();
      paper.arc(160, 80, 34, 0, 7);
      paper.arc(160, 190, 70, 0, 7);
      paper.fill();
    };
    paint();
    setInterval(paint, 100);
    return canvas.captureStream(10);
  }

  const tiles = () => phone.shadowRoot.querySelector("tsuwa-call").shadowRoot.querySelectorAll("tsuwa-tile");
  const tools = {
    m: model,
    show(screen) {
      model.screen = screen;
      model.changed();
    },
    book() {
      const at = Date.parse("2026-03-14T15:09:00");
      model.book.contacts = ["bob", "carol"];
      model.book.recent = [
        { userIds: ["bob"], type: 2, outgoing: true, at, outcome: "talked", seconds: 754 },
        { userIds: ["carol"], type: 1, outgoing: false, at: at - 4e6, outcome: "missed", seconds: 0 },
        { userIds: ["dave", "erin"], type: 1, outgoing: true, at: at - 9e7, outcome: "unanswered", seconds: 0 },
      ];
    },
    people(...all) {
      for (const [at, one] of all.entries()) {
        const [userId, state, how] = one.split(":");
        const volume = at === 0 && how !== "muted" ? 62 : 0;
        model.people.set(userId, { userId, state, audio: how !== "muted", video: how === "video", volume, quality: (at % 3) + 1 });
      }
    },
    invited(sponsor, others, type) {
      model.invitation = { sponsor, others, type, isFromGroup: others.length > 0 };
      tools.show("incoming");
    },
    talk() {
      model.talkingSince = performance.now() - 754_000;
    },
    self() {
      sending = { ...sending, camera: true };
    },
    ended(text) {
      model.ended = { text, again: ["bob"], type: 1 };
      tools.show("ended");
    },
  };

  async function put(act) {
    if (model.screen === "call") tools.show("home");
    sending = { muted: false, microphone: true, camera: false, screen: false };
    model.me = "alice";
    model.people.clear();
    Object.assign(model, { online: true, talkingSince: 0, outgoing: false, type: 1, invitation: null, ended: null });
    Object.assign(model.book, { contacts: [], recent: [] });
    model.say("");
    tools.show("home");
    act(tools);
    if (model.screen === "call" && model.talkingSince) model.changed();
    for (const tile of tiles()) {
      const name = tile.dataset.user ?? "self";
      if (tile.video.hidden) continue;
      if (!painted.has(name)) painted.set(name, picture((painted.size * 67) % 360));
      tile.video.srcObject = painted.get(name);
      await tile.video.play();
    }
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await new Promise((done) => setTimeout(done, 60));
  }

  /** What does not fit: controls that can't be pressed, and words that are cut off. */
  function wrong() {
    const found = [];
    const within = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot && !element.hidden) within(element.shadowRoot);
        if (!element.checkVisibility() || element.getClientRects().length === 0) continue;
        const box = element.getBoundingClientRect();
        const outside = box.left < -1 || box.right > innerWidth + 1;
        if (outside || (element.localName === "button" && box.bottom > innerHeight + 1 && !root.querySelector("main"))) {
          found.push(`${element.localName} ${element.className} ${element.dataset?.act ?? ""} is outside`);
        }
        if (element.localName === "button" && (box.width < 24 || box.height < 24)) found.push(`${element.title} is small`);
        if (element.localName === "button" && !element.title && !element.textContent) found.push("a button has no name");
      }
    };
    within(phone.shadowRoot);
    if (document.documentElement.scrollHeight > innerHeight) found.push("the page scrolls");
    return found;
  }

  return { put, wrong };
})();
