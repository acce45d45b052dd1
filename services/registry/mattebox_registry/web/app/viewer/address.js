/** The view in the address bar: a link shows a colleague the same thing. */

/** @import { View } from "../masks/view.js" */
/** @import { Query } from "../router.js" */
/** @import { Store } from "../store.js" */
import { readView, writeView } from "../masks/query.js";

/** Browsers let a page change its address only so often. */
const PAUSE_MS = 250;
const OWN = /^(source|masks|mode|opacity|tint|background|hide|unmapped|outline|solo|color|strength|at)(\.|$)/;

/**
 * Keep a view and the address the same. What is no part of the view stays in the address. Gives a function that writes
 * the address at once.
 * @param {Store<View>} view
 * @param {Query} query
 * @param {AbortSignal} signal
 * @returns {() => void}
 */
export function bindAddress(view, query, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function write() {
    clearTimeout(timer);
    timer = undefined;
    query.set(changeOf(query.all(), writeView(view.get())));
  }

  view.subscribe(() => {
    timer ??= setTimeout(write, PAUSE_MS);
  }, signal);
  query.subscribe((changed) => {
    // While our own change waits, the address is older than the view.
    if (timer === undefined && writeView(readView(changed)).toString() !== writeView(view.get()).toString()) {
      view.set(readView(changed));
    }
  }, signal);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return write;
}

/**
 * @param {URLSearchParams} now
 * @param {URLSearchParams} wanted
 * @returns {Record<string, string | null>}
 */
function changeOf(now, wanted) {
  /** @type {Record<string, string | null>} */
  const change = Object.create(null);
  for (const name of now.keys()) if (OWN.test(name) && !wanted.has(name)) change[name] = null;
  for (const [name, value] of wanted) change[name] = value;
  return change;
}
