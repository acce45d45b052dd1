/** What is drawn besides the labels: their borders, pixels that nothing declares, and what lies behind alpha masks. */

/** @import { OpenFrame } from "../viewer/open_frame.js" */
/** @import { Parts } from "./parts.js" */
/** @import { View } from "./view.js" */
import { h } from "../dom.js";
import { watch } from "../store.js";
import { maskIds, reportOf } from "../viewer/open_frame.js";
import { formatShare } from "./legend.js";
import { BACKGROUND, UNMAPPED, appliedMode, shownMasks } from "./view.js";

/** What the slider offers; a link may ask for up to 64. */
const OUTLINE_PX = 8;

/** @param {Parts} parts */
export function extras({ view, open, signal }) {
  const rows = [outlineRow(view), unmappedRow(view), backgroundRow(view)];
  const element = h("section", { class: "panel-part extras", "aria-label": "Drawing" }, rows.map((row) => row.element));
  const show = () => {
    element.hidden = open.get()?.masks.length === 0;
    rows.forEach((row) => row.show(view.get(), open.get()));
  };
  watch(view, show, signal);
  open.subscribe(show, signal);
  return element;
}

/** @param {Parts["view"]} view */
function outlineRow(view) {
  const slider = h("input", {
    type: "range", class: "slider", id: "outline", min: 0, max: OUTLINE_PX,
    on: { input: () => view.update((it) => ({ ...it, outline: Number(slider.value) })) },
  });
  const width = h("output", { class: "mask-percent number", for: "outline" });
  return {
    element: h("div", { class: "extra" }, h("label", { for: "outline" }, "Outline"), slider, width),
    /** @param {View} now */
    show({ outline }) {
      slider.value = String(outline);
      slider.style.setProperty("--filled", `${(Math.min(outline, OUTLINE_PX) / OUTLINE_PX) * 100}%`);
      width.value = outline === 0 ? "off" : `${outline} px`;
    },
  };
}

/** @param {Parts["view"]} view */
function unmappedRow(view) {
  const box = h("input", {
    type: "checkbox", class: "check", id: "unmapped",
    on: { change: () => view.update((it) => ({ ...it, unmapped: box.checked ? color.value : null })) },
  });
  const color = h("input", {
    type: "color", class: "color-well", value: UNMAPPED, "aria-label": "Colour of unmapped pixels",
    on: { input: () => view.update((it) => ({ ...it, unmapped: color.value })) },
  });
  const share = h("span", { class: "mask-percent number" });
  return {
    element: h("div", { class: "extra" }, box, h("label", { for: "unmapped" }, "Light up unmapped pixels"), share, color),
    /**
     * @param {View} now
     * @param {OpenFrame | null} frame
     */
    show(now, frame) {
      box.checked = now.unmapped !== null;
      color.value = now.unmapped ?? color.value;
      // Reports are of the default preview: of a mask that it applies as alpha nothing was counted.
      const reports = shownIds(now, frame).map((id) => frame && reportOf(frame, id)).filter((report) => report?.["mode"] === "segmentation");
      const shares = reports.map((report) => Number(report?.["unmapped"]?.share)).filter(Number.isFinite);
      share.textContent = shares.length > 0 ? formatShare(Math.max(...shares)) : "";
    },
  };
}

/** @param {Parts["view"]} view */
function backgroundRow(view) {
  const color = h("input", {
    type: "color", class: "color-well", value: BACKGROUND, "aria-label": "Colour behind alpha masks",
    on: { input: () => view.update((it) => ({ ...it, background: color.value })) },
  });
  const box = h("input", {
    type: "checkbox", class: "check", id: "transparent",
    on: { change: () => view.update((it) => ({ ...it, background: box.checked ? null : color.value })) },
  });
  const element = h(
    "div",
    { class: "extra" },
    h("span", { class: "extra-name" }, "Behind alpha masks"),
    box,
    h("label", { for: "transparent" }, "nothing"),
    color,
  );
  return {
    element,
    /**
     * @param {View} now
     * @param {OpenFrame | null} frame
     */
    show(now, frame) {
      element.hidden = !shownIds(now, frame).some((id) => appliedMode(now, id, frame?.kinds.get(id)) === "alpha");
      box.checked = now.background === null;
      color.disabled = now.background === null;
      color.value = now.background ?? color.value;
    },
  };
}

/**
 * @param {View} view
 * @param {OpenFrame | null} frame
 */
function shownIds(view, frame) {
  return frame === null ? [] : shownMasks(view, maskIds(frame));
}
