/** The masks of the source, and show all / hide all. */

/** @import { Parts } from "./parts.js" */
import { arrange, fill, h } from "../dom.js";
import { watchPart } from "../store.js";
import { maskRow } from "./mask_row.js";

/** @param {Parts} parts */
export function maskList(parts) {
  const { view, open, signal } = parts;
  const list = h("ul", { class: "mask-rows" });
  const all = h("button", { type: "button", class: "text-button", on: { click: () => setAll(null) } }, "Show all");
  const none = h("button", { type: "button", class: "text-button", on: { click: () => setAll([]) } }, "Hide all");
  const head = h("div", { class: "panel-head" }, h("h2", { class: "panel-title" }, "Masks"), all, none);
  /** @type {Map<string, { element: HTMLElement, end: AbortController }>} by mask, kept so that what has the focus stays */
  const rows = new Map();

  watchPart(
    open,
    (it) => it && JSON.stringify(it.masks.map(({ id }) => id)),
    () => {
      const masks = open.get()?.masks ?? [];
      forget(new Set(masks.map(({ id }) => id)));
      all.hidden = none.hidden = masks.length === 0;
      if (open.get() !== null && masks.length === 0) {
        fill(list, h("li", { class: "panel-note" }, "This source has no masks. Register the frame again with masks to see them here."));
      } else {
        arrange(list, masks.map(({ id }) => rowOf(id)));
      }
    },
    signal,
  );
  return h("section", { class: "panel-part", "aria-label": "Masks" }, head, list);

  /** @param {string} id */
  function rowOf(id) {
    const known = rows.get(id);
    if (known !== undefined) return known.element;
    const end = new AbortController();
    const element = maskRow(id, { ...parts, signal: AbortSignal.any([signal, end.signal]) });
    rows.set(id, { element, end });
    return element;
  }

  /** @param {ReadonlySet<string>} wanted */
  function forget(wanted) {
    for (const [id, { end }] of rows) {
      if (wanted.has(id)) continue;
      end.abort();
      rows.delete(id);
    }
  }

  /** @param {string[] | null} masks */
  function setAll(masks) {
    view.update((it) => ({ ...it, masks }));
  }
}
