/** @import { Heading } from "./layout.js" */
import { counted } from "../components/numbers.js";
import { h } from "../dom.js";
import { nameOf } from "./choices.js";
import { COLUMNS } from "./row.js";

/**
 * The heading of a group of frames.
 * @param {Heading} heading
 * @param {(context: string) => void} choose shows this context alone
 */
export function headingOf({ id, count }, choose) {
  return h(
    "div",
    { class: "group-head" },
    h(
      "button",
      { type: "button", class: "group-name", tabindex: "-1", title: "Show only this context", on: { click: () => choose(id) } },
      nameOf(id),
    ),
    h("span", { class: "group-count number" }, counted(count, "frame")),
  );
}

/** What stands above the rows of a table. */
export function tableHead() {
  const cells = COLUMNS.map((column) =>
    h("div", { role: "columnheader", class: `row-cell row-${column.toLowerCase()}` }, column),
  );
  return h("div", { class: "table-head", role: "row", "aria-rowindex": "1" }, cells);
}
