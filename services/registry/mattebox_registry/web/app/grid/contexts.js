/** @import { Api } from "../api.js" */
/** @import { PreviewState } from "../types.js" */
/** @import { Group } from "./layout.js" */

const PAGE_CONTEXTS = 1000;

/** More groups than these are no help to anybody. */
const MAX_CONTEXTS = 5000;

/** A group is worth a heading from so many frames on, on the average. */
const FRAMES_OF_A_GROUP = 4;

/** @typedef {{ groups: Group[], isComplete: boolean, next: string | null }} Contexts `next` is the cursor of those that follow */

/**
 * Load the contexts of a version with how many frames they have: all, or the first thousands.
 * @param {Api} api
 * @param {string} version
 * @param {PreviewState | null} state counts only frames in this state
 * @param {AbortSignal} signal
 * @returns {Promise<Contexts>}
 */
export async function loadContexts(api, version, state, signal) {
  /** @type {Group[]} */
  const groups = [];
  let cursor = null;
  do {
    const page = await api.contexts(version, { limit: PAGE_CONTEXTS, cursor, state }, signal);
    groups.push(...page.contexts);
    cursor = page.next_cursor;
  } while (cursor && groups.length < MAX_CONTEXTS && isWorthGrouping(groups));
  return { groups, isComplete: cursor === null, next: cursor };
}

/**
 * Load the contexts that follow those that are known.
 * @param {Api} api
 * @param {string} version
 * @param {PreviewState | null} state
 * @param {Contexts} known
 * @param {AbortSignal} signal
 * @returns {Promise<Contexts>}
 */
export async function loadMoreContexts(api, version, state, { groups, next: cursor }, signal) {
  const page = await api.contexts(version, { limit: PAGE_CONTEXTS, cursor, state }, signal);
  return { groups: [...groups, ...page.contexts], isComplete: page.next_cursor === null, next: page.next_cursor };
}

/**
 * Tell whether contexts make groups that are worth a heading.
 * @param {Group[]} groups
 */
export function isWorthGrouping(groups) {
  return groups.length > 1 && countOf(groups) >= FRAMES_OF_A_GROUP * groups.length;
}

/**
 * Count the frames of groups.
 * @param {Group[]} groups
 */
export function countOf(groups) {
  return groups.reduce((sum, group) => sum + group.frame_count, 0);
}
