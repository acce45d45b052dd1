/** The active labels: what a frame's masks show, with shares of pixels as the renderer counted them. */

import { entryName, formatValue } from "./entries.js";
import { handleOf, sharingOf } from "./hiding.js";
import { isPainted, ownColor, ownOpacity } from "./paint.js";

/** @import { Entry } from "./entries.js" */
/** @import { View } from "./view.js" */

/**
 * One line of the legend: all entries of a mask that have the same labels.
 * @typedef {object} Row
 * @property {string} name by which the viewer's own colours are kept
 * @property {string} title
 * @property {string | null} handle label that hides it, null: it cannot be hidden
 * @property {string} color
 * @property {number} opacity
 * @property {number} pixels
 * @property {number} share of the mask's pixels
 * @property {boolean} shown
 * @property {boolean} ignored
 * @property {Entry[]} entries
 */

/**
 * What a mask report counted of one value.
 * @typedef {object} Counted
 * @property {number[] | number} value
 * @property {number} pixels
 * @property {number} share
 */

/**
 * The rows of one mask, most pixels first; entries that this frame has no pixel of are left out.
 * @param {readonly Entry[]} entries
 * @param {readonly Counted[]} counted
 * @param {View} view
 * @param {ReadonlySet<string>} hidden labels
 * @returns {Row[]}
 */
export function legendRows(entries, counted, view, hidden) {
  const counts = new Map(counted.map((found) => [JSON.stringify(found.value), found]));
  const sharing = sharingOf(entries);
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const entry of entries) {
    const found = counts.get(JSON.stringify(entry.value));
    if (found === undefined || found.pixels === 0) continue;
    const name = entryName(entry);
    const row = rows.get(name) ?? emptyRow(name, entry, sharing, view);
    row.entries.push(entry);
    row.pixels += found.pixels;
    row.share += found.share;
    row.shown ||= isPainted(entry, hidden);
    rows.set(name, row);
  }
  return [...rows.values()].sort((a, b) => b.pixels - a.pixels);
}

/**
 * @param {string} name
 * @param {Entry} entry
 * @param {ReadonlyMap<string, number>} sharing entries that have each label
 * @param {View} view
 * @returns {Row}
 */
function emptyRow(name, entry, sharing, view) {
  return {
    name,
    title: entry.labels.length > 0 ? entry.labels.join(", ") : `value ${name}`,
    handle: handleOf(entry, sharing),
    color: ownColor(entry, view),
    opacity: ownOpacity(entry, view),
    pixels: 0,
    share: 0,
    shown: false,
    ignored: entry.ignore === true,
    entries: [],
  };
}

/**
 * The rows whose labels or values hold a text.
 * @param {readonly Row[]} rows
 * @param {string} text
 */
export function findRows(rows, text) {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return rows;
  return rows.filter(({ title, entries }) => title.toLowerCase().includes(wanted) || entries.some(({ value }) => formatValue(value).includes(wanted)));
}

/**
 * Whether the legend of two views differs: most of what is moved changes the picture alone.
 * @param {View} one
 * @param {View} other
 */
export function legendDiffers(one, other) {
  const names = /** @type {const} */ (["source", "masks", "mode", "modes", "hide", "solo", "colors", "strengths"]);
  return names.some((name) => one[name] !== other[name]);
}

/**
 * A share in as many digits as tell something: 43 %, 4.3 %, 0.04 %, < 0.01 %.
 * @param {number} share 0..1
 */
export function formatShare(share) {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.01) return "< 0.01 %";
  if (percent < 0.995) return `${percent.toFixed(2)} %`;
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
