/** What a drawing is made of: the bare picture, the legends of its masks, their index maps; and the server's own drawing. */

/** @import { DrawnMask } from "../masks/composer.js" */
/** @import { Picture } from "../masks/picture.js" */
/** @import { View } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
/** @import { Legend, Loader } from "./loader.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { ApiError } from "../api.js";
import { previewQuery } from "../masks/query.js";
import { DEFAULT_VIEW, appliedMode, shownMasks, viewOfMasks } from "../masks/view.js";
import { exactQuery, hasOwnColors, isTellable } from "./exact.js";
import { maskIds, reportOf } from "./open_frame.js";

export class Supply {
  /** @param {{ loader: Loader, view: Store<View>, open: Store<OpenFrame | null> }} parts */
  constructor({ loader, view, open }) {
    this.loader = loader;
    this.view = view;
    this.open = open;
    /** @type {number | "full"} the longest side of everything that is asked for */
    this.side = "full";
  }

  /**
   * The source without masks, over nothing.
   * @param {string} frame
   * @param {AbortSignal} signal
   * @returns {Promise<Picture>}
   */
  picture(frame, signal) {
    const query = this.#query({ masks: [], background: null });
    query.set("format", "png");
    return this.loader.picture(frame, query, signal);
  }

  /**
   * Ask what the numbers of the maps stand for, in the modes that the view wants.
   * @param {AbortSignal} signal
   */
  async loadLegends(signal) {
    const open = this.#opened();
    const legends = await this.#legends(open.frame.id, viewOfMasks(this.view.get(), maskIds(open)), signal);
    if (!signal.aborted) this.open.update((open) => open && { ...open, legends });
  }

  /**
   * The masks that are drawn, in their order, with their maps; those that cannot be read are left out. Null where the
   * server gives no map of the mode that is wanted.
   * @param {AbortSignal} signal
   * @returns {Promise<DrawnMask[] | null>}
   */
  async masks(signal) {
    const open = this.#opened();
    const shown = shownMasks(this.view.get(), maskIds(open)).filter((id) => reportOf(open, id)?.["error"] === undefined);
    if (shown.some((id) => this.#legendOf(id) === undefined)) await this.loadLegends(signal);
    const legends = shown.map((id) => this.#legendOf(id));
    if (!legends.every((legend) => legend !== undefined)) return null;
    // Each move of a slider asks for all of them.
    this.loader.maps.hold(legends.map(({ key }) => key));
    const masks = await Promise.all(legends.map((legend) => this.#mask(legend, signal)));
    return masks.filter((mask) => mask !== null);
  }

  /**
   * Have the parts of a frame at hand that is likely to be opened next.
   * @param {string} frame
   * @param {ReadonlySet<string>} masks of which the maps are wanted
   * @param {AbortSignal} signal
   */
  async prepare(frame, masks, signal) {
    const legends = (await this.#legends(frame, viewOfMasks(this.view.get(), [...masks]), signal)).filter(({ mask }) => masks.has(mask));
    await Promise.all([this.picture(frame, signal), ...legends.map((legend) => this.loader.map(legend, signal))]);
  }

  /**
   * Have the map of a mask at hand in a mode that it is likely to be switched to.
   * @param {string} mask
   * @param {"segmentation" | "alpha"} mode
   * @param {AbortSignal} signal
   */
  async foresee(mask, mode, signal) {
    const { frame } = this.#opened();
    const { index = [] } = await this.loader.status(frame.id, this.#query({ modes: new Map([[mask, mode]]) }), signal);
    await Promise.all(index.filter((legend) => legend.mask === mask).map((legend) => this.loader.map(legend, signal)));
  }

  /**
   * The server's drawing of the view.
   * @param {AbortSignal} signal
   */
  async exact(signal) {
    return createImageBitmap(await this.loader.preview(this.#opened().frame.id, this.#exactQuery(), signal));
  }

  /** Whether the server can draw the view. */
  canBeExact() {
    return !hasOwnColors(this.view.get()) && isTellable(this.#exactQuery());
  }

  #exactQuery() {
    return exactQuery(this.view.get(), this.#opened(), { size: this.side, format: "png" });
  }

  /** What is open: nothing is asked for before there is something. */
  #opened() {
    return /** @type {OpenFrame} */ (this.open.get());
  }

  /**
   * @param {string} frame
   * @param {View} view what it says of the masks of that frame
   * @param {AbortSignal} signal
   */
  async #legends(frame, { mode, modes }, signal) {
    return (await this.loader.status(frame, this.#query({ mode, modes }), signal)).index ?? [];
  }

  /**
   * The legend of a mask in the mode in which it is applied.
   * @param {string} id
   * @returns {Legend | undefined}
   */
  #legendOf(id) {
    const { legends, kinds } = this.#opened();
    const kind = appliedMode(this.view.get(), id, kinds.get(id)) === "alpha" ? "opacity" : "labels";
    return legends.find((legend) => legend.mask === id && legend.kind === kind);
  }

  /**
   * @param {Legend} legend
   * @param {AbortSignal} signal
   * @returns {Promise<DrawnMask | null>}
   */
  async #mask(legend, signal) {
    try {
      return { id: legend.mask, map: await this.loader.map(legend, signal) };
    } catch (error) {
      if (error instanceof ApiError && error.status === 422) return null;
      throw error;
    }
  }

  /**
   * Options of the source and size that are looked at.
   * @param {Partial<View>} options
   */
  #query(options) {
    const query = previewQuery({ ...DEFAULT_VIEW, source: this.view.get().source, ...options });
    query.set("size", String(this.side));
    return query;
  }
}
