// @ts-check
/** Pictures, and the elements that they are shown in. The local user's picture has the empty id. */

export class Views {
  /** @type {Map<string, MediaStreamTrack>} */ #tracks = new Map();
  /** @type {Map<string, HTMLVideoElement>} */ #videos = new Map();

  /**
   * Shows a user's picture, now or as soon as there is one.
   * @param {string} userId
   * @param {HTMLElement} element a video element, or one to put a video element in
   */
  start(userId, element) {
    this.stop(userId);
    let video = /** @type {HTMLVideoElement} */ (element);
    if (!(element instanceof HTMLVideoElement)) {
      video = document.createElement("video");
      video.style.cssText = "width:100%;height:100%;object-fit:inherit";
      element.replaceChildren(video);
    }
    // Sound has its own element, so that a picture may come and go.
    Object.assign(video, { muted: true, autoplay: true, playsInline: true });
    this.#videos.set(userId, video);
    this.#show(userId);
  }

  /** @param {string} userId */
  stop(userId) {
    const video = this.#videos.get(userId);
    if (!video) return;
    this.#videos.delete(userId);
    video.srcObject = null;
  }

  /** @param {string} userId @param {MediaStreamTrack | null} track */
  set(userId, track) {
    if (track) this.#tracks.set(userId, track);
    else this.#tracks.delete(userId);
    this.#show(userId);
  }

  /** @param {Iterable<string>} present the others whose pictures come; what is shown of anybody else goes */
  keep(present) {
    const kept = new Set(["", ...present]);
    for (const userId of [...this.#tracks.keys()]) if (!kept.has(userId)) this.set(userId, null);
  }

  /** @param {string} userId */
  #show(userId) {
    const video = this.#videos.get(userId);
    if (!video) return;
    const track = this.#tracks.get(userId);
    const present = /** @type {MediaStream | null} */ (video.srcObject);
    if (!track) video.srcObject = null;
    else if (present?.getTracks()[0] !== track) {
      video.srcObject = new MediaStream([track]);
      video.play().catch(() => {});
    }
  }
}
