/** @import { VersionTab } from "../pages/version.js" */
/** @import { FrameList } from "./frame_list.js" */
/** @import { Thumbnails } from "./thumbnails.js" */

/** Reasons are asked for together, so long after the first event. */
const TOGETHER_MS = 150;

/** Without an event for so long, pending frames in sight are asked about: a proxy may hold the stream back. */
const SILENT_MS = 5_000;

const MAX_ASKED = 1_000;

/**
 * Keep what is shown as it is on the server, by the version's events, and by asking where none come.
 * @param {VersionTab} tab
 * @param {{ list: () => FrameList | null, drawn: () => number[], thumbnails: Thumbnails }} parts `drawn`: the positions
 *   that are in sight or nearly so
 * @returns {(positions: number[]) => void} to be called with frames that were just loaded
 */
export function followFrames(tab, { list, drawn, thumbnails }) {
  const { id } = tab.version.get();
  /** @type {Set<string>} */
  const unsure = new Set();
  let heardAt = performance.now();
  let asking = 0;

  async function ask() {
    asking = 0;
    const ids = [...unsure].slice(0, MAX_ASKED);
    for (const frame of ids) unsure.delete(frame);
    if (unsure.size) askSoon();
    const previews = ids.length ? await tab.api.previewStatuses(id, ids, tab.signal).catch(() => ({})) : {};
    if (tab.signal.aborted) return;
    for (const [frame, preview] of Object.entries(previews)) list()?.patch(frame, preview);
    thumbnails.retry();
  }

  function askSoon() {
    asking ||= setTimeout(ask, TOGETHER_MS);
  }

  /** @param {number[]} positions */
  function doubt(positions) {
    for (const position of positions) {
      const frame = list()?.get(position);
      if (frame?.state === "pending") unsure.add(frame.id);
    }
    if (unsure.size) askSoon();
  }

  tab.follow(({ frame_id, state, key }) => {
    heardAt = performance.now();
    const frames = list();
    const position = frames?.positionOf(frame_id);
    if (!frames || position === undefined) return;
    // An event with another key may be of another preview than the default one, and none tells a reason.
    if (state === "ready" && frames.get(position)?.key === key) frames.patch(frame_id, { state, key });
    else unsure.add(frame_id);
    askSoon();
  }, tab.signal);

  const watch = setInterval(async () => {
    if (document.hidden || performance.now() - heardAt < SILENT_MS) return;
    doubt(drawn());
    if (!unsure.size) return;
    const counts = await tab.api.previewCounts(id, tab.signal).catch(() => null);
    if (counts) tab.counts.set(counts);
  }, SILENT_MS);

  tab.signal.addEventListener("abort", () => {
    clearInterval(watch);
    clearTimeout(asking);
  }, { once: true });

  return (positions) => {
    // What happened while they were on their way was told to nobody.
    if (performance.now() - heardAt < SILENT_MS) doubt(positions);
  };
}
