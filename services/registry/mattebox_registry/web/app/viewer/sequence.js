/** The frames before and after the one that is open, in the order of the version: by context, time and id. */

/** @import { Api } from "../api.js" */
/** @import { Neighbour } from "../types.js" */
import { createStore } from "../store.js";

/** On each side; a time scale of more could not be pointed at. */
const REACH = 500;
/** So near to the end of what is known more is asked for. */
const MARGIN = 100;

/**
 * @typedef {object} Place
 * @property {readonly Neighbour[]} frames in order
 * @property {number} position of the one that is open
 * @property {boolean} isBegun whether nothing comes before these
 * @property {boolean} isEnded whether nothing comes after them
 */

export class Sequence {
  /**
   * @param {Api} api
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
    this.store = createStore(/** @type {Place} */ ({ frames: [], position: 0, isBegun: true, isEnded: true }));
  }

  /**
   * Tell which frame is open. Steps inside of what is known ask nothing.
   * @param {string} frame
   */
  async follow(frame) {
    const { frames, isBegun, isEnded } = this.store.get();
    const known = frames.findIndex(({ id }) => id === frame);
    if (known >= 0) {
      this.store.update((it) => ({ ...it, position: known }));
      const isFarFromEnds = (isBegun || known > MARGIN) && (isEnded || known < frames.length - MARGIN);
      if (isFarFromEnds) return;
    }
    const { before, frame: self, after } = await this.api.neighbours(this.version, frame, REACH, this.signal);
    this.store.set({
      frames: [...before, self, ...after],
      position: before.length,
      isBegun: before.length < REACH,
      isEnded: after.length < REACH,
    });
  }

  /** @param {number} by frames; beyond the end: to the end */
  step(by) {
    const { frames, position } = this.store.get();
    this.#goTo(Math.min(frames.length - 1, Math.max(0, position + by)));
  }

  /** @param {-1 | 1} direction to the first or last frame of the same context */
  end(direction) {
    const { from, to } = this.context();
    this.#goTo(direction < 0 ? from : to);
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
