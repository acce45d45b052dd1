/**
 * Make a loader that loads once: from then on it gives the same without another turn of the event loop, so that a page
 * that was there before is there again at once. What failed is loaded anew.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
export function once(load) {
  /** @type {{ value: T } | null} */
  let known = null;
  return async () => (known ??= { value: await load() }).value;
}
