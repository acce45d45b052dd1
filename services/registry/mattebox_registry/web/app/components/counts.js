/** @import { PreviewCounts, PreviewState } from "../types.js" */
import { fill, h } from "../dom.js";
import { STATE_WORDS } from "./badge.js";
import { wholeNumber } from "./numbers.js";

const STATES = /** @type {PreviewState[]} */ (Object.keys(STATE_WORDS));

/** Ready first: the bar fills from the left while frames are drawn. */
const BAR_ORDER = /** @type {PreviewState[]} */ (["ready", "partial", "failed", "unsupported", "pending"]);

/**
 * Count all frames.
 * @param {PreviewCounts} counts
 */
export function totalOf(counts) {
  return STATES.reduce((sum, state) => sum + counts[state], 0);
}

/**
 * Spell the counts that are not zero: `58 ready, 2 pending`.
 * @param {PreviewCounts} counts
 */
export function countsText(counts) {
  const parts = BAR_ORDER.filter((state) => counts[state]).map((state) => `${wholeNumber(counts[state])} ${STATE_WORDS[state]}`);
  return parts.join(", ") || "no frames";
}

/**
 * Show frames by state as one bar; it is an image to a screen reader, named by the counts.
 * @param {PreviewCounts} counts
 */
export function countsBar(counts) {
  const bar = h("div", { class: "counts-bar", role: "img" });
  updateCountsBar(bar, counts);
  return bar;
}

/**
 * Show other counts in a bar.
 * @param {HTMLElement} bar
 * @param {PreviewCounts} counts
 */
export function updateCountsBar(bar, counts) {
  bar.setAttribute("aria-label", countsText(counts));
  bar.title = countsText(counts);
  const shown = BAR_ORDER.filter((state) => counts[state]);
  fill(bar, shown.map((state) => h("span", { data: { state }, style: { "flex-grow": String(counts[state]) } })));
}

/**
 * Show the counts in words, each state with its colour.
 * @param {PreviewCounts} counts
 */
export function countsLegend(counts) {
  const shown = BAR_ORDER.filter((state) => counts[state]);
  return h(
    "ul",
    { class: "counts-legend" },
    shown.map((state) =>
      h(
        "li",
        { class: "state", data: { state } },
        h("span", { class: "state-dot" }),
        h("span", { class: "number" }, wholeNumber(counts[state])),
        ` ${STATE_WORDS[state]}`,
      ),
    ),
  );
}
