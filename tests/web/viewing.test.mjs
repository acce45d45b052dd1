/** What the viewer keeps of frames, and where it stands among them. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, NetworkError } from "../../services/registry/mattebox_registry/web/app/api.js";
import { isPassing, mendWhenBack } from "../../services/registry/mattebox_registry/web/app/components/back.js";
import { createStore } from "../../services/registry/mattebox_registry/web/app/store.js";
import { lastList, rememberList } from "../../services/registry/mattebox_registry/web/app/components/last-list.js";
import { DEFAULT_VIEW } from "../../services/registry/mattebox_registry/web/app/masks/view.js";
import { exactQuery, isTellable } from "../../services/registry/mattebox_registry/web/app/viewer/exact.js";
import { keepOwnColors } from "../../services/registry/mattebox_registry/web/app/viewer/own_colors.js";
import { Sequence } from "../../services/registry/mattebox_registry/web/app/viewer/sequence.js";
import { formatMark, formatTime } from "../../services/registry/mattebox_registry/web/app/viewer/time.js";
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

/** A version of three contexts: the middle one has so many frames. */
function versionOf(count) {
  const context = (id, frames) => Array.from({ length: frames }, (_, i) => ({ id: `${id}${i}`, context_id: id, timestamp: i * 40 }));
  const all = [...context("a", 700), ...context("b", count), ...context("c", 5)];
  const own = (id) => all.filter((frame) => frame.context_id === id);
  const asked = [];
  const api = {
    neighbours: async (_version, frame, limit) => {
      asked.push(frame);
      const at = all.findIndex(({ id }) => id === frame);
      return { before: all.slice(Math.max(0, at - limit), at), frame: all[at], after: all.slice(at + 1, at + 1 + limit) };
    },
    frameRank: async (_version, frame, { context_id }) => own(context_id).findIndex(({ id }) => id === frame),
    frameMarks: async (_version, { every, context_id }) => {
      const { length } = own(context_id);
      return { marks: Array(Math.floor(length / every)).fill(""), rest: length % every, next_cursor: null };
    },
  };
  const gone = [];
  const sequence = new Sequence(api, "v", (frame) => gone.push(frame), new AbortController().signal);
  return { sequence, asked, gone };
}

test("a context of some thousand frames is known whole, whichever of them is opened", async () => {
  const { sequence, asked } = versionOf(4_000);
  await sequence.follow("b2500");
  const { from, to, isWhole } = sequence.context();
  assert.deepEqual([to - from + 1, isWhole, sequence.store.get().frames[from].id], [4_000, true, "b0"]);
  assert.deepEqual(sequence.count(), { first: 0, total: 4_000 });
  const before = asked.length;
  await sequence.follow("b2501");
  assert.equal(asked.length, before);
});

test("first and last of a context are that, however long it is", async () => {
  for (const count of [3, 1_200, 25_000]) {
    const { sequence, gone } = versionOf(count);
    await sequence.follow("b1");
    await sequence.end(1);
    await sequence.follow(`b${count - 1}`);
    await sequence.end(-1);
    assert.deepEqual(gone, [`b${count - 1}`, "b0"]);
  }
});

test("in a context that is too long to be known whole, frames are counted all the same", async () => {
  const { sequence, asked } = versionOf(25_000);
  await sequence.follow("b20000");
  assert.deepEqual(asked, ["b20000"]);
  const { from, isWhole } = sequence.context();
  const { first, total } = sequence.count();
  assert.deepEqual([isWhole, total, sequence.store.get().frames[from].id], [false, 25_000, `b${first}`]);
  await sequence.follow("c1");
  assert.deepEqual(sequence.count(), { first: 0, total: 5 });
});

test("a step beyond all frames leads to the last one, and none from there on", async () => {
  const { sequence, gone } = versionOf(2);
  await sequence.follow("c3");
  sequence.step(10);
  sequence.step(10);
  assert.deepEqual([gone, sequence.following], [["c4"], null]);
});

test("times are as exact as marks lie apart, and a day is told once", () => {
  assert.equal(formatTime(5_400_000 + 1240), "1:30:01.240");
  assert.deepEqual([500, 5_000, 3_600_000].map((apart) => formatMark(5_400_000, apart, false)), ["1:30:00.000", "1:30:00", "1:30"]);
  assert.equal(formatMark(-90_000, 60_000, true), "-0:01");
  const noon = Date.UTC(2026, 10, 22, 12);
  assert.deepEqual([true, false].map((isFirst) => formatMark(noon, 3_600_000, isFirst)), ["2026-11-22 12:00", "12:00"]);
  assert.equal(formatMark(noon, 2 * 8.64e7, false), "2026-11-22");
});

test("own colours come back with the frames of their version, but not to who comes by a link", () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text), removeItem: (name) => kept.delete(name) };
  const open = (version, isLanding) => {
    const view = createStore(DEFAULT_VIEW);
    const own = keepOwnColors(view, version, { isLanding, signal: new AbortController().signal });
    return { view, own };
  };
  const colors = new Map([["road", "#ff0000"]]);
  open("v", true).view.update((view) => ({ ...view, colors }));
  assert.deepEqual(open("v", false).view.get().colors, colors);
  assert.equal(open("other", false).view.get().colors.size, 0);

  const { view, own } = open("v", true);
  assert.deepEqual([view.get().colors.size, own.areLeftOut.get()], [0, true]);
  view.update((it) => ({ ...it, colors: new Map([["sky", "#0000ff"]]) }));
  assert.deepEqual([...open("v", false).view.get().colors.keys()], ["road", "sky"], "what is left out is not forgotten");
  own.take();
  assert.deepEqual([[...view.get().colors.keys()], own.areLeftOut.get()], [["road", "sky"], false]);
  delete globalThis.localStorage;
});

test("a frame is left to where frames were looked for", () => {
  rememberList("a b", "?state=failed&at=x");
  assert.deepEqual([lastList("a b"), lastList("c")], ["/versions/a%20b/frames?state=failed&at=x", "/versions/c/frames"]);
});

test("a label that is shown alone hides the others that the frame has, and no address tells more than it can hold", () => {
  const open = (count, declared) => ({
    masks: [{ id: "m" }, { id: "off" }],
    legends: ["m", "off"].map((mask) => ({ mask, kind: "labels", entries: Array.from({ length: declared }, (_, i) => ({ value: i, labels: [`${mask} ${i}`] })) })),
    status: { report: { masks: [{ id: "m", mode: "segmentation", labels: Array.from({ length: count }, (_, value) => ({ value })) }] } },
  });
  const view = { ...DEFAULT_VIEW, solo: "m 1", masks: ["m"] };
  const query = exactQuery(view, open(3, 5_000), { size: "full" });
  assert.deepEqual([query.get("hide"), isTellable(query)], ["m 0,m 2", true]);
  assert.equal(isTellable(exactQuery(view, open(5_000, 5_000), { size: "full" })), false);
});
