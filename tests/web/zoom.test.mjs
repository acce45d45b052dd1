/** Geometry of the stage. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { sideFor } from "../../services/registry/mattebox_registry/web/app/viewer/sizes.js";
import { MAX_ZOOM, fitPlace, pan, toSource, topLeft, zoomAt } from "../../services/registry/mattebox_registry/web/app/viewer/zoom.js";

const SOURCE = { width: 400, height: 200 };
const STAGE = { width: 800, height: 600 };

test("fitting shows the whole picture in the middle", () => {
  const place = fitPlace(SOURCE, STAGE);
  assert.deepEqual(place, { x: 200, y: 100, zoom: 2 });
  assert.deepEqual(topLeft(place, STAGE), { x: 0, y: 100 });
});

test("what lies under the pointer stays there when the zoom changes", () => {
  const place = { x: 150, y: 120, zoom: 1.5 };
  for (const point of [{ x: 400, y: 300 }, { x: 500, y: 310 }]) {
    const before = toSource(place, point, STAGE);
    const after = toSource(zoomAt(place, 6, point, STAGE, SOURCE), point, STAGE);
    assert.ok(Math.hypot(before.x - after.x, before.y - after.y) < 1e-9);
  }
});

test("the zoom has bounds, and the picture never leaves the stage", () => {
  const middle = { x: 400, y: 300 };
  assert.equal(zoomAt(fitPlace(SOURCE, STAGE), 1e9, middle, STAGE, SOURCE).zoom, MAX_ZOOM);
  assert.ok(zoomAt(fitPlace(SOURCE, STAGE), 0, middle, STAGE, SOURCE).zoom > 0);
  assert.deepEqual(pan({ x: 200, y: 100, zoom: 2 }, 1e6, -1e6, SOURCE), { x: 0, y: 200, zoom: 2 });
});

test("panning follows the pointer at any zoom", () => {
  assert.deepEqual(pan({ x: 200, y: 100, zoom: 4 }, 40, -8, SOURCE), { x: 190, y: 102, zoom: 4 });
});

test("pictures that are drawn fast come whole, larger ones as large as the stage shows them", () => {
  assert.equal(sideFor({ width: 2048, height: 1024 }, 0.1), "full");
  assert.equal(sideFor({ width: 8000, height: 4000 }, 0.1), 800);
  assert.equal(sideFor({ width: 8000, height: 4000 }, 0.11), 1024);
  assert.equal(sideFor({ width: 8000, height: 4000 }, 1), "full");
  assert.equal(sideFor({ width: 3000, height: 2900 }, 0.9), "full");
});
