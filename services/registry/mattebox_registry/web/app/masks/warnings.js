/** The warnings of the mask reports, in the panel. */

/** @import { Parts } from "./parts.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watchPart } from "../store.js";
import { adviceOf } from "./advice.js";

/** @param {Parts} parts */
export function warnings({ open, signal }) {
  const list = h("ul", { class: "advice" });
  const element = h("section", { class: "panel-part", "aria-label": "Warnings" }, h("h2", { class: "panel-title" }, "Warnings"), list);
  watchPart(
    open,
    (it) => it?.status ?? null,
    (status) => {
      const found = adviceOf(status?.report?.["masks"] ?? []);
      element.hidden = found.length === 0;
      fill(
        list,
        found.map(({ mask, gravity, text, deed }) =>
          h(
            "li",
            { class: ["advice-item", `is-${gravity}`] },
            icon("warning"),
            h("div", null, h("strong", null, mask), h("p", null, text), deed && h("p", { class: "advice-deed" }, deed)),
          ),
        ),
      );
    },
    signal,
  );
  return element;
}
