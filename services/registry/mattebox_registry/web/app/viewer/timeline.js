/** The frames of the context on a time scale, and buttons to step. */

/** @import { Sequence } from "./sequence.js" */
import { wholeNumber } from "../components/numbers.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watch } from "../store.js";
import { formatMark, formatTime } from "./time.js";

const MOST_LABELS = 5;

/**
 * @param {Sequence} sequence
 * @param {AbortSignal} signal
 */
export function timeline(sequence, signal) {
  const slider = h("input", {
    type: "range", class: "slider timeline-slider", min: 0, step: 1, "aria-label": "Frame of the context",
    on: {
      input: () => say(Number(slider.value)),
      change: () => sequence.step(Number(slider.value) + sequence.context().from - sequence.store.get().position),
    },
  });
  const scale = h("ol", { class: "timeline-scale number", "aria-hidden": "true" });
  const now = h("output", { class: "timeline-now number" });
  const [back10, back, on, on10] = /** @type {const} */ ([-10, -1, 1, 10]).map((by) => stepButton(by, sequence));
  const element = h(
    "nav",
    { class: "timeline", "aria-label": "Frames" },
    h("div", { class: "timeline-steps" }, back10, back, now, on, on10),
    h("div", { class: "timeline-track" }, slider, scale),
  );

  watch(
    sequence.store,
    ({ frames, position }) => {
      const { from, to } = sequence.context();
      slider.max = String(to - from);
      slider.value = String(position - from);
      slider.disabled = to === from;
      for (const button of [back10, back]) if (button) button.disabled = position === 0;
      for (const button of [on, on10]) if (button) button.disabled = position >= frames.length - 1;
      const last = to - from;
      const marks = labelPositions(last);
      const apart = Math.abs(msAt(from + (marks[1] ?? 0)) - msAt(from));
      fill(scale, marks.map((at) => h("li", { class: [at > 0 && at === last && "is-end"], style: { "--at": String(at / Math.max(1, last)) } }, hasTimes() ? formatMark(msAt(from + at), apart, at === 0) : "")));
      say(position - from);
    },
    signal,
  );
  return element;

  /** @param {number} at of the context */
  function say(at) {
    const { from, to } = sequence.context();
    slider.style.setProperty("--filled", `${(at / Math.max(1, to - from)) * 100}%`);
    // Of a very long context only a stretch is known: to count in it would be to count from anywhere.
    const known = sequence.count();
    const [number, total] = known ? [known.first + at + 1, known.total].map(wholeNumber) : [];
    const time = timeAt(from + at);
    now.value = known ? `${number} / ${total}` : "…";
    slider.setAttribute("aria-valuetext", [known && `Frame ${number} of ${total}`, time].filter(Boolean).join(", "));
    slider.title = time;
  }

  /** @param {number} position */
  function timeAt(position) {
    return hasTimes() ? formatTime(msAt(position)) : "";
  }

  /** @param {number} position */
  function msAt(position) {
    return sequence.store.get().frames[position]?.timestamp ?? 0;
  }

  /** Without timestamps all of them are 0. */
  function hasTimes() {
    const { from, to } = sequence.context();
    return msAt(from) !== msAt(to);
  }
}

/**
 * @param {-10 | -1 | 1 | 10} by
 * @param {Sequence} sequence
 */
function stepButton(by, sequence) {
  const names = { "-10": "10 frames back", "-1": "Previous frame", 1: "Next frame", 10: "10 frames on" };
  const icons = { "-10": "chevrons-left", "-1": "chevron-left", 1: "chevron-right", 10: "chevrons-right" };
  return h(
    "button",
    { type: "button", class: "icon-button", title: names[by], "aria-label": names[by], on: { click: () => sequence.step(by) } },
    icon(icons[by]),
  );
}

/**
 * Positions that get a label, evenly apart as on any scale.
 * @param {number} last
 */
function labelPositions(last) {
  const step = Math.max(1, Math.ceil(last / (MOST_LABELS - 1)));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}
