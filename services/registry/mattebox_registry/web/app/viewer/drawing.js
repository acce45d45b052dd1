/**
 * What is on the stage: first any picture of the frame, then the one composed here under the view, and where that is
 * not what the server would draw, the server's own.
 */

/** @import { MaskMap } from "../masks/entries.js" */
/** @import { Picture } from "../masks/picture.js" */
/** @import { View } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Supply } from "./supply.js" */
/** @import { Size } from "./zoom.js" */
import { Composer } from "../masks/composer.js";
import { looksDifferent } from "../masks/view.js";
import { createStore } from "../store.js";
import { isAbort } from "./abort.js";
import { sideFor } from "./sizes.js";

/** How long nothing must have changed until the server is asked to draw the same. */
const REST_MS = 350;

/**
 * How what is shown came about. `first`: the frame's default preview. `instant`: composed here, and nearly what the
 * server would draw. `whole`: composed here of all pixels, as the server would. `exact`: by the server.
 * @typedef {"nothing" | "first" | "instant" | "whole" | "exact"} Stand
 */

export class Drawing {
  /**
   * @param {{ supply: Supply, view: Store<View>, stage: Stage, open: Store<OpenFrame | null>, signal: AbortSignal,
   *   onError: (error: unknown) => void }} parts `onError` is told null when drawing goes on
   */
  constructor({ supply, view, stage, open, signal, onError }) {
    this.supply = supply;
    this.view = view;
    this.stage = stage;
    this.open = open;
    this.onError = onError;
    /** @type {Store<Stand>} */
    this.stand = createStore(/** @type {Stand} */ ("nothing"));
    /** @type {Store<ReadonlyMap<string, MaskMap>>} the maps of what is shown */
    this.maps = createStore(/** @type {ReadonlyMap<string, MaskMap>} */ (new Map()));
    /** @type {Composer | null} */
    this.composer = null;
    this.canvas = new OffscreenCanvas(1, 1);
    /** Ends what belongs to the frame that is shown. */
    this.life = new AbortController();
    /** Ends what belongs to one state of the view. */
    this.turn = new AbortController();
    this.isDue = false;
    this.isPeeking = false;
    view.subscribe((now, before) => {
      if (looksDifferent(now, before)) this.redraw();
    }, signal);
    stage.place.subscribe(() => this.#followZoom(), signal);
    stage.size.subscribe(() => this.#followZoom(), signal);
    signal.addEventListener("abort", () => this.clear(), { once: true });
  }

  /** Forget the frame; its picture stays on the stage until there is another. */
  clear() {
    this.life.abort();
    this.turn.abort();
    this.life = new AbortController();
    this.composer = null;
    this.maps.set(new Map());
    this.stand.set("nothing");
  }

  /**
   * Show any picture of the frame.
   * @param {Blob} blob
   * @param {Size | null} size of the source
   */
  async showFirst(blob, size) {
    const { signal } = this.life;
    const image = await createImageBitmap(blob);
    if (signal.aborted || this.composer !== null) return;
    this.stage.show({ image, source: size ?? { width: image.width, height: image.height }, isOpaque: true });
    this.stand.set("first");
  }

  /**
   * Compose the frame that is open, whose size is known.
   * @param {Size} size
   */
  async compose(size) {
    const { signal } = this.life;
    const { frame } = /** @type {OpenFrame} */ (this.open.get());
    const side = sideFor(size, this.stage.current.zoom);
    this.supply.side = side;
    const maps = this.supply.loadLegends(signal).then(() => this.supply.masks(signal));
    const [picture] = await Promise.all([this.supply.picture(frame.id, signal), maps]);
    // Somebody may have stepped on, or zoomed in further.
    if (signal.aborted || side !== this.supply.side) return;
    this.composer = new Composer(picture, picture.width / size.width);
    this.canvas = new OffscreenCanvas(picture.width, picture.height);
    await this.#draw();
  }

  /**
   * Have the parts of a frame at hand that is likely to be opened next.
   * @param {string} frame
   */
  prepare(frame) {
    return this.supply.prepare(frame, new Set(this.maps.get().keys()), this.life.signal);
  }

  /**
   * Have at hand what a switch of a mask's mode needs.
   * @param {string} mask
   * @param {"segmentation" | "alpha"} mode
   */
  foresee(mask, mode) {
    // What is only foreseen may fail in silence: it is asked for again when it is wanted.
    if (this.composer !== null) this.supply.foresee(mask, mode, this.life.signal).catch(() => undefined);
  }

  /** Draw at the next frame of the screen. */
  redraw() {
    this.turn.abort();
    if (this.isDue || this.composer === null) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      if (this.composer !== null && !this.isPeeking) this.#try(this.#draw());
    });
  }

  /**
   * Show the picture without any mask, for as long as somebody wants to compare.
   * @param {boolean} isOn
   */
  peek(isOn) {
    const size = this.open.get()?.size;
    this.isPeeking = isOn;
    if (!isOn || this.composer === null || !size) return this.redraw();
    this.turn.abort();
    this.#put(this.composer.picture, size);
  }

  /** Ask anew what the numbers of the maps stand for, and draw. */
  async reload() {
    await this.supply.loadLegends(this.life.signal);
    this.redraw();
  }

  async #draw() {
    this.turn.abort();
    this.turn = new AbortController();
    const { signal } = this.turn;
    const { composer } = this;
    const view = this.view.get();
    // The maps are of use to the next state of the view as well.
    const masks = await this.supply.masks(this.life.signal);
    const size = this.open.get()?.size;
    if (signal.aborted || composer === null || !size) return;
    if (masks === null) return this.#replaceByExact(signal, size, 0);
    this.maps.set(new Map(masks.map(({ id, map }) => [id, map])));
    this.#put(composer.draw(view, masks), size);
    const isWhole = composer.scale === 1;
    this.stand.set(isWhole ? "whole" : "instant");
    if (!isWhole && this.supply.canBeExact()) await this.#replaceByExact(signal, size, REST_MS);
  }

  /**
   * @param {Picture} picture
   * @param {Size} source
   */
  #put({ pixels, width, height, isOpaque }, source) {
    this.canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
    this.stage.show({ image: this.canvas, source, isOpaque });
  }

  /**
   * @param {AbortSignal} signal
   * @param {Size} source
   * @param {number} afterMs
   */
  async #replaceByExact(signal, source, afterMs) {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (signal.aborted) return;
    const image = await this.supply.exact(signal);
    if (signal.aborted) return;
    this.stage.show({ image, source, isOpaque: this.view.get().background !== null });
    this.stand.set("exact");
  }

  #followZoom() {
    const size = this.open.get()?.size;
    if (this.composer === null || !size) return;
    const wanted = sideFor(size, this.stage.current.zoom);
    const { side } = this.supply;
    if (side !== "full" && (wanted === "full" || wanted > side)) this.#try(this.compose(size));
  }

  /** @param {Promise<void>} work */
  #try(work) {
    work.then(() => this.onError(null), (error) => isAbort(error) || this.onError(error));
  }
}
