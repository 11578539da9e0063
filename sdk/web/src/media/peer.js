// @ts-check
/** One WebRTC transport. The server offers, this answers; which m-line is whose, the server says. */

/**
 * @typedef {{mid: string, kind: "audio" | "video", userId?: string}} Stream
 * @typedef {{audio?: MediaStreamTrack, video?: MediaStreamTrack}} Tracks
 */

/** The three sizes that a picture is sent in, by the names that the server's offer has for them. The rates are those
 * that libwebrtc itself gives 320×180, 640×360 and 1280×720. @type {Record<string, {by: number, bps: number}>} */
const LAYERS = {
  q: { by: 4, bps: 200_000 },
  h: { by: 2, bps: 700_000 },
  f: { by: 1, bps: 2_500_000 },
};

export class Peer {
  #pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  /** @type {Stream[]} */ #streams = [];
  #busy = Promise.resolve();

  /** @param {(state: RTCPeerConnectionState) => void} onState */
  constructor(onState) {
    this.#pc.onconnectionstatechange = () => onState(this.#pc.connectionState);
  }

  get connected() {
    return this.#pc.connectionState === "connected";
  }

  /**
   * @param {string} offer
   * @param {Stream[]} streams
   * @param {() => Tracks} tracks what is to be sent, as of now
   * @returns {Promise<string>} the answer
   */
  answer(offer, streams, tracks) {
    const answered = this.#busy.then(() => this.#answer(offer, streams, tracks));
    this.#busy = answered.then(() => {}, () => {});
    return answered;
  }

  /** @param {string} offer @param {Stream[]} streams @param {() => Tracks} tracks */
  async #answer(offer, streams, tracks) {
    await this.#pc.setRemoteDescription({ type: "offer", sdp: offer });
    this.#streams = streams;
    for (const { mid, userId } of streams) {
      const line = this.#line(mid);
      // Ours are there from the start, without a track: whoever accepts puts it in, and no SDP goes after the click.
      if (line && userId === undefined) line.direction = "sendonly";
    }
    const answer = await this.#pc.createAnswer();
    await this.#pc.setLocalDescription(answer);
    await this.send(tracks());
    return answer.sdp ?? "";
  }

  /** Puts tracks in, or takes them out. @param {Tracks} tracks */
  async send(tracks) {
    for (const { mid, kind, userId } of this.#streams) {
      const sender = userId === undefined && this.#line(mid)?.sender;
      if (!sender || sender.track === (tracks[kind] ?? null)) continue;
      await sender.replaceTrack(tracks[kind] ?? null);
      if (kind === "video" && tracks.video) await size(sender).catch(() => {});
    }
  }

  /** @returns {{userId: string, kind: "audio" | "video", track: MediaStreamTrack}[]} */
  received() {
    const found = [];
    for (const { mid, kind, userId } of this.#streams) {
      const track = userId !== undefined && this.#line(mid)?.receiver.track;
      if (track) found.push({ userId: /** @type {string} */ (userId), kind, track });
    }
    return found;
  }

  /** @returns {Promise<{self: number, users: Map<string, number>}>} how loud each is, linear, 1 at full scale */
  async levels() {
    /** @type {Map<string, number>} */
    const users = new Map();
    let self = 0;
    const byTrack = new Map(this.received().map(({ userId, track }) => [track.id, userId]));
    for (const report of (await this.#pc.getStats()).values()) {
      if (report.kind !== "audio" || report.audioLevel === undefined) continue;
      if (report.type === "media-source") self = report.audioLevel;
      const userId = report.type === "inbound-rtp" && byTrack.get(report.trackIdentifier);
      if (userId) users.set(userId, report.audioLevel);
    }
    return { self, users };
  }

  /** @returns {Promise<RTCStatsReport>} */
  stats() {
    return this.#pc.getStats();
  }

  close() {
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
  }

  /** @param {string} mid */
  #line(mid) {
    return this.#pc.getTransceivers().find((line) => line.mid === mid);
  }
}

/** @param {RTCRtpSender} sender */
async function size(sender) {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) {
    const layer = LAYERS[encoding.rid ?? ""];
    if (layer) {
      encoding.scaleResolutionDownBy = layer.by;
      encoding.maxBitrate = layer.bps;
    }
  }
  await sender.setParameters(parameters);
}
