/** Statistics of a version, laid beside a mapping that is under edit. */

/** @import { MaskValue, VersionStatistics } from "../types.js" */
/** @import { LabelList } from "./mapping.js" */
import { ALL_MASKS, identity } from "./mapping.js";

/**
 * What the pixels of a value come to.
 * @typedef {object} Count
 * @property {number} pixels
 * @property {number} share of all pixels of the masks that are read by the list
 * @property {number} frames a frame counts once for each of its masks
 *
 * @typedef {Count & { mask: string, value: MaskValue | null }} Unmapped A value that no list declares.
 *
 * @typedef {object} Counts
 * @property {ReadonlyMap<string, Count>} declared by `countKey` of list and value
 * @property {Unmapped[]} unmapped most pixels first
 * @property {boolean} isByMask whether frames have several masks, each of which counts
 * @property {ReadonlySet<string>} cut lists of which only the entries with most pixels are counted
 */

/** So many labels of a mask are counted, those with most pixels. */
export const MOST_COUNTED = 1000;

/**
 * Name an entry of a list.
 * @param {string} list
 * @param {MaskValue} value
 */
export function countKey(list, value) {
  return JSON.stringify([list, identity(value)]);
}

/**
 * Tell which entry each counted value belongs to, as the lists are now: a mask's own list is asked before the one for all.
 * @param {VersionStatistics} statistics
 * @param {readonly LabelList[]} lists
 * @returns {Counts}
 */
export function countsFor({ masks }, lists) {
  const keys = new Set(lists.flatMap(({ mask, rows }) => rows.map(({ declared }) => countKey(mask, declared.value))));
  /** @type {Map<string, Count>} */
  const declared = new Map();
  /** @type {Unmapped[]} */
  const unmapped = [];
  const all = masks.reduce((sum, { pixels, encodings }) => sum + (encodings.length ? pixels : 0), 0);
  for (const { mask, pixels: total, labels, unmapped: gaps } of masks) {
    for (const { value, pixels, frames } of [...labels.filter(isOfVersion), ...gaps.values]) {
      const list = value === null ? undefined : [mask, ALL_MASKS].find((name) => keys.has(countKey(name, value)));
      if (value === null || list === undefined) unmapped.push({ mask, value, pixels, share: pixels / Math.max(1, total), frames });
      else add(declared, countKey(list, value), { pixels, share: pixels / Math.max(1, list === ALL_MASKS ? all : total), frames });
    }
  }
  const cut = new Set(masks.flatMap(({ mask, labels, truncated }) => (truncated && labels.length >= MOST_COUNTED ? [mask, ALL_MASKS] : [])));
  const isByMask = masks.filter(({ encodings }) => encodings.length).length > 1;
  return { declared, isByMask, cut, unmapped: unmapped.sort((one, other) => other.pixels - one.pixels) };
}

/**
 * Frames may bring labels of their own, of which a version's mapping knows nothing.
 * @param {VersionStatistics["masks"][number]["labels"][number]} label
 */
function isOfVersion({ declared_in: list, labels }) {
  return list !== null || labels.length === 0;
}

/**
 * @param {Map<string, Count>} counts
 * @param {string} key
 * @param {Count} count
 */
function add(counts, key, { pixels, share, frames }) {
  const known = counts.get(key) ?? { pixels: 0, share: 0, frames: 0 };
  counts.set(key, { pixels: known.pixels + pixels, share: known.share + share, frames: known.frames + frames });
}
