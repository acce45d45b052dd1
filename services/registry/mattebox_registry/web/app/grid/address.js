/** @import { PreviewState } from "../types.js" */
/** @import { QueryChange } from "../router.js" */
import { TILE } from "./measures.js";

/**
 * What is looked at, and how: all that the address holds.
 * @typedef {object} View
 * @property {"grid" | "table"} view
 * @property {number} tile least width of a tile
 * @property {PreviewState | null} state
 * @property {string | null} context
 * @property {"auto" | "context" | "none"} group
 * @property {string} source empty: the first one of each frame
 */

const STATES = ["pending", "ready", "partial", "failed", "unsupported"];

/**
 * Read a view; what makes no sense is left out.
 * @param {URLSearchParams} query
 * @returns {View}
 */
export function readView(query) {
  const state = query.get("state") ?? "";
  const group = query.get("group");
  const tile = Number(query.get("tile") ?? TILE.usual);
  return {
    view: query.get("view") === "table" ? "table" : "grid",
    tile: tile >= TILE.least && tile <= TILE.most ? Math.round(tile) : TILE.usual,
    state: STATES.includes(state) ? /** @type {PreviewState} */ (state) : null,
    context: query.get("context_id"),
    group: group === "context" || group === "none" ? group : "auto",
    source: query.get("source") ?? "",
  };
}

/**
 * Write a view; what is as usual is left out.
 * @param {View} view
 * @returns {QueryChange}
 */
export function writeView({ view, tile, state, context, group, source }) {
  return {
    view: view === "table" ? view : null,
    tile: tile === TILE.usual ? null : String(tile),
    state,
    context_id: context,
    group: group === "auto" ? null : group,
    source: source || null,
  };
}

/**
 * Tell whether two views show the same list of frames.
 * @param {View} one
 * @param {View} other
 */
export function isSameList(one, other) {
  return one.state === other.state && one.context === other.context;
}
