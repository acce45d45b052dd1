/** @import { PreviewState } from "../types.js" */
/** @import { FrameBrief } from "./frames.js" */

/** @type {Record<PreviewState, { title: string, icon: string }>} */
export const STATES = {
  pending: { title: "Queued", icon: "clock" },
  ready: { title: "Ready", icon: "check" },
  partial: { title: "Partial", icon: "warning" },
  failed: { title: "Failed", icon: "warning" },
  unsupported: { title: "Unsupported", icon: "eye-off" },
};

/**
 * Say why a frame's preview is not all there, in a sentence; nothing where it is.
 * @param {FrameBrief} frame
 */
export function reasonOf({ state, error }) {
  if (state === "partial") return error?.mask ? `Without mask ${error.mask}: ${error.detail}` : error?.detail ?? "";
  if (state === "failed" || state === "unsupported") return error?.detail ?? "The preview could not be drawn.";
  return "";
}

/**
 * Name a frame for who does not see its tile.
 * @param {FrameBrief} frame
 */
export function nameOf(frame) {
  const parts = [`Frame ${frame.id}`];
  if (frame.context) parts.push(`context ${frame.context}`);
  if (frame.sources.length > 1) parts.push(`${frame.sources.length} sources`);
  if (frame.state !== "ready") parts.push(STATES[frame.state].title.toLowerCase());
  return parts.join(", ") + (reasonOf(frame) ? `. ${reasonOf(frame)}` : "");
}

/**
 * Write a timestamp in milliseconds as people write times: `1:02.500`.
 * @param {number} ms
 */
export function timeText(ms) {
  if (ms < 0 || ms > 359_999_999) return String(ms);
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = ((ms % 60_000) / 1000).toFixed(3).padStart(6, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/**
 * Write a word for a shell.
 * @param {string} word
 */
export function quoted(word) {
  return /^[\w./:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
