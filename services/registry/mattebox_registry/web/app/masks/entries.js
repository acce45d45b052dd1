/** The legend of an index map: what each of its numbers stands for, and how names of labels are written in a URL. */

/**
 * One entry of a mask's resolved mapping, as `preview/status` tells it.
 * @typedef {object} Entry
 * @property {number} index the number in the index map, from 1
 * @property {number[] | number} value as declared
 * @property {string[]} labels
 * @property {string} color `#rrggbb`
 * @property {number} opacity factor on the mask's opacity
 * @property {boolean} [ignore]
 */

/**
 * An index map with its legend.
 * @typedef {object} LabelMap
 * @property {"labels"} kind
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array | Uint16Array} pixels index of an entry, 0: none
 * @property {Entry[]} entries
 */

/**
 * What an alpha mask lets through, 255: all.
 * @typedef {object} OpacityMap
 * @property {"opacity"} kind
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array | Uint16Array} pixels
 */

/** @typedef {LabelMap | OpacityMap} MaskMap */

/**
 * Names in one parameter, as the API lists them: separated by commas, a comma or backslash of a name escaped.
 * @param {Iterable<string>} names
 */
export function writeList(names) {
  return [...names].map((name) => name.replace(/[\\,]/g, "\\$&")).join(",");
}

/**
 * @param {string} text
 * @returns {string[]}
 */
export function readList(text) {
  const names = text.match(/(?:[^,\\]|\\[,\\])+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/\\([,\\])/g, "$1")))];
}

/**
 * What a viewer's own colours are kept by: the entry's labels, else its value.
 * @param {{labels: string[], value: number[] | number}} entry
 */
export function entryName(entry) {
  return entry.labels.length > 0 ? writeList(entry.labels) : formatValue(entry.value);
}

/** @param {number[] | number | null} value */
export function formatValue(value) {
  if (value === null) return "not a number";
  return Array.isArray(value) ? `(${value.join(", ")})` : String(value);
}
