/** The line under the stage: where the pointer is, and what every mask that is drawn says there. */

/** @import { Reading } from "../masks/readout.js" */
/** @import { Store } from "../store.js" */
/** @import { Drawing } from "./drawing.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Point, Size } from "./zoom.js" */
import { counted } from "../components/numbers.js";
import { fill, h } from "../dom.js";
import { readMask, tellingFirst } from "../masks/readout.js";

/** More would hide the picture that is pointed at. */
const MOST_MASKS = 12;

/**
 * @param {{ stage: Stage, drawing: Drawing, open: Store<OpenFrame | null>, signal: AbortSignal }} parts
 */
export function readout({ stage, drawing, open, signal }) {
  const position = h("span", { class: "readout-place number" });
  const masks = h("ul", { class: "readout-masks" });
  const element = h("div", { class: "readout", "aria-label": "Under the pointer" }, h("div", { class: "readout-line" }, position, masks));
  const show = () => {
    const point = stage.point.get();
    const size = open.get()?.size ?? null;
    element.classList.toggle("is-empty", point === null);
    const found = point === null || size === null ? null : { point, size };
    fill(position, found === null ? "Point at the picture to read its labels." : placeWords(found.point, drawing, found.size));
    const readings = found === null ? [] : [...drawing.maps.get()].map(([mask, map]) => readMask(mask, map, found.point, found.size, drawing.view.get()));
    const told = tellingFirst(readings, MOST_MASKS);
    const rest = readings.length - told.length;
    fill(masks, told.map(maskItem), rest > 0 && h("li", { class: "readout-mask" }, `and ${counted(rest, "mask")} more`));
  };
  stage.point.subscribe(show, signal);
  drawing.maps.subscribe(show, signal);
  open.subscribe(show, signal);
  show();
  return element;
}

/**
 * @param {Point} point
 * @param {Drawing} drawing
 * @param {Size} size
 */
function placeWords({ x, y }, drawing, size) {
  const picture = drawing.composer?.picture;
  if (picture === undefined) return `${x}, ${y}`;
  const column = Math.min(picture.width - 1, Math.floor(((x + 0.5) * picture.width) / size.width));
  const row = Math.min(picture.height - 1, Math.floor(((y + 0.5) * picture.height) / size.height));
  const at = (row * picture.width + column) * 4;
  return `${x}, ${y} · rgb ${[...picture.pixels.subarray(at, at + 3)].join(" ")}`;
}

/** @param {Reading} reading */
function maskItem({ mask, label, value, color }) {
  return h(
    "li",
    { class: "readout-mask", data: { mask } },
    color === null ? null : h("span", { class: "swatch", style: { "--swatch": color } }),
    h("span", { class: "readout-id" }, mask),
    h("strong", null, label),
    h("span", { class: "readout-value number" }, value),
  );
}
