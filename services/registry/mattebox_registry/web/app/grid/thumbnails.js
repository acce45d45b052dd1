import { ApiError, NetworkError } from "../api.js";

/** The browser has six connections to a server; one carries the events, and a page of frames must not stand in line. */
const AT_ONCE = 4;

/** Pictures that are kept as they came, compressed. */
const MAX_BYTES = 48 * 1024 * 1024;

/** A picture that is being drawn, or that was not answered for now, is asked for again after so long at the latest. */
const AGAIN_MS = 4_000;

/**
 * @typedef {object} Wanted
 * @property {string} url
 * @property {string} name what the picture is kept under: it changes when the picture does
 * @property {(picture: string, signal: AbortSignal) => Promise<void>} show is given an address for `<img>`; resolves
 *   when it is seen, or not wanted any more
 * @property {() => void} wait is told that the picture is being drawn
 * @property {(error: unknown) => void} fail is told why there is none
 *
 * @typedef {(url: string, init: RequestInit) => Promise<Response>} Fetch
 */

/** Fetches the pictures that are in sight, those that came into sight last first, and gives up those that left it. */
export class Thumbnails {
  /**
   * @param {Fetch} fetch
   * @param {AbortSignal} signal
   */
  constructor(fetch, signal) {
    this.fetch = fetch;
    /** @type {Map<string, { url: string, bytes: number }>} the one used last is the last */
    this.kept = new Map();
    this.keptBytes = 0;
    /** @type {Set<Request>} */
    this.waiting = new Set();
    /** @type {Set<Request>} */
    this.drawing = new Set();
    this.underWay = 0;
    this.allowed = Infinity;
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /**
   * Want a picture, from now until the request is cancelled.
   * @param {Wanted} wanted
   * @returns {{ cancel: () => void }}
   */
  want(wanted) {
    const request = new Request(wanted);
    this.waiting.add(request);
    this.#next();
    return { cancel: () => this.#cancel(request) };
  }

  /**
   * Begin no more pictures than these until the next call: what is drawn while a list is scrolled shall not wait for them.
   * @param {number} count
   */
  allow(count) {
    this.allowed = count;
    this.#next();
  }

  /** Ask again for what was being drawn: something was drawn just now. */
  retry() {
    for (const request of this.drawing) this.#again(request);
  }

  #next() {
    while (this.allowed > 0 && this.underWay < AT_ONCE && this.waiting.size) {
      const request = /** @type {Request} */ ([...this.waiting].at(-1));
      this.waiting.delete(request);
      this.allowed -= 1;
      this.underWay += 1;
      void this.#load(request).finally(() => {
        this.underWay -= 1;
        this.#next();
      });
    }
  }

  /** @param {Request} request */
  async #load(request) {
    const { wanted, controller } = request;
    try {
      const known = this.#recall(wanted.name);
      const response = known ? null : await this.fetch(wanted.url, { signal: controller.signal });
      if (response?.status === 202) {
        wanted.wait();
        this.#later(request);
        return;
      }
      const url = known ?? this.#keep(wanted.name, await /** @type {Response} */ (response).blob());
      await wanted.show(url, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return;
      wanted.fail(error);
      if (maySucceedLater(error)) this.#later(request);
    }
  }

  /** @param {Request} request */
  #later(request) {
    this.drawing.add(request);
    request.timer = setTimeout(() => this.#again(request), AGAIN_MS);
  }

  /** @param {Request} request */
  #again(request) {
    clearTimeout(request.timer);
    if (!this.drawing.delete(request)) return;
    this.waiting.add(request);
    this.#next();
  }

  /** @param {Request} request */
  #cancel(request) {
    this.waiting.delete(request);
    this.drawing.delete(request);
    clearTimeout(request.timer);
    request.controller.abort();
  }

  /** @param {string} name */
  #recall(name) {
    const known = this.kept.get(name);
    if (!known) return null;
    this.kept.delete(name);
    this.kept.set(name, known);
    return known.url;
  }

  /**
   * @param {string} name
   * @param {Blob} blob
   */
  #keep(name, blob) {
    const url = URL.createObjectURL(blob);
    this.kept.set(name, { url, bytes: blob.size });
    this.keptBytes += blob.size;
    for (const [oldest, picture] of this.kept) {
      if (this.keptBytes <= MAX_BYTES || oldest === name) break;
      URL.revokeObjectURL(picture.url);
      this.kept.delete(oldest);
      this.keptBytes -= picture.bytes;
    }
    return url;
  }

  #close() {
    for (const request of [...this.waiting, ...this.drawing]) this.#cancel(request);
    for (const { url } of this.kept.values()) URL.revokeObjectURL(url);
    this.kept.clear();
  }
}

class Request {
  /** @param {Wanted} wanted */
  constructor(wanted) {
    this.wanted = wanted;
    this.controller = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }
}

/**
 * The server may be there again soon, and a quota be free again; whatever else it said will not change.
 * @param {unknown} error
 */
function maySucceedLater(error) {
  return error instanceof NetworkError || (error instanceof ApiError && error.status === 429);
}
