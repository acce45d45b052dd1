/** @import { VersionStatistics } from "../types.js" */
import { fill, h } from "../dom.js";
import { formatShare } from "../masks/legend.js";
import { counted, shortNumber, wholeNumber } from "../components/numbers.js";

/** Rows that are built. */
const MOST = 200;

/**
 * The labels that frames bring for their own masks, as panoptic sets do: they are counted too, but not edited here.
 */
export function ownSection() {
  const body = h("tbody");
  const count = h("span", { class: "hint" });
  const names = ["Labels", "Mask", "Pixels", "Frames"];
  const element = h(
    "section",
    { class: "card label-list", "aria-label": "Labels that frames bring", hidden: true },
    h("header", { class: "label-list-head" }, h("h2", null, "Labels that frames bring"), count),
    h("p", { class: "hint" }, "Frames of this version name the values of their masks themselves. They are asked before the lists of the version, and change with the frame."),
    h("table", { class: "label-table own-table" }, h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col" }, name)))), body),
  );
  return {
    element,
    /** @param {VersionStatistics | null} statistics */
    show(statistics) {
      const found = (statistics?.masks ?? []).flatMap(({ mask, labels }) => labels.filter(isOwn).map((label) => ({ mask, ...label })));
      found.sort((one, other) => other.pixels - one.pixels);
      element.hidden = found.length === 0;
      fill(count, counted(found.length, "label"));
      fill(body, found.slice(0, MOST).map(({ mask, labels, pixels, share, frames }) =>
        h(
          "tr",
          { class: "label-row" },
          h("td", { class: "label-names" }, labels.join(", ")),
          h("td", { class: "unmapped-mask", title: mask }, h("code", null, mask)),
          h("td", { class: "label-pixels number", title: `${wholeNumber(pixels)} pixels` }, h("span", { class: "share-bar", style: { "--share": String(share) } }), h("span", { class: "pixel-share" }, formatShare(share)), h("span", { class: "label-count" }, shortNumber(pixels))),
          h("td", { class: "label-frames number" }, shortNumber(frames), h("span", { class: "label-unit" }, frames === 1 ? " frame" : " frames")),
        ),
      ));
    },
  };
}

/**
 * Whether frames bring labels, as far as is known.
 * @param {VersionStatistics | null} statistics
 */
export function bringLabels(statistics) {
  return statistics?.masks.some(({ labels }) => labels.some(isOwn)) ?? false;
}

/** @param {VersionStatistics["masks"][number]["labels"][number]} label */
function isOwn({ declared_in: list, labels }) {
  return list === null && labels.length > 0;
}
