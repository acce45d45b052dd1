/**
 * A value that can be watched.
 * @template T
 * @typedef {object} Store
 * @property {() => T} get
 * @property {(value: T) => void} set Tells the subscribers, unless the value is the same.
 * @property {(change: (value: T) => T) => void} update Sets what `change` makes of the value.
 * @property {(listener: (value: T, previous: T) => void, signal?: AbortSignal) => void} subscribe
 *   Calls the listener after each change, until the signal is aborted.
 */

/**
 * Make a store. Values are replaced, never changed in place: `update((it) => ({ ...it, zoom: 2 }))`.
 * @template T
 * @param {T} initial
 * @returns {Store<T>}
 */
export function createStore(initial) {
  let value = initial;
  /** @type {Set<(value: T, previous: T) => void>} */
  const listeners = new Set();

  /** @param {T} next */
  function set(next) {
    if (Object.is(next, value)) return;
    const previous = value;
    value = next;
    for (const listener of [...listeners]) {
      if (listeners.has(listener)) listener(next, previous);
    }
  }

  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener, signal) {
      if (signal?.aborted) return;
      listeners.add(listener);
      signal?.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },
  };
}

/**
 * Call a listener now and after each change, until the signal is aborted.
 * @template T
 * @param {Store<T>} store
 * @param {(value: T) => void} listener
 * @param {AbortSignal} [signal]
 */
export function watch(store, listener, signal) {
  if (signal?.aborted) return;
  store.subscribe(listener, signal);
  listener(store.get());
}

/**
 * Watch only a part of a store: the listener is called now and when `part` gives something else.
 * @template T, P
 * @param {Store<T>} store
 * @param {(value: T) => P} part
 * @param {(value: P) => void} listener
 * @param {AbortSignal} [signal]
 */
export function watchPart(store, part, listener, signal) {
  let known = part(store.get());
  if (signal?.aborted) return;
  store.subscribe((value) => {
    const next = part(value);
    if (Object.is(next, known)) return;
    known = next;
    listener(next);
  }, signal);
  listener(known);
}
