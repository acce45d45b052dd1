/** @import { FrameBrief } from "./frames.js" */
/** @import { Thumbnails } from "./thumbnails.js" */

/**
 * What all items of a list share.
 * @typedef {object} GridContext
 * @property {string} version
 * @property {Thumbnails} thumbnails
 * @property {string} source id of the source that is shown where a frame has it; the first one where empty
 * @property {Map<string, string>} chosen source by frame, where another one was chosen for the frame alone
 * @property {boolean} mayRetry
 * @property {(frame: FrameBrief) => Promise<void>} retry
 *
 * @typedef {object} Item One frame in a list, as a tile or a row.
 * @property {HTMLElement} element
 * @property {HTMLElement} focusable
 * @property {(frame: FrameBrief | undefined, position: number, count: number) => void} show Shows a frame, undefined
 *   while it is loading, that stands at a position in a list of so many.
 * @property {(isActive: boolean) => void} setActive Whether Tab leads to it: to one of a list.
 * @property {() => void} release Stops what is under way.
 */

/**
 * Give the source that is shown of a frame: the one chosen for it, else the one chosen for the list.
 * @param {FrameBrief} frame
 * @param {GridContext} context
 * @returns {string} an id, empty for the first source
 */
export function sourceShown(frame, { source, chosen }) {
  const wanted = chosen.get(frame.id) ?? source;
  const index = frame.sources.findIndex(({ id }) => id === wanted);
  return index > 0 ? wanted : "";
}
