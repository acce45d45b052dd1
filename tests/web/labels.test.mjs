import assert from "node:assert/strict";
import test from "node:test";
import { countKey, countsFor } from "../../services/registry/mattebox_registry/web/app/labels/counting.js";
import { MappingEditor } from "../../services/registry/mattebox_registry/web/app/labels/editor.js";
import { changesBetween, mergeMappings } from "../../services/registry/mattebox_registry/web/app/labels/merge.js";
import { bringLabels } from "../../services/registry/mattebox_registry/web/app/labels/own.js";
import { inOrder, nextOrder, readOrder, writeOrder } from "../../services/registry/mattebox_registry/web/app/labels/sorting.js";

const [ROAD, SKY, CAR] = [{ value: [1, 1, 1], labels: ["road"] }, { value: 2, labels: ["sky"] }, { value: [9, 0, 0], labels: ["car"] }];
const BASE = { _all_: [ROAD, SKY] };

/** What a mask of 100 pixels came to. */
function mask(id, labels, values, more = {}) {
  const label = ([value, pixels, list = "_all_", names = ["x"]]) => ({ value, pixels, frames: 1, declared_in: list, labels: names });
  return {
    mask: id, frames: 1, pixels: 100, encodings: ["rgb"], labels: labels.map(label),
    unmapped: { pixels: 0, values: values.map(([value, pixels]) => ({ value, pixels, frames: 1 })) }, ...more,
  };
}

test("changes of two people who touched other entries are both kept", () => {
  const mine = { _all_: [{ ...ROAD, color: "#112233" }, SKY], object: [CAR] };
  const theirs = { _all_: [ROAD, { ...SKY, opacity: 0.5 }, CAR] };
  const { mapping, conflicts } = mergeMappings(BASE, mine, theirs);
  assert.deepEqual(mapping, { _all_: [{ ...ROAD, color: "#112233" }, { ...SKY, opacity: 0.5 }, CAR], object: [CAR] });
  assert.deepEqual(conflicts, []);
});

test("where both changed an entry mine holds, and theirs is told", () => {
  const theirs = [{ ...ROAD, labels: ["street"] }];
  const { mapping, conflicts } = mergeMappings(BASE, { _all_: [SKY] }, theirs);
  assert.deepEqual(mapping, { _all_: [] }, "they removed the sky, and I the road");
  assert.deepEqual(conflicts.map(({ after }) => after?.labels), [["street"]]);
  assert.deepEqual(mergeMappings(BASE, theirs, theirs).conflicts, [], "both did the same");
  assert.deepEqual(changesBetween(BASE, theirs).map(({ value, after }) => [value, after?.labels]), [[[1, 1, 1], ["street"]], [2, undefined]]);
  assert.deepEqual(changesBetween([{ value: 1, labels: ["road"] }], [ROAD]).length, 1, "another value is a change, if of no pixel");
});

test("each counted value belongs to the list that names it, as the lists are edited", () => {
  const editor = new MappingEditor({ _all_: [ROAD, SKY], ids: [{ value: 2, labels: ["dog"] }] }, {});
  const statistics = { masks: [mask("ids", [[[1, 1, 1], 10], [2, 20, "ids"]], [[7, 40], [null, 1]]), mask("sem", [[[2, 2, 2], 30], [5, 6, null, ["own"]]], [[7, 50]])] };
  const counts = countsFor(statistics, editor.state.get().lists);
  assert.deepEqual(counts.declared.get(countKey("_all_", 1)), { pixels: 10, share: 0.05, frames: 1 });
  assert.deepEqual(counts.declared.get(countKey("_all_", 2)), { pixels: 30, share: 0.15, frames: 1 });
  assert.deepEqual(counts.declared.get(countKey("ids", 2)), { pixels: 20, share: 0.2, frames: 1 });
  assert.deepEqual(counts.unmapped.map(({ mask: id, value, pixels }) => [id, value, pixels]), [["sem", 7, 50], ["ids", 7, 40], ["ids", null, 1]]);

  assert.equal(editor.declare("sem", 7, true).list, "_all_");
  assert.equal(editor.declare("ids", 8, false).list, "ids");
  const after = countsFor(statistics, editor.state.get().lists);
  assert.equal(after.declared.get(countKey("_all_", 7))?.pixels, 90);
  assert.deepEqual(after.unmapped.map(({ value }) => value), [null]);
  assert.deepEqual(editor.mapping()._all_.at(-1), { value: 7, labels: ["value 7"] });
});

test("of a list of which only the most frequent entries are counted, others are not said to have no pixels", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => [i, 5]);
  const statistics = { masks: [mask("ids", many, [], { truncated: true }), mask("sem", [[1, 5]], [], { truncated: true })] };
  const { cut } = countsFor(statistics, []);
  assert.deepEqual([...cut], ["ids", "_all_"], "what is cut of sem are values that nothing declares");
  assert.equal(countsFor({ masks: [mask("sem", many, [])] }, []).cut.size, 0);
});

test("frames bring labels where no list declares them", () => {
  assert.equal(bringLabels({ masks: [mask("panoptic", [[null, 5, null, ["person"]]], [])] }), true);
  assert.equal(bringLabels({ masks: [mask("ids", [[1, 5], [2, 5, null, []]], [])] }), false);
  assert.equal(bringLabels(null), false);
});

test("columns are sorted there and back, and last as declared", () => {
  const rows = [ROAD, { value: 10, labels: ["b"] }, { value: 9, labels: ["a"] }].map((declared, key) => ({ key, declared, color: "" }));
  const keys = (order) => inOrder(rows, order, ({ key }) => ({ pixels: key, frames: 0, share: 0 })).map(({ key }) => key);
  let order = nextOrder(null, "pixels");
  assert.deepEqual(keys(order), [2, 1, 0]);
  order = nextOrder(order, "pixels");
  assert.deepEqual(keys(order), [0, 1, 2]);
  assert.equal(nextOrder(order, "pixels"), null);
  assert.deepEqual(keys({ column: "value", isDown: false }), [0, 2, 1], "as numbers");
  assert.deepEqual(keys({ column: "labels", isDown: false }), [2, 1, 0]);
  assert.deepEqual(readOrder(writeOrder({ column: "frames", isDown: true })), { column: "frames", isDown: true });
  assert.equal(readOrder("nonsense"), null);
});
