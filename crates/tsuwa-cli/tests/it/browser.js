// What tests do in a page: finding what people see, and listening and looking as they do.
globalThis.tsuwaTest = (() => {
  /** Every element with this act, in the page and in all shadow trees that are shown. */
  function* all(within, act) {
    for (const element of within.querySelectorAll("*")) {
      if (element.dataset?.act === act) yield element;
      if (element.shadowRoot && !element.hidden) yield* all(element.shadowRoot, act);
    }
    if (within.shadowRoot) yield* all(within.shadowRoot, act);
  }

  const visible = (element) => element.checkVisibility() && element.getClientRects().length > 0;

  function find(within, act) {
    for (const element of all(within, act)) if (visible(element)) return element;
    return null;
  }

  /** What is at a point, in whatever shadow tree. */
  function at(x, y) {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  }

  /** Where a button can be pressed now, if it can: it is shown, enabled, and nothing lies over it. */
  function place(within, act) {
    const element = find(within, act);
    if (!element || element.disabled) return null;
    element.scrollIntoView({ block: "nearest" });
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const top = at(x, y);
    return top && (top === element || element.contains(top)) ? { x, y } : null;
  }

  function text(root = document.body) {
    let words = "";
    for (const node of root.childNodes) {
      if (node.nodeType === 3) words += `${node.data.trim()} `;
      else if (node.nodeType === 1 && !node.hidden && !["style", "script"].includes(node.localName)) words += text(node.shadowRoot ?? node);
    }
    return words.replace(/\s+/g, " ");
  }

  /** What live regions of the telephone say to a screen reader. */
  const spoken = () => [...phone.shadowRoot.querySelectorAll("[role=status]")].map((each) => each.textContent).join(" ");

  async function until(condition, ms) {
    const by = performance.now() + ms;
    for (;;) {
      const value = await condition();
      if (value) return value;
      if (performance.now() > by) throw new Error(`not true within ${ms} ms: ${JSON.stringify(value)}`);
      await new Promise((done) => setTimeout(done, 30));
    }
  }

  /** The loudest that a stream gets within so many milliseconds: root mean square, 1 at full scale. `NaN`: it can't be told. */
  async function energy(stream, ms = 2500) {
    if (!stream) return 0;
    const audio = new AudioContext();
    // A page that may not sound yet would wait for ever; one that may begins anew.
    await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 1_000))]);
    if (audio.state !== "running") {
      audio.close();
      return NaN;
    }
    const meter = audio.createAnalyser();
    meter.fftSize = 2048;
    audio.createMediaStreamSource(stream).connect(meter);
    const samples = new Float32Array(meter.fftSize);
    const by = performance.now() + ms;
    let loudest = 0;
    while (performance.now() < by) {
      meter.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length));
      await new Promise((done) => setTimeout(done, 20));
    }
    await audio.close();
    return loudest;
  }

  /** A small grey copy of what a video shows over a second, what moves blurred: 32 by 18 values of 0 to 255. */
  async function picture(video) {
    const canvas = new OffscreenCanvas(32, 18);
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    const grey = new Array(32 * 18).fill(0);
    for (let frame = 0; frame < 20; frame += 1) {
      paper.drawImage(video, 0, 0, 32, 18);
      const { data } = paper.getImageData(0, 0, 32, 18);
      for (let at = 0; at < grey.length; at += 1) grey[at] += (data[4 * at] + data[4 * at + 1] + data[4 * at + 2]) / 60;
      await new Promise((done) => setTimeout(done, 50));
    }
    return grey;
  }

  /** The events that the SDK has told since `listen`, periodic ones left out. */
  const events = [];
  const PERIODIC = ["onUserVoiceVolume", "onNetworkQuality", "onDeviceChanged", "onConnectionLost", "onConnectionRecovered"];
  function listen(calling) {
    calling.registerListener((event, params) => {
      if (!PERIODIC.includes(event)) events.push([event, params]);
    });
  }

  return { find, place, text, spoken, until, energy, picture, events, listen };
})();
