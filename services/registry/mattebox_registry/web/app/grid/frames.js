/** @import { Frame, PreviewProblem, PreviewState } from "../types.js" */

/**
 * What a tile shows of a frame. Documents can be large, and a list keeps thousands.
 * @typedef {object} FrameBrief
 * @property {string} id
 * @property {string} context
 * @property {number | null} timestamp
 * @property {SourceBrief[]} sources
 * @property {PreviewState} state
 * @property {string} key
 * @property {PreviewProblem | null} error
 *
 * @typedef {{ id: string, masks: number, width: number, height: number, type: string }} SourceBrief
 */

/**
 * @param {Frame} frame
 * @returns {FrameBrief}
 */
export function briefOf(frame) {
  const { state, key, error } = frame.preview;
  return {
    id: frame.id,
    context: frame.context_id ?? "",
    timestamp: frame.timestamp ?? null,
    sources: frame.sources.map(sourceOf),
    state,
    key,
    error: error ?? null,
  };
}

/**
 * @param {import("../types.js").Source} source
 * @param {number} index
 * @returns {SourceBrief}
 */
function sourceOf({ id, masks, width, height, content_type }, index) {
  return {
    id: id ?? String(index).padStart(2, "0"),
    masks: masks?.length ?? 0,
    width: width ?? 0,
    height: height ?? 0,
    type: content_type ?? "",
  };
}
