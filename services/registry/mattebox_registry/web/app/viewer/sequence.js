/** The frames before and after the one that is open, in the order of the version: by context, time and id. */

/** @import { Api } from "../api.js" */
/** @import { Neighbour } from "../types.js" */
import { createStore } from "../store.js";

/** On each side of a frame at first. */
const REACH = 500;
/** On each side at a time, of what is asked for later. */
const PAGE = 1000;
/** So near to the end of what is known more is asked for. */
const MARGIN = 100;
/** A context of so many frames is known whole; a time scale of more could not be pointed at. */
const WHOLE = 10_000;
const MARKS_EVERY = 10_000;

/**
 * @typedef {object} Place
 * @property {readonly Neighbour[]} frames in order
 * @property {number} position of the one that is open
 * @property {boolean} isBegun whether nothing comes before these
 * @property {boolean} isEnded whether nothing comes after them
 * @property {Landmark | null} landmark where a frame of a context stands that is not known whole
 *
 * @typedef {{ id: string, context: string, rank: number, total: number }} Landmark `rank` counts from 0
 *
 * @typedef {Pick<Api, "neighbours" | "frameRank" | "frameMarks">} Lists
 */

export class Sequence {
  /**
   * @param {Lists} api
   * @param {string} version
   * @param {(frame: string) => void} go
   * @param {AbortSignal} signal
   */
  constructor(api, version, go, signal) {
    this.api = api;
    this.version = version;
    this.go = go;
    this.signal = signal;
    /** Of the last step. */
    this.direction = 1;
    this.isWidening = false;
    this.store = createStore(/** @type {Place} */ ({ frames: [], position: 0, isBegun: true, isEnded: true, landmark: null }));
  }

  /**
   * Tell which frame is open, and have known what lies around it. Steps inside of what is known ask nothing.
   * @param {string} frame
   */
  async follow(frame) {
    const known = this.store.get().frames.findIndex(({ id }) => id === frame);
    if (known >= 0) this.store.update((it) => ({ ...it, position: known }));
    else await this.#load(frame);
    if (this.isWidening) return;
    this.isWidening = true;
    try {
      await this.#locate();
      await this.#widen();
    } finally {
      this.isWidening = false;
    }
  }

  /** @param {number} by frames; beyond the end: to the end */
  step(by) {
    const { frames, position } = this.store.get();
    this.#goTo(Math.min(frames.length - 1, Math.max(0, position + by)));
  }

  /**
   * Go to the first or last frame of the same context.
   * @param {-1 | 1} direction
   */
  async end(direction) {
    const { frames, isBegun, isEnded } = this.store.get();
    const { from, to } = this.context();
    if (direction < 0 ? from > 0 || isBegun : to < frames.length - 1 || isEnded) return this.#goTo(direction < 0 ? from : to);
    const edge = frames[direction < 0 ? from : to];
    if (edge === undefined) return;
    this.direction = direction;
    this.go((await this.#endOf(edge, direction)).id);
  }

  /** The frame that the last step leads to next. */
  get following() {
    const { frames, position } = this.store.get();
    return frames[position + this.direction]?.id ?? null;
  }

  /** The first and last position of the context of the frame that is open, and whether all of it is known. */
  context() {
    const { frames, position, isBegun, isEnded } = this.store.get();
    const context = frames[position]?.context_id;
    let from = position;
    let to = position;
    while (from > 0 && frames[from - 1]?.context_id === context) from--;
    while (to < frames.length - 1 && frames[to + 1]?.context_id === context) to++;
    return { from, to, isWhole: (from > 0 || isBegun) && (to < frames.length - 1 || isEnded) };
  }

  /**
   * Count in the context, from 0 on: where the first position of its known stretch stands, and of how many. Null where
   * that is not known yet.
   * @returns {{ first: number, total: number } | null}
   */
  count() {
    const { from, to, isWhole } = this.context();
    if (isWhole) return { first: 0, total: to - from + 1 };
    const { frames, landmark } = this.store.get();
    const at = landmark && landmark.context === frames[from]?.context_id ? frames.findIndex(({ id }) => id === landmark.id) : -1;
    return landmark === null || at < 0 ? null : { first: landmark.rank - (at - from), total: landmark.total };
  }

  /** @param {string} frame */
  async #load(frame) {
    const { before, frame: self, after } = await this.api.neighbours(this.version, frame, REACH, this.signal);
    this.store.update(({ landmark }) => ({
      frames: [...before, self, ...after],
      position: before.length,
      isBegun: before.length < REACH,
      isEnded: after.length < REACH,
      landmark,
    }));
  }

  /** Ask for more on the sides where it is of use, until that is so on none. */
  async #widen() {
    for (;;) {
      const [asked] = /** @type {const} */ ([-1, 1]).filter((direction) => this.#isShort(direction));
      if (asked === undefined) return;
      const { frames } = this.store.get();
      const edge = /** @type {Neighbour} */ (frames[asked < 0 ? 0 : frames.length - 1]);
      const found = await this.api.neighbours(this.version, edge.id, PAGE, this.signal);
      // Somebody may have gone elsewhere meanwhile.
      this.store.update((it) => (asked < 0 ? before(it, edge, found.before) : after(it, edge, found.after)));
    }
  }

  /**
   * Whether more is wanted on a side: the rest of the context, or what a held key will step to.
   * @param {-1 | 1} direction
   */
  #isShort(direction) {
    const { frames, position, isBegun, isEnded, landmark } = this.store.get();
    if (frames.length === 0 || (direction < 0 ? isBegun : isEnded)) return false;
    const { from, to } = this.context();
    const isOpen = direction < 0 ? from === 0 : to === frames.length - 1;
    const left = direction < 0 ? position : frames.length - 1 - position;
    const canBeWhole = landmark?.context === frames[position]?.context_id && Number(landmark?.total) <= WHOLE;
    return left < MARGIN || (isOpen && canBeWhole);
  }

