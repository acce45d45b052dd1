/** Labels that are shown and hidden. The server hides an entry when one of its labels is hidden; so do we. */

/** @import { Entry } from "./entries.js" */
/** @import { View } from "./view.js" */

/**
 * The labels that a preview of this view has to hide, also where one label is shown alone.
 * @param {View} view
 * @param {readonly Entry[]} entries of all masks that are drawn
 * @returns {string[]}
 */
export function hiddenLabels(view, entries) {
  const { solo } = view;
  if (solo === null) return [...view.hide];
  const kept = new Set(entries.filter(({ labels }) => labels.includes(solo)).flatMap(({ labels }) => labels));
  return [...new Set(entries.flatMap(({ labels }) => labels))].filter((label) => !kept.has(label));
}

/**
 * How many entries share each label.
 * @param {readonly Entry[]} entries
 * @returns {ReadonlyMap<string, number>}
 */
export function sharingOf(entries) {
  const sharing = new Map();
  for (const { labels } of entries) for (const label of new Set(labels)) sharing.set(label, (sharing.get(label) ?? 0) + 1);
  return sharing;
}

/**
 * The label by which an entry is hidden: the one that the fewest entries share, so that as little as can be goes with it.
 * @param {Entry} entry
 * @param {ReadonlyMap<string, number>} sharing of all entries
 * @returns {string | null} null: it has no label
 */
export function handleOf(entry, sharing) {
  let handle = null;
  let fewest = Infinity;
  for (const label of entry.labels) {
    const count = sharing.get(label) ?? 0;
    if (count < fewest) [handle, fewest] = [label, count];
  }
  return handle;
}
