/** What lies under the pointer, and what the legend says of a frame. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { adviceOf } from "../../services/registry/mattebox_registry/web/app/masks/advice.js";
import { findRows, formatShare, legendDiffers, legendRows } from "../../services/registry/mattebox_registry/web/app/masks/legend.js";
import { readMask, tellingFirst } from "../../services/registry/mattebox_registry/web/app/masks/readout.js";
import { DEFAULT_VIEW } from "../../services/registry/mattebox_registry/web/app/masks/view.js";

const ENTRIES = [
  { index: 1, value: [0, 0, 0], labels: ["road"], color: "#111111", opacity: 1 },
  { index: 2, value: 70000, labels: ["car", "parked"], color: "#222222", opacity: 0.5 },
  { index: 3, value: [9, 9, 9], labels: ["road"], color: "#111111", opacity: 1 },
  { index: 4, value: 255, labels: [], color: "#333333", opacity: 1, ignore: true },
];
const MAP = { kind: "labels", width: 2, height: 2, pixels: Uint8Array.of(0, 1, 2, 4), entries: ENTRIES };
const SOURCE = { width: 20, height: 10 };

test("a pixel is read by the map pixel that its middle lies in", () => {
  const at = (x, y) => readMask("m", MAP, { x, y }, SOURCE, DEFAULT_VIEW);
  assert.deepEqual(at(9.9, 4.9), { mask: "m", label: "no entry", value: "unmapped", color: null, isEmpty: true });
  assert.deepEqual(at(10, 0), { mask: "m", label: "road", value: "(0, 0, 0)", color: "#111111", isEmpty: false });
  assert.deepEqual(at(0, 5), { mask: "m", label: "car, parked", value: "70000", color: "#222222", isEmpty: false });
  assert.equal(at(19.99, 9.99).label, "no label (ignored)");
});

test("an alpha mask reads as what it lets through", () => {
  const map = { kind: "opacity", width: 1, height: 1, pixels: Uint8Array.of(51) };
  assert.deepEqual(readMask("m", map, { x: 3, y: 3 }, SOURCE, DEFAULT_VIEW), { mask: "m", label: "lets 20 % through", value: "51", color: null, isEmpty: false });
});

test("of more masks than there is room for, those that have something under the pointer are told", () => {
  const readings = [true, false, true, false].map((isEmpty, i) => ({ mask: String(i), isEmpty }));
  const told = (most) => tellingFirst(readings, most).map(({ mask }) => mask).join("");
  assert.deepEqual([told(4), told(3), told(1)], ["0123", "130", "1"]);
});

test("warnings say what was found and what to do, those that keep a mask from being drawn first", () => {
  const warning = (code, message = "It says so.") => ({ code, message });
  const unmapped = { pixels: 1, share: 0.00001, values: [{ value: [7, 0, 0], pixels: 1 }] };
  const advice = adviceOf([
    { id: "a", unmapped, warnings: [warning("unmapped_pixels"), warning("snapped")] },
    { id: "b", error: "mask_not_found", warnings: [warning("mask_not_found")] },
  ]);
  assert.deepEqual(advice.map(({ mask, gravity }) => [mask, gravity]), [["b", "problem"], ["a", "warning"], ["a", "warning"]]);
  assert.equal(advice[1].text, "< 0.01 % of the mask's pixels have values without an entry. Most frequent: (7, 0, 0): 1 pixel.");
  assert.match(advice[1].deed, /Light them up/);
  assert.deepEqual([advice[2].text, advice[2].deed], ["It says so.", ""]);
});

test("values of the same labels are one row, absent ones none, most pixels first", () => {
  const counted = [
    { value: [0, 0, 0], pixels: 10, share: 0.1 },
    { value: 70000, pixels: 60, share: 0.6 },
    { value: [9, 9, 9], pixels: 30, share: 0.3 },
  ];
  const rows = legendRows(ENTRIES, counted, DEFAULT_VIEW, new Set(["parked"]));
  assert.deepEqual(rows.map(({ title, pixels, shown }) => [title, pixels, shown]), [["car, parked", 60, false], ["road", 40, true]]);
});

test("the viewer's own colour stands before that of the version", () => {
  const view = { ...DEFAULT_VIEW, colors: new Map([["car,parked", "#ff0000"]]), strengths: new Map([["road", 0.2]]) };
  const counted = ENTRIES.map(({ value }) => ({ value, pixels: 1, share: 0.25 }));
  const rows = Object.fromEntries(legendRows(ENTRIES, counted, view, new Set()).map((row) => [row.title, row]));
  assert.equal(rows["car, parked"].color, "#ff0000");
  assert.equal(rows.road.opacity, 0.2);
  assert.equal(rows["value 255"].ignored, true);
});

test("a legend of 65,536 labels is made in one go, and what is in it is found by label or value", () => {
  const entries = Array.from({ length: 65_536 }, (_, i) => ({ index: i, value: i, labels: [`thing ${i}`, "all"], color: "#111111", opacity: 1 }));
  const rows = legendRows(entries, entries.map(({ value }) => ({ value, pixels: 1, share: 1 / 65_536 })), DEFAULT_VIEW, new Set());
  assert.equal(rows.length, 65_536);
  assert.equal(rows[7].handle, "thing 7");
  assert.deepEqual(findRows(rows, " Thing 65530 ").map(({ title }) => title), ["thing 65530, all"]);
  assert.equal(findRows(rows, "65535").length, 1);
  assert.equal(findRows(rows, ""), rows);
});

test("opacity, tint and place change no legend", () => {
  const moved = { ...DEFAULT_VIEW, opacities: new Map([["m", 0.3]]), tints: new Map(), place: { x: 1, y: 1, zoom: 2 }, outline: 3 };
  assert.equal(legendDiffers(DEFAULT_VIEW, moved), false);
  assert.equal(legendDiffers(DEFAULT_VIEW, { ...DEFAULT_VIEW, hide: ["road"] }), true);
});

test("shares have as many digits as tell something", () => {
  assert.deepEqual([0, 0.00001, 0.0042, 0.00999, 0.043, 0.0997, 0.434, 1].map(formatShare), [
    "0 %", "< 0.01 %", "0.42 %", "1.0 %", "4.3 %", "10 %", "43 %", "100 %",
  ]);
});
