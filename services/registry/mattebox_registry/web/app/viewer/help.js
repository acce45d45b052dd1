/** @import { KeyGroup } from "./keys.js" */
import { openDialog } from "../components/dialog.js";
import { h } from "../dom.js";

/**
 * Open the sheet that lists all keys.
 * @param {readonly KeyGroup[]} groups
 */
export function openHelp(groups) {
  const content = h(
    "div",
    { class: "keys" },
    groups.map(({ title, keys }) =>
      h(
        "section",
        null,
        h("h3", null, title),
        h(
          "dl",
          { class: "key-list" },
          keys.filter(({ shown }) => shown !== "").flatMap(({ shown, does }) => [
            h("dt", null, shown.split(" ").map((part) => (/^(or|then)$/.test(part) ? ` ${part} ` : h("kbd", { class: "key" }, part)))),
            h("dd", null, does),
          ]),
        ),
      ),
    ),
    h("p", { class: "panel-note" }, "Wheel or pinch zooms to the pointer, dragging moves the picture, a double click switches between 1:1 and the whole picture."),
  );
  return openDialog({ title: "Keys", content, class: "dialog-wide" });
}
