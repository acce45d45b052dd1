/** What the viewer keeps of frames, and where it stands among them. */
import assert from "node:assert/strict";
import { test } from "node:test";

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
