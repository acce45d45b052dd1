/** A view goes into the address bar and comes back the same, in the words of the server's previews. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { handleOf, hiddenLabels, sharingOf } from "../../services/registry/mattebox_registry/web/app/masks/hiding.js";
import { previewQuery, readView, writeView } from "../../services/registry/mattebox_registry/web/app/masks/query.js";
import { DEFAULT_VIEW, appliedMode, showLabel, showMask, shownMasks, viewOfMasks } from "../../services/registry/mattebox_registry/web/app/masks/view.js";

const FULL = {
  source: "left, \\ wide",
  masks: ["b,1", "a\\"],
  mode: "alpha",
  opacity: 0.5,
  modes: new Map([["a.b", "segmentation"]]),
  opacities: new Map([["__proto__", 0.3]]),
  tints: new Map([["a=b&c", "#ff0000"]]),
  background: null,
  hide: ["road, wet", "sky"],
  unmapped: "#ff00ff",
  outline: 2,
  solo: "car",
  colors: new Map([["person,sitting", "#00ff00"]]),
  strengths: new Map([["(1, 2, 3)", 0.25]]),
  place: { x: 12.5, y: 7, zoom: 1.5 },
};

test("every part of a view survives the address bar", () => {
  const address = new URL(`http://here/?${writeView(FULL)}`);
  assert.deepEqual(readView(address.searchParams), FULL);
});

test("the default view has an empty query, and no masks at all is not all masks", () => {
  assert.equal(writeView(DEFAULT_VIEW).toString(), "");
  assert.deepEqual(readView(new URLSearchParams("")), DEFAULT_VIEW);
  assert.deepEqual(readView(new URLSearchParams("masks=")).masks, []);
});

test("a preview gets only what the server knows, and lists escape commas as it reads them", () => {
  const query = previewQuery(FULL);
  assert.equal(query.get("masks"), "b\\,1,a\\\\");
  assert.equal(query.get("hide"), "road\\, wet,sky");
  assert.equal(query.get("background"), "transparent");
  for (const name of query.keys()) assert.match(name, /^(source|masks|mode|opacity|tint|background|hide|unmapped|outline)(\.|$)/);
});

test("parameters that are of no use are passed over", () => {
  const odd = "mode=x&opacity=2&opacity.a=nan&tint.a=red&outline=999&unmapped=hide&at=1,2&mode.=alpha&color.x=javascript:1";
  assert.deepEqual(readView(new URLSearchParams(odd)), DEFAULT_VIEW);
});

test("places where no picture can be are passed over", () => {
  const places = ["", "1,2", "1,2,3,4", "a,b,c", "1,2,0", "1,2,-1", "1e308,-1e308,1", "1,2,1e9", "1,2,1e-300", "Infinity,1,1"];
  for (const at of places) assert.equal(readView(new URLSearchParams({ at })).place, null, at);
  assert.deepEqual(readView(new URLSearchParams("at=-3,4.5,64")).place, { x: -3, y: 4.5, zoom: 64 });
});

test("hiding a mask keeps the order of the others, and showing it again is the default", () => {
  const all = ["a", "b", "c"];
  const hidden = showMask(DEFAULT_VIEW, all, "b", false);
  assert.deepEqual(hidden.masks, ["a", "c"]);
  assert.equal(showMask(hidden, all, "b", true).masks, null);
  assert.equal(showMask(showMask(DEFAULT_VIEW, all, "c", false), all, "c", true).masks, null);
  assert.deepEqual(showMask({ ...DEFAULT_VIEW, masks: ["other", "c"] }, all, "a", true).masks, ["a", "c", "other"]);
  const turned = { ...DEFAULT_VIEW, masks: ["c", "a"] };
  assert.deepEqual(showMask(turned, all, "b", true).masks, ["c", "a", "b"]);
});

test("what was chosen for masks of other frames is kept, and means nothing to these", () => {
  const chosen = new Map([["other", "alpha"], ["a", "alpha"]]);
  const view = { ...DEFAULT_VIEW, masks: ["other"], modes: chosen, opacities: new Map([["other", 0.5]]), tints: new Map([["other", "#ff0000"]]) };
  assert.deepEqual(shownMasks(view, ["a", "b"]), ["a", "b"]);
  assert.equal(previewQuery(viewOfMasks(view, ["a", "b"])).toString(), "mode.a=alpha");
  assert.deepEqual(showMask(view, ["a", "b"], "b", false).masks, ["a"]);
  assert.equal(previewQuery(viewOfMasks({ ...view, masks: ["other", "b"] }, ["a", "b"])).get("masks"), "b");
  assert.deepEqual(shownMasks({ ...DEFAULT_VIEW, masks: [] }, ["a"]), []);
});

test("the mode is that of the view, else what the server made of the mask", () => {
  const chosen = { ...DEFAULT_VIEW, modes: new Map([["a", "alpha"], ["c", "auto"]]) };
  assert.equal(appliedMode(chosen, "a", "labels"), "alpha");
  assert.equal(appliedMode(chosen, "b", "labels"), "segmentation");
  assert.equal(appliedMode(chosen, "c", "opacity"), "alpha");
  assert.equal(appliedMode({ ...DEFAULT_VIEW, mode: "segmentation" }, "b", "opacity"), "segmentation");
});

const entry = (index, ...labels) => ({ index, value: index, labels, color: "#123456", opacity: 1 });
const PEOPLE = [entry(1, "person", "sitting"), entry(2, "person", "standing"), entry(3, "road")];

test("one label alone hides all others, but none that its own entries carry", () => {
  assert.deepEqual(hiddenLabels({ ...DEFAULT_VIEW, solo: "sitting" }, PEOPLE), ["standing", "road"]);
  assert.deepEqual(hiddenLabels({ ...DEFAULT_VIEW, hide: ["sky"] }, PEOPLE), ["sky"]);
});

test("an entry is hidden by the label that it shares with the fewest others", () => {
  assert.deepEqual(PEOPLE.map((each) => handleOf(each, sharingOf(PEOPLE))), ["sitting", "standing", "road"]);
  assert.equal(handleOf(entry(4), sharingOf(PEOPLE)), null);
});

test("hiding a label ends showing one alone", () => {
  const view = showLabel({ ...DEFAULT_VIEW, solo: "road" }, "sky", false);
  assert.deepEqual([view.solo, view.hide], [null, ["sky"]]);
  assert.deepEqual(showLabel(view, "sky", true).hide, []);
});
