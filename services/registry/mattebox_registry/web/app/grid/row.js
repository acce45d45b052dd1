/** @import { FrameBrief } from "./frames.js" */
/** @import { GridContext, Item } from "./item.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { sourceShown } from "./item.js";
import { Picture } from "./picture.js";
import { retryButton } from "./retry.js";
import { nameOf, reasonOf, STATES, timeText } from "./words.js";

export const COLUMNS = ["Preview", "Frame", "Context", "Time", "Sources", "Masks", "State"];

/**
 * A frame as a row of a table.
 * @param {GridContext} context
 * @returns {Item}
 */
export function createRow(context) {
  const picture = new Picture(context);
  const link = h("a", { class: "row-link", tabindex: "-1" });
  const cells = COLUMNS.map((column) => h("div", { role: "cell", class: `row-cell row-${column.toLowerCase()}` }));
  const [shot, name, group, time, sources, masks, state] = /** @type {HTMLElement[] & { length: 7 }} */ (cells);
  shot?.append(picture.element);
  name?.append(link);
  const element = h("div", { class: "row", role: "row" }, cells);
  /** @type {FrameBrief | undefined} */
  let shown;
  let isActive = false;

  /** @param {FrameBrief} frame */
  function describe(frame) {
    link.href = path`/versions/${context.version}/frames/${frame.id}`;
    fill(/** @type {HTMLElement} */ (group), frame.context);
    fill(/** @type {HTMLElement} */ (time), frame.timestamp === null ? "" : timeText(frame.timestamp));
    fill(/** @type {HTMLElement} */ (sources), frame.sources.map(({ id }) => id).join(", "));
    fill(/** @type {HTMLElement} */ (masks), String(frame.sources.reduce((sum, source) => sum + source.masks, 0)));
    fill(
      /** @type {HTMLElement} */ (state),
      h("span", { class: "row-badge", data: { state: frame.state } }, icon(STATES[frame.state].icon), STATES[frame.state].title),
      h("span", { class: "row-reason", title: reasonOf(frame) }, reasonOf(frame)),
      frame.state === "failed" && context.mayRetry && retryButton(context, frame, isActive),
    );
  }

  return {
    element,
    focusable: link,
    show(frame, position) {
      element.setAttribute("aria-rowindex", String(position + 2));
      if (frame === shown && frame) return;
      shown = frame;
      element.dataset.state = frame?.state ?? "loading";
      link.textContent = frame?.id ?? "";
      link.setAttribute("aria-label", frame ? nameOf(frame) : "Loading");
      if (frame) describe(frame);
      else {
        link.removeAttribute("href");
        for (const cell of [group, time, sources, masks, state]) fill(/** @type {HTMLElement} */ (cell));
      }
      picture.show(frame, frame ? sourceShown(frame, context) : "");
    },
    setActive(wanted) {
      if (wanted === isActive) return;
      isActive = wanted;
      for (const target of [link, ...element.querySelectorAll("button")]) target.setAttribute("tabindex", wanted ? "0" : "-1");
    },
    release: () => picture.release(),
  };
}
