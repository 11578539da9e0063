// When this telephone's user clicked on accept, and when the other was first heard. All times are of the machine's one
// clock, in milliseconds.
globalThis.measure = (() => {
  const now = () => performance.timeOrigin + performance.now();
  const audio = new AudioContext();
  const state = { clickedAt: 0, heardAt: 0, microphoneAt: 0, descriptions: 0, ready, listen, reset };
  let turn = 0;

  // The fake microphone beeps now and then. One that sounds all the time shows when the first of it arrives; the real
  // one is opened all the same, since that takes its time.
  const tone = new OscillatorNode(audio, { frequency: 440 });
  tone.start();
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    state.microphoneAt = now();
    if (!wanted.audio) return stream;
    const out = audio.createMediaStreamDestination();
    tone.connect(out);
    const [track] = out.stream.getTracks();
    const stop = track.stop.bind(track);
    track.stop = () => {
      stop();
      stream.getTracks().forEach((each) => each.stop());
    };
    return out.stream;
  };

  const connections = new Set();
  const describe = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (...description) {
    connections.add(this);
    state.descriptions += 1;
    return describe.apply(this, description);
  };

  /** Whether ICE and DTLS are done. */
  function ready() {
    return [...connections].some((each) => each.connectionState === "connected");
  }

  addEventListener("click", (event) => {
    const pressed = event.composedPath().find((each) => each.dataset?.act);
    if (pressed?.dataset.act === "accept") state.clickedAt = now();
  }, true);

  async function listen(who) {
    const mine = ++turn;
    await audio.resume();
    const meter = new AnalyserNode(audio, { fftSize: 256 });
    const samples = new Float32Array(meter.fftSize);
    let source = null;
    while (mine === turn && !state.heardAt) {
      const stream = phone.calling.remoteStream(who);
      if (stream && source?.mediaStream !== stream) {
        source?.disconnect();
        source = audio.createMediaStreamSource(stream);
        source.connect(meter);
      }
      meter.getFloatTimeDomainData(samples);
      if (samples.some((each) => Math.abs(each) > 0.01)) state.heardAt = now();
      await new Promise((done) => setTimeout(done, 2));
    }
    source?.disconnect();
  }

  function reset() {
    turn += 1;
    connections.clear();
    Object.assign(state, { clickedAt: 0, heardAt: 0, microphoneAt: 0, descriptions: 0 });
  }

  return state;
})();
