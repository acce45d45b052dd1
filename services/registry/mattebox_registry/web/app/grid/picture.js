/** @import { FrameBrief } from "./frames.js" */
/** @import { GridContext } from "./item.js" */
import { previewUrl } from "../api.js";
import { ApiError } from "../api.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { reasonOf, STATES } from "./words.js";

const DRAWN = new Set(["ready", "partial"]);

/** The picture of a frame in a list, or what stands in its place. */
export class Picture {
  /** @param {GridContext} context */
  constructor(context) {
    this.context = context;
    this.image = h("img", { class: "shot-image", decoding: "async", draggable: "false", alt: "" });
    this.notice = h("span", { class: "shot-notice" });
    this.element = h("span", { class: "shot" }, this.image, this.notice);
    /** @type {{ cancel: () => void } | null} */
    this.request = null;
    this.shown = "";
  }

  /**
   * Show a frame by one of its sources.
   * @param {FrameBrief | undefined} frame undefined: one that is not there yet
   * @param {string} [source] its first one where it is not given
   */
  show(frame, source = "") {
    const name = frame ? [frame.id, frame.state, frame.key, source, frame.error?.code].join("\n") : "";
    if (name === this.shown && frame) return;
    this.release();
    this.shown = name;
    if (!frame) this.#say("loading");
    else if (DRAWN.has(frame.state) || source) this.#load(frame, source);
    else this.#say(frame.state, STATES[frame.state].title, reasonOf(frame));
  }

  /** Stop what is under way. */
  release() {
    this.request?.cancel();
    this.request = null;
    this.shown = "";
  }

  /**
   * @param {FrameBrief} frame
   * @param {string} source
   */
  #load(frame, source) {
    this.#say("loading");
    const { version, thumbnails } = this.context;
    this.request = thumbnails.want({
      url: previewUrl(version, frame.id, source ? { source } : {}),
      name: `${frame.id}\n${frame.key}\n${source}`,
      show: (url, signal) => this.#reveal(url, signal),
      wait: () => this.#say("pending", "Drawing"),
      fail: (error) => this.#say("failed", "No picture", error instanceof ApiError ? error.message : "It did not load."),
    });
  }

  /**
   * Show a picture once it is decoded: what the browser draws of the page does not wait for it.
   * @param {string} url
   * @param {AbortSignal} signal
   */
  async #reveal(url, signal) {
    if (signal.aborted) return;
    this.image.src = url;
    await this.image.decode();
    if (signal.aborted) return;
    this.element.dataset.state = "shown";
    fill(this.notice);
  }

  /**
   * @param {string} state
   * @param {string} [title]
   * @param {string} [reason]
   */
  #say(state, title = "", reason = "") {
    if (this.image.hasAttribute("src")) this.image.removeAttribute("src");
    this.element.dataset.state = state;
    const symbol = STATES[/** @type {keyof typeof STATES} */ (state)]?.icon;
    fill(
      this.notice,
      symbol && icon(symbol),
      title && h("span", { class: "shot-title" }, title),
      reason && h("span", { class: "shot-reason" }, reason),
    );
  }
}