  /** Learn how many frames a context has that is not known whole, and where the open one stands among them. */
  async #locate() {
    const { frames, position } = this.store.get();
    const open = frames[position];
    if (open === undefined || this.count() !== null) return;
    const { id, context_id: context } = open;
    const [rank, total] = await Promise.all([
      this.api.frameRank(this.version, id, { context_id: context }, this.signal),
      this.#total(context),
    ]);
    this.store.update((it) => ({ ...it, landmark: { id, context, rank, total } }));
  }

  /** @param {string} context */
  async #total(context) {
    const query = { every: MARKS_EVERY, limit: 1000, context_id: context };
    const { marks, rest } = await this.api.frameMarks(this.version, query, this.signal);
    return marks.length * MARKS_EVERY + (rest ?? 0);
  }

  /**
   * The last frame of a context on one side, walked to from a frame of it.
   * @param {Neighbour} start
   * @param {-1 | 1} direction
   */
  async #endOf(start, direction) {
    for (let edge = start; ; ) {
      const found = await this.api.neighbours(this.version, edge.id, PAGE, this.signal);
      const side = direction < 0 ? found.before.toReversed() : found.after;
      const same = side.findIndex(({ context_id }) => context_id !== start.context_id);
      const run = same < 0 ? side : side.slice(0, same);
      edge = run.at(-1) ?? edge;
      if (run.length < PAGE) return edge;
    }
  }

  /** @param {number} position */
  #goTo(position) {
    const { frames, position: now } = this.store.get();
    const frame = frames[position];
    if (frame === undefined || position === now) return;
    this.direction = position < now ? -1 : 1;
    // At once, so that a key that is held does not ask for the same frame again.
    this.store.update((it) => ({ ...it, position }));
    this.go(frame.id);
  }
}

/**
 * @param {Place} place
 * @param {Neighbour} edge that it began with when more was asked for
 * @param {readonly Neighbour[]} found
 * @returns {Place}
 */
function before(place, edge, found) {
  if (place.frames[0]?.id !== edge.id) return place;
  return { ...place, frames: [...found, ...place.frames], position: place.position + found.length, isBegun: found.length < PAGE };
}

/**
 * @param {Place} place
 * @param {Neighbour} edge that it ended with when more was asked for
 * @param {readonly Neighbour[]} found
 * @returns {Place}
 */
function after(place, edge, found) {
  if (place.frames.at(-1)?.id !== edge.id) return place;
  return { ...place, frames: [...place.frames, ...found], isEnded: found.length < PAGE };
}
