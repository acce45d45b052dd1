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
 * @property {string | null} at the frame that the address told
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
 * Give how the list of a view was left last, if it was the last list of all, and the address tells no other place in it.
 * @param {string} version
 * @param {View} view
 * @param {string | null} at the frame that the address tells
 */
export function recall(version, view, at) {
  const visit = last;
  last = null;
  if (visit?.version !== version || (at !== null && at !== visit.at)) return null;
  return JSON.stringify(visit.view) === JSON.stringify(view) ? visit : null;
}
