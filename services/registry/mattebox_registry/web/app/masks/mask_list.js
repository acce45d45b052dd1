/** The masks of the source, and show all / hide all. */

/** @import { Parts } from "./parts.js" */
import { fill, h } from "../dom.js";
import { watchPart } from "../store.js";
import { maskRow } from "./mask_row.js";

/** @param {Parts} parts */
export function maskList(parts) {
  const { view, open, signal } = parts;
  const list = h("ul", { class: "mask-rows" });
  const all = h("button", { type: "button", class: "text-button", on: { click: () => setAll(null) } }, "Show all");
  const none = h("button", { type: "button", class: "text-button", on: { click: () => setAll([]) } }, "Hide all");
  const head = h("div", { class: "panel-head" }, h("h2", { class: "panel-title" }, "Masks"), all, none);
  let rows = new AbortController();

  watchPart(
    open,
    // Rows of the same masks stay, and with them what has the focus.
    (it) => it && JSON.stringify(it.masks.map(({ id }) => id)),
    () => {
      rows.abort();
      rows = new AbortController();
      const own = { ...parts, signal: AbortSignal.any([signal, rows.signal]) };
      const masks = open.get()?.masks ?? [];
      fill(list, masks.map(({ id }) => maskRow(id, own)));
      all.hidden = none.hidden = masks.length === 0;
      if (open.get() !== null && masks.length === 0) {
        fill(list, h("li", { class: "panel-note" }, "This source has no masks. Register the frame again with masks to see them here."));
      }
    },
    signal,
  );
  return h("section", { class: "panel-part", "aria-label": "Masks" }, head, list);

  /** @param {string[] | null} masks */
  function setAll(masks) {
    view.update((it) => ({ ...it, masks }));
  }
}
