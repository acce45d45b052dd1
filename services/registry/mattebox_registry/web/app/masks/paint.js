/**
 * Lookup tables: the paint of every number of an index map.
 *
 * A table has four floats for each code: red, green and blue times opacity (0..255), and opacity (0..1). Codes are the
 * numbers of the map, and once more as many for pixels at an outlined border.
 */

import { parseColor } from "./colors.js";
import { entryName } from "./entries.js";

/** @import { Entry } from "./entries.js" */
/** @import { View } from "./view.js" */

export const FLOATS = 4;

/**
 * Codes of a map that are not outlined, or of its outlined half.
 * @param {readonly Entry[]} entries
 */
export function codeCount(entries) {
  return entries.reduce((most, entry) => Math.max(most, entry.index), 0) + 1;
}

/**
 * @param {readonly Entry[]} entries
 * @param {View} view
 * @param {ReadonlySet<string>} hidden labels
 * @param {number} opacity of the mask
 * @returns {Float32Array}
 */
export function paintTable(entries, view, hidden, opacity) {
  const count = codeCount(entries);
  const table = new Float32Array(2 * count * FLOATS);
  if (view.unmapped !== null) {
    put(table, 0, view.unmapped, opacity);
    put(table, count, view.unmapped, opacity);
  }
  for (const entry of entries) {
    if (!isPainted(entry, hidden)) continue;
    const color = ownColor(entry, view);
    put(table, entry.index, color, opacity * ownOpacity(entry, view));
    put(table, count + entry.index, color, 1);
  }
  return table;
}

/**
 * An entry is hidden when one of its labels is.
 * @param {Entry} entry
 * @param {ReadonlySet<string>} hidden labels
 */
export function isPainted(entry, hidden) {
  return entry.ignore !== true && !entry.labels.some((label) => hidden.has(label));
}

/**
 * The viewer's own colour of an entry, else that of the version.
 * @param {Entry} entry
 * @param {View} view
 */
export function ownColor(entry, view) {
  return view.colors.size === 0 ? entry.color : (view.colors.get(entryName(entry)) ?? entry.color);
}

/**
 * The viewer's own opacity of an entry, else that of the version.
 * @param {Entry} entry
 * @param {View} view
 */
export function ownOpacity(entry, view) {
  return view.strengths.size === 0 ? entry.opacity : (view.strengths.get(entryName(entry)) ?? entry.opacity);
}

/**
 * @param {Float32Array} table
 * @param {number} code
 * @param {string} color
 * @param {number} opacity
 */
function put(table, code, color, opacity) {
  const [red, green, blue] = parseColor(color);
  table.set([red * opacity, green * opacity, blue * opacity, opacity], code * FLOATS);
}
