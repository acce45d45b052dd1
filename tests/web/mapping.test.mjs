import assert from "node:assert/strict";
import test from "node:test";
import { MappingEditor } from "../../services/registry/mattebox_registry/web/app/labels/editor.js";
import {
  findFaults, isSameMapping, parseValue, placeFaults, readMapping, valueText, writeMapping,
} from "../../services/registry/mattebox_registry/web/app/labels/mapping.js";

const DECLARED = { _all_: [{ value: [1, 1, 1], labels: ["cat"], note: "kept" }], "m.a[0]": [{ value: 7, labels: ["dog"], color: "#00ff00" }] };
const RESOLVED = {
  _all_: [{ value: [1, 1, 1], labels: ["cat"], color: "#123456", opacity: 1 }],
  "m.a[0]": [{ value: 7, labels: ["dog"], color: "#00ff00", opacity: 1 }],
};

test("values are read as people write them", () => {
  for (const [text, value] of [["12", 12], [" 70000 ", 70000], ["1,2,3", [1, 2, 3]], ["[1, 2, 3]", [1, 2, 3]], ["(1 2 3)", [1, 2, 3]],
    ["1, 2, 3, 4", [1, 2, 3, 4]], ["#ff8000", [255, 128, 0]], ["4294967295", 4294967295]]) {
    assert.deepEqual(parseValue(text), value, text);
  }
  for (const text of ["", "cat", "-1", "1.5", "1,2", "256,0,0", "1,2,3,4,5", "4294967296", "#fff"]) assert.equal(parseValue(text), null, text);
});

test("what was read is written back as it was, unknown fields too", () => {
  const lists = readMapping(DECLARED, RESOLVED);
  assert.deepEqual(writeMapping(lists), DECLARED);
  assert.deepEqual(lists.map(({ rows }) => rows[0].color), ["#123456", "#00ff00"]);
  assert.deepEqual(writeMapping(readMapping(DECLARED._all_, RESOLVED)), { _all_: DECLARED._all_ });
  assert.ok(isSameMapping(DECLARED._all_, { _all_: DECLARED._all_ }));
  assert.ok(isSameMapping(undefined, {}));
});

test("an automatic colour stays automatic, and a chosen one can become so again", () => {
  const editor = new MappingEditor(DECLARED, RESOLVED);
  const [{ rows: [cat] }, { rows: [dog] }] = editor.state.get().lists;
  editor.change(cat.key, { opacity: 0.5 });
  assert.equal(editor.mapping()._all_[0].color, undefined);
  assert.ok(editor.state.get().changed);
  editor.change(cat.key, { opacity: undefined });
  assert.ok(!editor.state.get().changed);
  editor.change(dog.key, { color: undefined });
  assert.deepEqual(editor.mapping()["m.a[0]"], [{ value: 7, labels: ["dog"] }]);
});

test("entries come and go, with the next number as their value", () => {
  const editor = new MappingEditor(undefined, {});
  editor.addList("_all_");
  editor.add("_all_");
  const key = editor.add("_all_");
  assert.deepEqual(editor.mapping()._all_.map(({ value }) => value), [0, 1]);
  editor.remove(key);
  assert.deepEqual(editor.mapping()._all_.map(({ value }) => value), [0]);
  editor.addList("other");
  assert.deepEqual(Object.keys(editor.mapping()), ["_all_"]);
});

test("faults are found before anything is sent, and stay until the next look", () => {
  const editor = new MappingEditor([{ value: 1, labels: ["a"] }, { value: [1, 1, 1], labels: ["b"] }, { value: 2, labels: [] }], {});
  const rows = editor.state.get().lists[0].rows;
  assert.deepEqual(findFaults(editor.state.get().lists).map(({ key, field }) => [key, field]), [[rows[1].key, "value"], [rows[2].key, "labels"]]);
  assert.ok(!editor.check());
  editor.change(rows[1].key, { value: 3 });
  assert.deepEqual(editor.state.get().faults.map(({ field }) => field), ["value", "labels"]);
  editor.change(rows[2].key, { value: Number.NaN, labels: ["c"] });
  assert.ok(!editor.check());
  assert.deepEqual(editor.state.get().faults.map(({ key, field }) => [key, field]), [[rows[2].key, "value"]]);
  editor.change(rows[2].key, { value: 2 });
  assert.ok(editor.check());
});

test("a label may be declared as a string, and what is ignored may go without", () => {
  const declared = [{ value: 1, labels: "cat" }, { value: 2, labels: [], ignore: true }];
  const editor = new MappingEditor(declared, {});
  assert.ok(editor.check());
  assert.deepEqual(editor.mapping(), { _all_: declared });
});

test("what the server refuses is shown at its field, whatever the mask is called", () => {
  const lists = readMapping(DECLARED, RESOLVED);
  const { faults, rest } = placeFaults(
    [
      { loc: "mask_labels._all_[0].color", message: "no colour" },
      { loc: "mask_labels.m.a[0][0].labels[0]", message: "no label" },
      { loc: "mask_labels._all_[9].value", message: "nowhere" },
    ],
    lists,
  );
  assert.deepEqual(faults, [
    { key: lists[0].rows[0].key, field: "color", message: "no colour" },
    { key: lists[1].rows[0].key, field: "labels", message: "no label" },
  ]);
  assert.deepEqual(rest, ["mask_labels._all_[9].value: nowhere"]);
  assert.equal(valueText([1, 2, 3]), "1, 2, 3");
});
