/** @import { PreviewCounts, PreviewState } from "./types.js" */
import { apiPath, queryText } from "./api.js";

/** How long to wait after the stream was refused. */
const REFUSED_MS = 5000;

/**
 * @typedef {{ frame_id: string, state: PreviewState, key: string }} PreviewChange
 * @typedef {object} Listeners
 * @property {(change: PreviewChange) => void} [onPreview] The default preview of a frame has a new state or key, or an
 *   other preview of it was drawn.
 * @property {(counts: PreviewCounts) => void} [onCounts] The version's counts by state changed.
 */

/**
 * Follow a version until the signal is aborted.
 *
 * While the page is hidden the stream is closed, because a browser has only six connections to a server for all of its
 * tabs; it goes on where it stopped, without a gap.
 * @param {string} version
 * @param {Listeners} listeners
 * @param {AbortSignal} signal
 */
export function followVersion(version, { onPreview, onCounts }, signal) {
  /** @type {EventSource | null} */
  let stream = null;
  /** @type {string | null} */
  let position = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  function open() {
    if (stream || document.hidden || signal.aborted) return;
    stream = new EventSource(apiPath`/versions/${version}/events` + queryText({ last_event_id: position }));
    stream.addEventListener("preview", (event) => {
      position = event.lastEventId || position;
      onPreview?.(JSON.parse(event.data));
    });
    stream.addEventListener("frames", (event) => {
      position = event.lastEventId || position;
      onCounts?.(JSON.parse(event.data));
    });
    stream.addEventListener("error", tryAgain);
  }

  /** The browser connects again by itself where the connection broke, but not where it was refused: signed out, say. */
  function tryAgain() {
    if (stream?.readyState !== EventSource.CLOSED) return;
    close();
    waiting = setTimeout(open, REFUSED_MS);
  }

  function close() {
    clearTimeout(waiting);
    stream?.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()), { signal });
  signal.addEventListener("abort", close, { once: true });
  open();
}
