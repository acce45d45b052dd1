/** Pixels of each entry, counted in an index map: where no report of the renderer tells them. */

/** @import { LabelMap } from "./entries.js" */
/** @import { Counted } from "./legend.js" */

/**
 * @param {LabelMap} map
 * @returns {Counted[]}
 */
export function countPixels({ pixels, entries }) {
  const counts = new Uint32Array(0x10000);
  for (const index of pixels) counts[index] = (counts[index] ?? 0) + 1;
  return entries.map(({ index, value }) => {
    const found = counts[index] ?? 0;
    return { value, pixels: found, share: found / pixels.length };
  });
}
