/** Two people changed a mapping: what each of them changed, and both changes in one. */

/** @import { MaskLabel, MaskLabels, MaskValue } from "../types.js" */
import { byMask, identity } from "./mapping.js";

/**
 * What became of one entry.
 * @typedef {object} EntryChange
 * @property {string} mask
 * @property {MaskValue} value
 * @property {MaskLabel | null} before null: it was not there
 * @property {MaskLabel | null} after null: it is there no more
 */

/** @typedef {MaskLabels | MaskLabel[] | null | undefined} Declared */

/**
 * List the entries that differ between two states of a mapping.
 * @param {Declared} before
 * @param {Declared} after
 * @returns {EntryChange[]}
 */
export function changesBetween(before, after) {
  const [old, now] = [byMask(before), byMask(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((mask) => {
    const [was, is] = [byValue(old[mask]), byValue(now[mask])];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
      const one = was.get(key) ?? null;
      const other = is.get(key) ?? null;
      const value = /** @type {MaskLabel} */ (other ?? one).value;
      return isSame(one, other) ? [] : [{ mask, value, before: one, after: other }];
    });
  });
}

/**
 * Make my changes to what others have made of the mapping. Where both changed an entry to something else mine holds, and
 * it is among the conflicts.
 * @param {Declared} base what both began with
 * @param {Declared} mine
 * @param {Declared} theirs
 * @returns {{ mapping: MaskLabels, conflicts: EntryChange[] }} of a conflict, what the others had made of the entry
 */
export function mergeMappings(base, mine, theirs) {
  const merged = Object.fromEntries(Object.entries(byMask(theirs)).map(([mask, entries]) => [mask, byValue(entries)]));
  const others = new Map(changesBetween(base, theirs).map((change) => [keyOf(change), change]));
  /** @type {EntryChange[]} */
  const conflicts = [];
  for (const change of changesBetween(base, mine)) {
    const other = others.get(keyOf(change));
    if (other && !isSame(other.after, change.after)) conflicts.push(other);
    const list = (merged[change.mask] ??= new Map());
    const key = identity(change.value);
    if (change.after === null) list.delete(key);
    else list.set(key, change.after);
  }
  return { mapping: Object.fromEntries(Object.entries(merged).map(([mask, list]) => [mask, [...list.values()]])), conflicts };
}

/** @param {MaskLabel[]} [entries] */
function byValue(entries = []) {
  return new Map(entries.map((entry) => [identity(entry.value), entry]));
}

/** @param {EntryChange} change */
function keyOf({ mask, value }) {
  return JSON.stringify([mask, identity(value)]);
}

/**
 * @param {MaskLabel | null} one
 * @param {MaskLabel | null} other
 */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
