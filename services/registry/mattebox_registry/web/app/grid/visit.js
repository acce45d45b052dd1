/** @import { View } from "./address.js" */
/** @import { Contexts } from "./contexts.js" */
/** @import { FrameList } from "./frame_list.js" */

/**
 * How a list was left, so that Back from a frame leads to the same place at once.
 * @typedef {object} Visit
 * @property {string} version
 * @property {View} view
 * @property {FrameList} list
 * @property {Contexts} contexts
 * @property {number} ratio
 * @property {{ position: number, offset: number } | null} anchor
 * @property {number} active
 */

/** @type {Visit | null} */
let last = null;

/**
 * Remember how a list is left; the one before is forgotten.
 * @param {Visit} visit
 */
export function remember(visit) {
  last = visit;
}

/**
 * Give how the list of a view was left last, if it was the last list of all.
 * @param {string} version
 * @param {View} view
 */
export function recall(version, view) {
  const visit = last;
  last = null;
  return visit?.version === version && JSON.stringify(visit.view) === JSON.stringify(view) ? visit : null;
}
