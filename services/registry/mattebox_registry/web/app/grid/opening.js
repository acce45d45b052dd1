/** @import { PreviewCounts } from "../types.js" */
/** @import { VersionTab } from "../pages/version.js" */
/** @import { View } from "./address.js" */
/** @import { Contexts } from "./contexts.js" */
import { totalOf } from "../components/counts.js";
import { countOf, loadContexts } from "./contexts.js";
import { FrameList, PAGE_FRAMES } from "./frame_list.js";
import { commonRatio } from "./measures.js";

/** @typedef {{ list: FrameList, contexts: Contexts, ratio: number, position: number }} Opened */

/**
 * Open the list of a view at a frame or a position, with what is in sight there loaded.
 * @param {VersionTab} tab
 * @param {View} view
 * @param {string | number | null} start
 * @param {AbortSignal} signal
 * @returns {Promise<Opened>}
 */
export async function openList(tab, view, start, signal) {
  const { id } = tab.version.get();
  const narrowed = narrowing(view);
  const list = new FrameList(
    {
      page: (cursor, until) => tab.api.frames(id, { limit: PAGE_FRAMES, cursor, ...narrowed }, until),
      marks: (cursor, until) => tab.api.frameMarks(id, { every: PAGE_FRAMES, limit: 1000, cursor, ...narrowed }, until),
    },
    countNow(view, tab.counts.get()) ?? Infinity,
    tab.signal,
  );
  const [contexts, position] = await Promise.all([
    loadContexts(tab.api, id, view.state, signal),
    loadFrom(list, typeof start === "string" ? rankOf(tab, view, start, signal) : start),
  ]);
  list.count = await countFrames(tab, view, contexts, signal);
  const page = Math.floor(position / PAGE_FRAMES) * PAGE_FRAMES;
  const shown = Array.from({ length: 24 }, (_, offset) => list.get(page + offset) ?? []).flat();
  return { list, contexts, ratio: commonRatio(shown), position: Math.max(0, Math.min(position, list.count - 1)) };
}

/**
 * @param {FrameList} list
 * @param {number | null | Promise<number | null>} place
 */
async function loadFrom(list, place) {
  const position = Math.max(0, Math.min((await place) ?? 0, list.count - 1));
  await list.load(position);
  return position;
}

/**
 * Find where a frame stands in the list of a view; null where there is no such frame.
 * @param {VersionTab} tab
 * @param {View} view
 * @param {string} frame
 * @param {AbortSignal} signal
 */
export async function rankOf(tab, view, frame, signal) {
  const { id } = tab.version.get();
  // Not to be there is no fault of a text that may be a context too: the batch answers it without an error.
  const known = await tab.api.previewStatuses(id, [frame], signal);
  return Object.hasOwn(known, frame) ? tab.api.frameRank(id, frame, narrowing(view), signal) : null;
}

/**
 * Count the frames of a view by the version's counts, where they tell; null where they do not.
 * @param {View} view
 * @param {PreviewCounts} counts
 */
export function countNow({ state, context }, counts) {
  if (context !== null) return null;
  return state ? counts[state] : totalOf(counts);
}

/**
 * @param {VersionTab} tab
 * @param {View} view
 * @param {Contexts} contexts
 * @param {AbortSignal} signal
 */
async function countFrames(tab, view, contexts, signal) {
  if (view.context === null) {
    return contexts.isComplete ? countOf(contexts.groups) : countNow(view, tab.counts.get()) ?? 0;
  }
  const known = contexts.groups.find(({ id }) => id === view.context);
  if (known || contexts.isComplete) return known?.frame_count ?? 0;
  const every = 10_000;
  const { marks, rest } = await tab.api.frameMarks(tab.version.get().id, { every, limit: 1000, ...narrowing(view) }, signal);
  return marks.length * every + (rest ?? 0);
}

/** @param {View} view */
function narrowing({ state, context }) {
  return { state, context_id: context };
}
