/** What the viewer keeps of frames, and where it stands among them. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, NetworkError } from "../../services/registry/mattebox_registry/web/app/api.js";
import { isPassing, mendWhenBack } from "../../services/registry/mattebox_registry/web/app/components/back.js";
import { createStore } from "../../services/registry/mattebox_registry/web/app/store.js";
import { Recent } from "../../services/registry/mattebox_registry/web/app/viewer/recent.js";

test("what was used longest ago makes room, by its weight", () => {
  const recent = new Recent(10, (text) => text.length);
  recent.keep("a", "12345");
  recent.keep("b", "123");
  assert.equal(recent.get("a"), "12345");
  recent.keep("c", "1234");
  assert.deepEqual([...recent.kept.keys()], ["a", "c"]);
  assert.equal(recent.weight, 9);
});

test("what is held stays, however much comes, and one thing that is too large is still kept", () => {
  const recent = new Recent(2);
  const keys = Array.from({ length: 60 }, (_, i) => `map ${i}`);
  recent.hold(keys);
  for (const key of keys) recent.keep(key, key);
  for (const key of keys) assert.equal(recent.get(key), key);
  recent.hold([]);
  recent.keep("next", "next");
  assert.equal(recent.kept.size, 2);
  const heavy = new Recent(1, () => 5);
  heavy.keep("x", "x");
  assert.equal(heavy.get("x"), "x");
});

test("only what is wrong on the way to the registry passes by itself", () => {
  const errors = [new NetworkError(), new ApiError(502, {}), new ApiError(503, {}), new ApiError(404, {}), new ApiError(500, {}), null];
  assert.deepEqual(errors.map(isPassing), [true, true, true, false, false, false]);
});

test("a page goes on when the registry answers again, be it by asking who is there", async () => {
  const answers = [new NetworkError(), new ApiError(502, {}), new ApiError(401, {})];
  const api = { session: () => Promise.reject(answers.shift()) };
  const problem = createStore(null);
  const mended = new Promise((resolve) => mendWhenBack(problem, api, () => resolve(answers.length), new AbortController().signal, 1));
  problem.set(new NetworkError());
  assert.equal(await mended, 0);
});

test("nothing is mended that is no problem any more", async () => {
  const problem = createStore(null);
  let mended = 0;
  await new Promise((resolve) => {
    const session = async () => {
      problem.set(null);
      setTimeout(resolve, 1);
    };
    mendWhenBack(problem, { session }, () => mended++, new AbortController().signal, 1);
    problem.set(new NetworkError());
  });
  assert.equal(mended, 0);
});
