/** The statistics of a version, kept up to date while somebody looks at them. */

/** @import { VersionTab } from "../pages/version.js" */
/** @import { Store } from "../store.js" */
/** @import { VersionStatistics } from "../types.js" */
import { fill, h } from "../dom.js";
import { counted, wholeNumber } from "../components/numbers.js";
import { createStore, watch } from "../store.js";

const COUNTING_MS = 1000;
const CHANGED_MS = 2000;

/**
 * @param {VersionTab} tab
 * @param {AbortSignal} signal
 * @returns {{ store: Store<VersionStatistics | null>, first: Promise<void> }} null: not known yet; `first` ends with the
 *   first answer, whatever it is
 */
export function followStatistics({ api, version, follow }, signal) {
  const store = createStore(/** @type {VersionStatistics | null} */ (null));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let due;

  async function ask() {
    due = undefined;
    // What cannot be counted now is asked for again when something changes; the labels are of use without it.
    const found = await api.statistics(version.get().id, signal).catch(() => null);
    if (signal.aborted || found === null) return;
    store.set(found);
    if (!found.current) later(COUNTING_MS);
  }

  /** @param {number} ms */
  function later(ms) {
    due ??= setTimeout(() => void ask(), ms);
  }

  follow(() => later(CHANGED_MS), signal);
  signal.addEventListener("abort", () => clearTimeout(due), { once: true });
  return { store, first: ask() };
}

/**
 * Say how much is counted.
 * @param {Store<VersionStatistics | null>} statistics
 * @param {AbortSignal} signal
 */
export function countingNote(statistics, signal) {
  const words = h("span");
  const bar = h("progress", { class: "counting-bar", max: 1, "aria-label": "Frames counted" });
  const element = h("p", { class: "counting", role: "status" }, bar, words);
  watch(statistics, (known) => {
    element.hidden = known === null || known.frame_count === 0;
    if (known === null) return;
    bar.hidden = known.complete;
    bar.value = known.walked / Math.max(1, known.frame_count);
    fill(words, wordsOf(known));
  }, signal);
  return element;
}

/** @param {VersionStatistics} statistics */
function wordsOf({ frame_count: frames, walked, counted: drawn, complete, current, masks }) {
  if (!complete) return `Counting pixels: ${wholeNumber(walked)} of ${counted(frames, "frame")} so far.`;
  const parts = [`Pixels of ${wholeNumber(drawn)} of ${counted(frames, "frame")} counted.`];
  if (drawn < frames) parts.push("The others are not drawn yet, or could not be.");
  if (!current) parts.push("Something has changed since: counting again.");
  const alpha = masks.filter(({ encodings, frames: read }) => read && !encodings.length).map(({ mask }) => mask);
  if (alpha.length) parts.push(`Applied as alpha, which has no labels: ${alpha.slice(0, 5).join(", ")}${alpha.length > 5 ? " and others" : ""}.`);
  return parts.join(" ");
}
