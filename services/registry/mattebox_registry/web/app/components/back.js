/** The registry may be stopped and come back: then a page goes on by itself. */

/** @import { Api } from "../api.js" */
/** @import { Store } from "../store.js" */
import { ApiError, NetworkError } from "../api.js";

const PAUSE_MS = 3000;

/**
 * Whether a fault is one of the way to the registry, which passes by itself.
 * @param {unknown} error
 */
export function isPassing(error) {
  return error instanceof NetworkError || (error instanceof ApiError && [502, 503, 504].includes(error.status));
}

/**
 * Do something as soon as the registry answers again, each time that the problem is one of the way to it.
 * @param {Store<unknown>} problem
 * @param {Pick<Api, "session">} api
 * @param {() => void} mend
 * @param {AbortSignal} signal
 * @param {number} [pauseMs]
 */
export function mendWhenBack(problem, api, mend, signal, pauseMs = PAUSE_MS) {
  let waiting = new AbortController();
  problem.subscribe((error) => {
    waiting.abort();
    waiting = new AbortController();
    // What ends the waiting is told elsewhere.
    if (isPassing(error)) answers(api, AbortSignal.any([signal, waiting.signal]), pauseMs).then(mend, () => undefined);
  }, signal);
}

/**
 * Wait until the registry answers, be it that one has to sign in.
 * @param {Pick<Api, "session">} api
 * @param {AbortSignal} signal
 * @param {number} pauseMs
 */
async function answers(api, signal, pauseMs) {
  for (let isBack = false; !isBack; ) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    signal.throwIfAborted();
    isBack = await api.session(signal).then(() => true, (error) => !isPassing(error));
  }
  signal.throwIfAborted();
}
