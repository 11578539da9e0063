// @ts-check
/** Ringing, ring-back and the tone at the end, made by the browser itself: no sound files. */

/** Notes in hertz with their begin and length in seconds, and how long the whole takes before it begins anew. */
const RING = { notes: [[659, 0, 0.35], [880, 0.18, 0.45], [659, 0.7, 0.35], [880, 0.88, 0.45]], every: 3, gain: 0.22 };
/** The ring-back of telephones in most countries: 425 Hz, a second long (ITU-T E.180). */
const RING_BACK = { notes: [[425, 0, 1]], every: 4, gain: 0.08 };
const BUSY = { notes: [[425, 0, 0.3], [425, 0.6, 0.3], [425, 1.2, 0.3]], every: 0, gain: 0.08 };
const END = { notes: [[523, 0, 0.14], [392, 0.14, 0.22]], every: 0, gain: 0.1 };

/** @typedef {typeof RING} Tone */

export class Tones {
  /** @type {AudioContext | null} */ #audio = null;
  /** @type {any} */ #again;
  /** @type {GainNode | null} */ #out = null;

  /** To be called in a click: browsers let a page sound only after one. */
  unlock() {
    this.#audio ??= new AudioContext();
    this.#audio.resume().catch(() => {});
  }

  ring() {
    this.#play(RING);
    navigator.vibrate?.([400, 200, 400]);
  }

  ringBack() {
    this.#play(RING_BACK);
  }

  busy() {
    this.#play(BUSY);
  }

  end() {
    this.#play(END);
  }

  stop() {
    clearInterval(this.#again);
    this.#again = undefined;
    this.#out?.disconnect();
    this.#out = null;
    navigator.vibrate?.(0);
  }

  /** @param {Tone} tone */
  #play(tone) {
    this.stop();
    this.unlock();
    this.#once(tone);
    if (tone.every > 0) this.#again = setInterval(() => this.#once(tone), tone.every * 1000);
  }

  /** @param {Tone} tone */
  #once({ notes, gain }) {
    const audio = this.#audio;
    if (!audio || audio.state !== "running") return;
    this.#out ??= new GainNode(audio, { gain });
    this.#out.connect(audio.destination);
    for (const [frequency, begin, length] of notes) {
      const [from, to] = [audio.currentTime + begin, audio.currentTime + begin + length];
      const tone = new OscillatorNode(audio, { frequency });
      const shape = new GainNode(audio, { gain: 0 });
      shape.gain.setValueAtTime(0, from);
      shape.gain.linearRampToValueAtTime(1, from + 0.02);
      shape.gain.setValueAtTime(1, to - 0.08);
      shape.gain.linearRampToValueAtTime(0, to);
      tone.connect(shape).connect(this.#out);
      tone.start(from);
      tone.stop(to);
    }
  }
}
