/** What lies under the pointer, in every mask that is drawn. */

/** @import { MaskMap } from "./entries.js" */
/** @import { View } from "./view.js" */
import { formatValue } from "./entries.js";
import { ownColor } from "./paint.js";

/**
 * @typedef {object} Reading
 * @property {string} mask
 * @property {string} label names, or what the pixel is in place of one
 * @property {string} value raw, as declared; of an alpha mask 0..255
 * @property {string | null} color of the entry, null where there is none
 * @property {boolean} isEmpty whether the mask has nothing there: no entry, or nothing let through
 */

/**
 * Read a map of any size at a pixel of the source.
 * @param {string} mask
 * @param {MaskMap} map
 * @param {{x: number, y: number}} point in source pixels, inside of the picture
 * @param {{width: number, height: number}} source
 * @param {View} view
 * @returns {Reading}
 */
export function readMask(mask, map, point, source, view) {
  const number = map.pixels[pixelAt(map, point, source)] ?? 0;
  if (map.kind === "opacity") {
    return { mask, label: `lets ${Math.round((number / 255) * 100)} % through`, value: String(number), color: null, isEmpty: number === 0 };
  }
  const entry = map.entries.find(({ index }) => index === number);
  if (entry === undefined) return { mask, label: "no entry", value: "unmapped", color: null, isEmpty: true };
  const names = entry.labels.length > 0 ? entry.labels.join(", ") : "no label";
  const label = entry.ignore === true ? `${names} (ignored)` : names;
  return { mask, label, value: formatValue(entry.value), color: ownColor(entry, view), isEmpty: false };
}

/**
 * As many readings as there is room for: all in their order, else those of masks that have something there before others.
 * @param {readonly Reading[]} readings
 * @param {number} most
 */
export function tellingFirst(readings, most) {
  if (readings.length <= most) return [...readings];
  return [...readings.filter(({ isEmpty }) => !isEmpty), ...readings.filter(({ isEmpty }) => isEmpty)].slice(0, most);
}

/**
 * @param {{width: number, height: number}} map
 * @param {{x: number, y: number}} point
 * @param {{width: number, height: number}} source
 */
function pixelAt(map, point, source) {
  const column = Math.min(map.width - 1, Math.floor(((Math.floor(point.x) + 0.5) * map.width) / source.width));
  const row = Math.min(map.height - 1, Math.floor(((Math.floor(point.y) + 0.5) * map.height) / source.height));
  return row * map.width + column;
}
