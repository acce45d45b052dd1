import assert from "node:assert/strict";
import test from "node:test";
import { lineage } from "../../services/registry/mattebox_registry/web/app/components/lineage.js";
import { relativeTime } from "../../services/registry/mattebox_registry/web/app/components/time.js";

const version = (id, parent_id, created_at) => ({ id, parent_id, created_at });

test("versions stand below the one they come from, the newest sibling first", () => {
  const versions = [version("a", null, "1"), version("b", "a", "2"), version("c", "a", "3"), version("d", "b", "4"), version("e", null, "5")];
  assert.deepEqual(lineage(versions).map(({ version: { id }, depth }) => `${id}${depth}`), ["e0", "a0", "c1", "b1", "d2"]);
});

test("a version whose parent is not there is a root", () => {
  assert.deepEqual(lineage([version("b", "gone", "1")]).map(({ depth }) => depth), [0]);
});

test("a chain of thousands is no problem", () => {
  const chain = Array.from({ length: 20_000 }, (_, place) => version(`v${place}`, place ? `v${place - 1}` : null, String(place)));
  assert.equal(lineage(chain).at(-1)?.depth, 19_999);
});

test("times are told in the largest unit that fits", () => {
  const now = Date.parse("2024-03-10T12:00:00Z");
  assert.equal(relativeTime("2024-03-10T11:59:30Z", now), "just now");
  assert.equal(relativeTime("2024-03-10T11:00:00Z", now), "1 hour ago");
  assert.equal(relativeTime("2024-03-09T12:00:00Z", now), "yesterday");
  assert.equal(relativeTime("2023-03-10T00:00:00Z", now), "last year");
});
