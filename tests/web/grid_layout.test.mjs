/** Where the items of a long list lie. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Layout } from "../../services/registry/mattebox_registry/web/app/grid/layout.js";
import { commonRatio, gridMeasures, tableMeasures } from "../../services/registry/mattebox_registry/web/app/grid/measures.js";
import { ScrollMap, ScrollPosition } from "../../services/registry/mattebox_registry/web/app/grid/scroll_map.js";

const MEASURES = { columns: 4, itemWidth: 100, itemHeight: 90, gap: 10, headHeight: 40 };
const GROUPS = [{ id: "a", frame_count: 6 }, { id: "b", frame_count: 1 }, { id: "c", frame_count: 9 }];

const grouped = new Layout(MEASURES, GROUPS);
const plain = new Layout({ ...MEASURES, headHeight: 0 }, [{ id: "", frame_count: 1_000_000 }]);

test("items lie in rows, each group below its heading", () => {
  assert.deepEqual(grouped.place(0), { x: 0, y: 40 });
  assert.deepEqual(grouped.place(5), { x: 110, y: 140 });
  assert.deepEqual(grouped.place(6), { x: 0, y: 256 + 40 });
  assert.deepEqual(plain.place(999_999), { x: 330, y: 24_999_900 });
  assert.equal(plain.height, 24_999_990);
});

test("a range holds exactly the rows that can be seen", () => {
  for (const layout of [grouped, new Layout({ ...MEASURES, headHeight: 0 }, GROUPS)]) {
    for (let top = -50; top < layout.height + 50; top += 7) {
      const { first, end } = layout.range(top, top + 150);
      for (let position = 0; position < layout.count; position += 1) {
        const { y } = layout.place(position);
        const isSeen = y < top + 150 && y + 90 > top;
        if (isSeen) assert.ok(position >= first && position < end, `${position} at ${top}`);
      }
      assert.ok(end - first <= 16, `${end - first} items at ${top}`);
    }
  }
});

test("far down a list of a million a range is as small as anywhere", () => {
  assert.deepEqual(plain.range(20_000_000, 20_000_500), { first: 800_000, end: 800_020 });
});

test("headings are those of the groups in sight", () => {
  assert.deepEqual(grouped.headings(0, 300).map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(plain.headings(0, 300), []);
});

test("an empty list has neither height nor items", () => {
  const empty = new Layout(MEASURES, []);
  assert.equal(empty.height, 0);
  assert.deepEqual(empty.range(0, 500), { first: 0, end: 0 });
  assert.deepEqual(empty.headings(0, 500), []);
});

test("arrow keys keep to the column, and cross from group to group", () => {
  assert.equal(grouped.step(1, "ArrowDown", 3), 5);
  assert.equal(grouped.step(2, "ArrowDown", 3), 5, "the row below is shorter");
  assert.equal(grouped.step(5, "ArrowDown", 3), 6, "the next group has one item");
  assert.equal(grouped.step(6, "ArrowDown", 3), 7);
  assert.equal(grouped.step(7, "ArrowUp", 3), 6);
  assert.equal(grouped.step(6, "ArrowUp", 3), 4, "the last row of the group above");
  assert.equal(grouped.step(2, "ArrowUp", 3), 2);
  assert.equal(grouped.step(15, "ArrowDown", 3), 15);
});

test("every key stays in the list, and what goes down comes up again", () => {
  for (let position = 0; position < grouped.count; position += 1) {
    for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]) {
      const next = grouped.step(position, key, 2);
      assert.ok(next >= 0 && next < grouped.count);
    }
    const below = grouped.step(position, "ArrowDown", 2);
    if (grouped.place(below).x === grouped.place(position).x && below !== position) {
      assert.equal(grouped.step(below, "ArrowUp", 2), position);
    }
  }
  assert.equal(grouped.step(3, "Enter", 2), null);
});

test("tiles fill the width, and are never narrower than chosen", () => {
  for (const width of [360, 768, 1231]) {
    for (const tile of [96, 200, 352]) {
      const { columns, itemWidth, gap } = gridMeasures({ width, tile, ratio: 16 / 9, grouped: false });
      assert.ok(Math.abs(columns * itemWidth + (columns - 1) * gap - width) < 0.01);
      if (width > 600) assert.ok(itemWidth >= tile);
    }
  }
  assert.equal(gridMeasures({ width: 361, tile: 200, ratio: 1, grouped: false }).columns, 2, "a phone shows two");
  assert.equal(tableMeasures({ width: 900, grouped: true }).columns, 1);
});

test("tiles have the shape that most pictures have", () => {
  const frame = (width, height) => ({ sources: [{ width, height }] });
  assert.equal(commonRatio([frame(1920, 1080), frame(1280, 720), frame(100, 400)]), 16 / 9);
  assert.equal(commonRatio([{ sources: [] }]), 3 / 2);
});

test("a list that fits into an element is scrolled pixel by pixel", () => {
  const map = new ScrollMap(5_000_000);
  assert.equal(map.elementHeight, 5_000_000);
  assert.equal(map.toList(4_321_000), 4_321_000);
});

test("a list that is too high is squeezed, its ends excepted", () => {
  const map = new ScrollMap(100_000_000);
  assert.equal(map.elementHeight, 8_000_000);
  assert.equal(map.toList(0), 0);
  assert.equal(map.toList(999_000), 999_000);
  assert.equal(map.toList(8_000_000), 100_000_000);
  let before = -1;
  for (let y = 0; y <= 8_000_000; y += 12_345) {
    const list = map.toList(y);
    assert.ok(list > before);
    assert.ok(Math.abs(map.toElement(list) - y) < 1e-6);
    before = list;
  }
});

test("small steps move a squeezed list by as much, jumps go where the scroll bar says", () => {
  const position = new ScrollPosition(new ScrollMap(100_000_000));
  position.follow(4_000_000, 2_000);
  assert.equal(position.list, 50_000_000);
  for (let step = 1; step <= 50; step += 1) position.follow(4_000_000 + step * 100, 2_000);
  assert.equal(position.list, 50_005_000);
  const { list } = position;
  assert.ok(position.settle());
  assert.equal(position.list, list, "settling moves the element, not the list");
  assert.ok(Math.abs(position.element - 4_000_306) < 2);
  assert.equal(position.settle(), false);
  position.follow(0, 2_000);
  assert.equal(position.list, 0);
});
