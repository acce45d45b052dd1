/** Opens frames: the document, then any picture of it, then what the viewer draws itself; or why there is nothing to draw. */

/** @import { View } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
/** @import { Drawing } from "./drawing.js" */
/** @import { Loader, Status } from "./loader.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Size } from "./zoom.js" */
import { ApiError } from "../api.js";
import { isAbort } from "./abort.js";
import { openFrame } from "./open_frame.js";

export class Opener {
  /**
   * @param {{ loader: Loader, drawing: Drawing, view: Store<View>, open: Store<OpenFrame | null>, signal: AbortSignal,
   *   onError: (error: unknown) => void }} parts
   */
  constructor({ loader, drawing, view, open, signal, onError }) {
    this.loader = loader;
    this.drawing = drawing;
    this.view = view;
    this.open = open;
    this.signal = signal;
    this.onError = onError;
    this.turn = new AbortController();
  }

  /**
   * Show a frame; what was opening before is given up.
   * @param {string} id
   */
  async show(id) {
    this.turn.abort();
    this.turn = new AbortController();
    const signal = AbortSignal.any([this.signal, this.turn.signal]);
    try {
      const frame = await this.loader.frame(id, signal);
      this.drawing.clear();
      this.open.set(openFrame(frame, this.view.get().source));
      await this.#draw(id, signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (this.open.get()?.frame.id !== id) this.#close();
      this.onError(error);
    }
  }

  /** The frame before must not be taken for one that did not open. */
  #close() {
    this.drawing.clear();
    this.drawing.stage.show(null);
    this.open.set(null);
  }

  /** Show the frame that is open anew: it was drawn, or another source of it is wanted. */
  again() {
    const open = this.open.get();
    return open === null ? undefined : this.show(open.frame.id);
  }

  /**
   * A preview of a frame changed. If it is the default one of the frame that is open, show what became of it: new
   * colours at once, a frame that was waited for from the start.
   * @param {string} id
   */
  async look(id) {
    const before = this.open.get()?.status ?? null;
    if (before === null || this.open.get()?.frame.id !== id) return;
    const signal = AbortSignal.any([this.signal, this.turn.signal]);
    try {
      const status = await this.loader.status(id, this.#query(), signal);
      if (status.key === before.key && status.state === before.state) return;
      if (this.drawing.composer === null || sizeOf(status) === null) return void this.again();
      this.#tell(status);
      await this.drawing.reload();
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.onError(error);
    }
  }

  /** What the default preview of the source that is looked at is asked for by. */
  #query() {
    const { source } = this.view.get();
    return new URLSearchParams(source === null ? {} : { source });
  }

  /**
   * @param {string} id
   * @param {AbortSignal} signal
   */
  async #draw(id, signal) {
    const query = this.#query();
    let status = await this.#status(id, query, signal);
    const first = await this.#firstPicture(id, query, signal);
    if (status.state === "pending" || first === null) status = await this.#status(id, query, signal);
    const size = sizeOf(status);
    // The picture of the frame before must not be taken for this one's.
    if (first === null) this.drawing.stage.show(null);
    else await this.drawing.showFirst(first, size);
    if (size !== null && !signal.aborted) await this.drawing.compose(size);
  }

  /**
   * @param {string} id
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   */
  async #status(id, query, signal) {
    const status = await this.loader.status(id, query, signal);
    this.#tell(status);
    return status;
  }

  /** @param {Status} status */
  #tell(status) {
    const kinds = new Map((status.index ?? []).map(({ mask, kind }) => [mask, kind]));
    this.open.update((open) => open && { ...open, status, size: sizeOf(status) ?? open.size, kinds });
  }

  /**
   * The frame's default preview; null where it cannot be drawn, which its status then explains.
   * @param {string} id
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   */
  async #firstPicture(id, query, signal) {
    try {
      return await this.loader.preview(id, query, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 422) return null;
      throw error;
    }
  }
}

/**
 * The size of the source, as the renderer found it.
 * @param {Status} status
 * @returns {Size | null}
 */
function sizeOf(status) {
  const found = status.report?.["source"];
  return found ? { width: found.width, height: found.height } : null;
}
