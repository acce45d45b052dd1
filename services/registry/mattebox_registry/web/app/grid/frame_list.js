/** @import { Frame, PreviewProblem, PreviewState } from "../types.js" */
/** @import { FrameBrief } from "./frames.js" */
import { briefOf } from "./frames.js";

export const PAGE_FRAMES = 200;

/** Pages that are kept: 8,000 frames. */
const MAX_PAGES = 40;

/**
 * @typedef {object} Loads How a list reaches its frames.
 * @property {(cursor: string | null, signal: AbortSignal) => Promise<{ frames: Frame[] }>} page
 * @property {(cursor: string | null, signal: AbortSignal) => Promise<{ marks: string[], next_cursor: string | null }>} marks
 *   The cursors at which the second page begins, the third, and so on.
 *
 * @typedef {{ frames: FrameBrief[], isStale: boolean }} ListPage
 */

/** A long list of frames of which only the pages that are looked at are loaded; frames are named by their position. */
export class FrameList {
  /**
   * @param {Loads} loads
   * @param {number} count
   * @param {AbortSignal} signal ends what is under way
   */
  constructor(loads, count, signal) {
    this.loads = loads;
    this.count = count;
    this.signal = signal;
    /** Called when frames came or changed. */
    this.onChange = (/** @type {number[]} */ _positions) => {};
    /** Called when frames could not be had. */
    this.onError = (/** @type {unknown} */ _error) => {};
    /** @type {Map<number, ListPage>} the one looked at last is the last */
    this.pages = new Map();
    /** @type {Map<string, number>} */
    this.positions = new Map();
    /** @type {Map<number, AbortController>} */
    this.underWay = new Map();
    /** @type {(string | null)[]} cursor by page */
    this.cursors = [null];
    /** @type {Promise<void> | null} */
    this.marking = null;
  }

  /**
   * @param {number} position
   * @returns {FrameBrief | undefined} undefined while it is not there
   */
  get(position) {
    return this.pages.get(Math.floor(position / PAGE_FRAMES))?.frames[position % PAGE_FRAMES];
  }

  /**
   * Give where a loaded frame stands.
   * @param {string} id
   */
  positionOf(id) {
    return this.positions.get(id);
  }

  /** Every loaded frame. */
  loaded() {
    return [...this.pages.values()].flatMap((page) => page.frames);
  }

  /**
   * Load what is between two positions; what was under way for other positions is given up.
   * @param {number} first
   * @param {number} end
   */
  need(first, end) {
    const wanted = new Set();
    for (let page = Math.floor(first / PAGE_FRAMES); page * PAGE_FRAMES < Math.min(end, this.count); page += 1) wanted.add(page);
    for (const [page, controller] of this.underWay) {
      if (!wanted.has(page)) controller.abort();
    }
    for (const page of wanted) void this.#have(page);
  }

  /**
   * Load what is around a position, and wait for it.
   * @param {number} position
   */
  load(position) {
    return this.#have(Math.floor(position / PAGE_FRAMES));
  }

  /** Learn where all pages begin, so that the next jump finds its page at once. */
  prepare() {
    const isKnown = this.cursors.length * PAGE_FRAMES >= this.count;
    if (!isKnown) this.marking ??= this.#mark().finally(() => (this.marking = null));
    return this.marking ?? Promise.resolve();
  }

  /** Load again what is looked at from now on; until then the frames are shown as they were. */
  invalidate() {
    for (const page of this.pages.values()) page.isStale = true;
  }

  /**
   * Change how a frame's preview stands.
   * @param {string} id
   * @param {{ state: PreviewState, key: string, error?: PreviewProblem | null }} preview
   */
  patch(id, { state, key, error = null }) {
    const position = this.positions.get(id);
    const page = position === undefined ? undefined : this.pages.get(Math.floor(position / PAGE_FRAMES));
    if (position === undefined || !page) return;
    const known = page.frames[position % PAGE_FRAMES];
    if (!known || (known.state === state && known.key === key && known.error?.code === error?.code)) return;
    page.frames[position % PAGE_FRAMES] = { ...known, state, key, error };
    this.onChange([position]);
  }

  /** @param {number} page */
  async #have(page) {
    const known = this.pages.get(page);
    if (known) {
      this.pages.delete(page);
      this.pages.set(page, known);
    }
    const before = this.underWay.get(page);
    if ((before && !before.signal.aborted) || (known && !known.isStale)) return;
    const controller = new AbortController();
    this.underWay.set(page, controller);
    const signal = AbortSignal.any([this.signal, controller.signal]);
    try {
      const cursor = await this.#cursorOf(page);
      signal.throwIfAborted();
      const { frames } = await this.loads.page(cursor, signal);
      this.#keep(page, frames.map(briefOf));
    } catch (error) {
      if (!signal.aborted) this.onError(error);
    } finally {
      if (this.underWay.get(page) === controller) this.underWay.delete(page);
    }
  }

  /** @param {number} page */
  async #cursorOf(page) {
    if (page >= this.cursors.length) await this.prepare();
    const cursor = this.cursors[page];
    if (cursor === undefined) throw new RangeError(`the list ends before page ${page}`);
    return cursor;
  }

  /** A page of marks stands for 200,000 frames. */
  async #mark() {
    let cursor = this.cursors.at(-1) ?? null;
    do {
      const found = await this.loads.marks(cursor, this.signal);
      this.cursors.push(...found.marks);
      cursor = found.next_cursor;
    } while (cursor);
  }

  /**
   * @param {number} page
   * @param {FrameBrief[]} frames
   */
  #keep(page, frames) {
    this.#forget(page);
    this.pages.set(page, { frames, isStale: false });
    const positions = frames.map((frame, offset) => {
      const position = page * PAGE_FRAMES + offset;
      this.positions.set(frame.id, position);
      return position;
    });
    for (const oldest of [...this.pages.keys()].slice(0, -MAX_PAGES)) this.#forget(oldest);
    this.onChange(positions);
  }

  /** @param {number} page */
  #forget(page) {
    for (const frame of this.pages.get(page)?.frames ?? []) {
      if (Math.floor((this.positions.get(frame.id) ?? -1) / PAGE_FRAMES) === page) this.positions.delete(frame.id);
    }
    this.pages.delete(page);
  }
}
