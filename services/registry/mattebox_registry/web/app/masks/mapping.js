/** Changes to a version's mapping, in the form in which its metadata holds it. */

/** @import { Entry } from "./entries.js" */
/** @import { MaskLabel, MaskLabels } from "../types.js" */

/**
 * What the metadata may hold: one list, or lists by mask id, of which labels may be a single word.
 * @typedef {(Omit<MaskLabel, "labels"> & { labels: string | string[] })[]} DeclaredList
 * @typedef {DeclaredList | Record<string, DeclaredList> | undefined} Declared
 */

/**
 * The mapping with another colour and opacity for all entries of the same labels, in all of its lists: a label has one
 * colour everywhere.
 * @param {Declared} declared
 * @param {readonly Entry[]} entries
 * @param {{ color: string, opacity: number }} paint
 * @returns {MaskLabels}
 */
export function recolored(declared, entries, { color, opacity }) {
  /** @param {DeclaredList} list */
  const change = (list) => list.map((label) => (isOneOf(label, entries) ? { ...label, color, opacity } : label));
  const changed = Array.isArray(declared)
    ? change(declared)
    : Object.fromEntries(Object.entries(declared ?? {}).map(([mask, list]) => [mask, change(list)]));
  // The registry takes either form.
  return /** @type {MaskLabels} */ (/** @type {unknown} */ (changed));
}

/**
 * Whether the version declares these labels; a frame's mask may bring its own.
 * @param {Declared} declared
 * @param {readonly Entry[]} entries
 */
export function isDeclared(declared, entries) {
  const lists = Array.isArray(declared) ? [declared] : Object.values(declared ?? {});
  return lists.some((list) => list.some((label) => isOneOf(label, entries)));
}

/**
 * @param {DeclaredList[number]} label
 * @param {readonly Entry[]} entries
 */
function isOneOf(label, entries) {
  const labels = JSON.stringify([label.labels].flat());
  return entries.some((entry) => JSON.stringify(entry.labels) === labels);
}
