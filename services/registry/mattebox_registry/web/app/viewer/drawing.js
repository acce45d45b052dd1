/**
 * What is on the stage: first any picture of the frame, then the one composed here under the view, and where that is
 * not what the server would draw, the server's own.
 */

/** @import { MaskMap } from "../masks/entries.js" */
/** @import { Picture } from "../masks/picture.js" */
/** @import { View } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
/** @import { Legend, Loader, Status } from "./loader.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Size } from "./zoom.js" */
import { Composer } from "../masks/composer.js";
import { previewQuery } from "../masks/query.js";
import { DEFAULT_VIEW, appliedMode, looksDifferent, shownMasks } from "../masks/view.js";
import { createStore } from "../store.js";
import { exactQuery, hasOwnColors } from "./exact.js";
import { maskIds } from "./open_frame.js";
import { sideFor } from "./sizes.js";

/** How long nothing must have changed until the server is asked to draw the same. */
const REST_MS = 350;

/**
 * How what is shown came about. `first`: the frame's default preview. `instant`: composed here, reduced. `whole`:
 * composed here of all pixels, as the server would. `exact`: by the server.
 * @typedef {"nothing" | "first" | "instant" | "whole" | "exact"} Stand
 */

export class Drawing {
  /**
   * @param {{ loader: Loader, view: Store<View>, stage: Stage, open: Store<OpenFrame | null>, signal: AbortSignal,
   *   onError: (error: unknown) => void }} parts
   */
  constructor({ loader, view, stage, open, signal, onError }) {
    this.loader = loader;
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
    /** @type {number | "full"} */
    this.side = "full";
    this.canvas = new OffscreenCanvas(1, 1);
    /** Ends what belongs to the frame that is shown. */
    this.life = new AbortController();
    /** Ends what belongs to one state of the view. */
    this.turn = new AbortController();
    this.isDue = false;
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
    const frame = /** @type {OpenFrame} */ (this.open.get());
    this.side = sideFor(size, this.stage.current.zoom);
    const maps = this.#loadLegends().then(() => this.#masks(signal));
    const [picture] = await Promise.all([this.loader.picture(frame.frame.id, this.#pictureQuery(), signal), maps]);
    if (signal.aborted) return;
    this.composer = new Composer(picture, picture.width / size.width);
    this.canvas = new OffscreenCanvas(picture.width, picture.height);
    await this.#draw();
  }

  /**
   * Have the parts of a frame at hand that is likely to be opened next.
   * @param {string} frame
   */
  async prepare(frame) {
    const { signal } = this.life;
    const view = this.view.get();
    const status = await this.loader.status(frame, this.#query({ mode: view.mode, modes: view.modes }), signal);
    const legends = (status.index ?? []).filter(({ mask }) => this.maps.get().has(mask));
    await Promise.all([
      this.loader.picture(frame, this.#pictureQuery(), signal),
      ...legends.map((legend) => this.loader.map(legend, signal)),
    ]);
  }

  /** What the bare picture is asked for by. */
  #pictureQuery() {
    const query = this.#query({ masks: [], background: null });
    query.set("format", "png");
    return query;
  }

  /**
   * Options of the same source and size.
   * @param {Partial<View>} options
   */
  #query(options) {
    const query = previewQuery({ ...DEFAULT_VIEW, source: this.view.get().source, ...options });
    query.set("size", String(this.side));
    return query;
  }

  /** Draw at the next frame of the screen. */
  redraw() {
    this.turn.abort();
    if (this.isDue || this.composer === null) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.#draw().catch((error) => this.onError(error));
    });
  }

  /**
   * Show the picture without any mask, for as long as somebody wants to compare.
   * @param {boolean} isOn
   */
  peek(isOn) {
    const size = this.open.get()?.size;
    if (this.composer === null || !size) return;
    this.turn.abort();
    if (!isOn) return this.redraw();
    this.#put(this.composer.picture, size);
  }

  /** Ask anew what the numbers of the maps stand for, and draw. */
  async reload() {
    await this.#loadLegends();
    this.redraw();
  }

  async #loadLegends() {
    const { signal } = this.life;
    const { frame } = /** @type {OpenFrame} */ (this.open.get());
    const { mode, modes } = this.view.get();
    const { index = [] } = await this.loader.status(frame.id, this.#query({ mode, modes }), signal);
    if (!signal.aborted) this.open.update((open) => open && { ...open, legends: index });
  }

  async #draw() {
    this.turn.abort();
    this.turn = new AbortController();
    const { signal } = this.turn;
    const view = this.view.get();
    const masks = await this.#masks(signal);
    if (signal.aborted || this.composer === null) return;
    if (masks === null) return this.#replaceByExact(signal, 0);
    const result = this.composer.draw(view, masks);
    this.maps.set(new Map(masks.map(({ id, map }) => [id, map])));
    const { size } = /** @type {OpenFrame} */ (this.open.get());
    if (size === null) return;
    this.#put(result, size);
    const isWhole = this.composer.scale === 1;
    this.stand.set(isWhole ? "whole" : "instant");
    if (!isWhole && !hasOwnColors(view)) await this.#replaceByExact(signal, REST_MS);
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
   * The maps of the masks that are drawn, in their order; null where one cannot be had.
   * @param {AbortSignal} signal
   */
  async #masks(signal) {
    const open = /** @type {OpenFrame} */ (this.open.get());
    const view = this.view.get();
    const shown = shownMasks(view, maskIds(open)).filter((id) => !isLost(open.status, id));
    if (shown.some((id) => this.#legendOf(id) === undefined)) await this.#loadLegends();
    const legends = shown.map((id) => this.#legendOf(id));
    if (signal.aborted || legends.includes(undefined)) return null;
    const loading = /** @type {Legend[]} */ (legends).map(async (legend) => ({
      id: legend.mask,
      map: await this.loader.map(legend, this.life.signal),
    }));
    return Promise.all(loading);
  }

  /**
   * The legend of a mask in the mode in which it is applied.
   * @param {string} id
   * @returns {Legend | undefined}
   */
  #legendOf(id) {
    const { legends, kinds } = /** @type {OpenFrame} */ (this.open.get());
    const kind = appliedMode(this.view.get(), id, kinds.get(id)) === "alpha" ? "opacity" : "labels";
    return legends.find((legend) => legend.mask === id && legend.kind === kind);
  }

  /**
   * @param {AbortSignal} signal
   * @param {number} afterMs
   */
  async #replaceByExact(signal, afterMs) {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const open = this.open.get();
    if (signal.aborted || open === null || open.size === null) return;
    const query = exactQuery(this.view.get(), open.legends, { size: this.side, format: "png" });
    try {
      const image = await createImageBitmap(await this.loader.preview(open.frame.id, query, signal));
      if (signal.aborted) return;
      this.stage.show({ image, source: open.size, isOpaque: this.view.get().background !== null });
      this.stand.set("exact");
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #followZoom() {
    const size = this.open.get()?.size;
    if (this.composer === null || !size) return;
    const wanted = sideFor(size, this.stage.current.zoom);
    const isLarger = wanted === "full" ? this.side !== "full" : this.side !== "full" && wanted > this.side;
    if (isLarger) void this.compose(size).catch((error) => this.onError(error));
  }
}

/**
 * Whether a mask could not be read.
 * @param {Status | null} status
 * @param {string} mask
 */
function isLost(status, mask) {
  const reports = status?.report?.["masks"] ?? [];
  return reports.some((/** @type {any} */ report) => report.id === mask && report.error !== undefined);
}
