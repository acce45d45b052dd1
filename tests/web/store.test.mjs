import assert from "node:assert/strict";
import test from "node:test";
import { createStore, watch, watchPart } from "../../services/registry/mattebox_registry/web/app/store.js";

test("subscribers are told of changes, and of nothing else", () => {
  const store = createStore(1);
  const seen = [];
  store.subscribe((value, previous) => seen.push([value, previous]));
  store.set(1);
  store.set(2);
  store.update((value) => value + 1);
  assert.deepEqual(seen, [[2, 1], [3, 2]]);
});

test("a listener ends with its signal, also while others are being told", () => {
  const store = createStore(0);
  const leave = new AbortController();
  const seen = [];
  store.subscribe(() => leave.abort());
  store.subscribe((value) => seen.push(value), leave.signal);
  watch(store, (value) => seen.push(value), leave.signal);
  store.set(1);
  assert.deepEqual(seen, [0]);
  watch(store, () => seen.push("late"), leave.signal);
  assert.deepEqual(seen, [0]);
});

test("a part is told only when it is another one", () => {
  const store = createStore({ zoom: 1, pan: 0 });
  const seen = [];
  watchPart(store, ({ zoom }) => zoom, (zoom) => seen.push(zoom));
  store.update((it) => ({ ...it, pan: 5 }));
  store.update((it) => ({ ...it, zoom: 2 }));
  assert.deepEqual(seen, [1, 2]);
});
