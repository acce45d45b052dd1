/** @import { MaskValue } from "../types.js" */
/** @import { Unmapped } from "./counting.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { formatShare } from "../masks/legend.js";
import { shortNumber, wholeNumber } from "../components/numbers.js";
import { valueText } from "./mapping.js";

/** Values that are listed at first: a mask of instances has thousands. */
const CHUNK = 20;

/**
 * The values that masks have and nothing declares, over the whole version, with a button that makes a label of each.
 * @param {{ editable: boolean, onAdd: (values: { mask: string, value: MaskValue }[], isNamed: boolean) => void }} options
 */
export function unmappedSection({ editable, onAdd }) {
  const body = h("tbody");
  const more = h("div", { class: "label-more" });
  const addAll = h("button", { type: "button", class: "button", on: { click: () => onAdd(addable(), true) } });
  const element = h(
    "section",
    { class: "card label-list", "aria-label": "Values without a label", hidden: true },
    h("header", { class: "label-list-head" }, h("h2", null, "Values without a label"), h("span", { class: "spacer" }), editable ? addAll : null),
    h("p", { class: "hint" }, "Found in masks of this version, most pixels first. Of each frame the 16 most frequent are known, so the counts are at least these."),
    h("table", { class: "label-table unmapped-table" }, head(editable), body),
    more,
  );
  /** @type {readonly Unmapped[]} */
  let found = [];
  let shown = CHUNK;

  function addable() {
    return found.flatMap(({ mask, value }) => (isDeclarable(value) ? [{ mask, value }] : []));
  }

  function draw() {
    element.hidden = found.length === 0;
    const count = addable().length;
    addAll.hidden = count < 2;
    fill(addAll, icon("plus"), `Add all ${wholeNumber(count)} as labels`);
    fill(body, found.slice(0, shown).map(row));
    fill(more, found.length > shown ? moreButton() : null);
  }

  function moreButton() {
    const grow = () => {
      shown += CHUNK * 10;
      draw();
    };
    return h("button", { type: "button", class: "button", on: { click: grow } }, `${wholeNumber(found.length - shown)} more`);
  }

  /** @param {Unmapped} unmapped */
  function row({ mask, value, pixels, share, frames }) {
    const text = value === null ? "not a number" : valueText(value);
    const add = () => isDeclarable(value) && onAdd([{ mask, value }], false);
    return h(
      "tr",
      { class: "label-row" },
      h("td", { class: "unmapped-mask", title: mask }, h("code", null, mask)),
      h("td", { class: "label-value number" }, Array.isArray(value) ? h("span", { class: "swatch", style: { "--swatch": `rgb(${value.slice(0, 3).join(" ")})` } }) : null, text),
      h("td", { class: "label-pixels number", title: `${wholeNumber(pixels)} pixels` }, shortNumber(pixels), h("span", { class: "label-unit" }, " pixels")),
      h("td", { class: "pixel-share number" }, formatShare(share)),
      h("td", { class: "label-frames number" }, shortNumber(frames), h("span", { class: "label-unit" }, frames === 1 ? " frame" : " frames")),
      editable
        ? h("td", { class: "label-deeds" }, isDeclarable(value) ? h("button", { type: "button", class: "button", "aria-label": `Add ${text} of ${mask} as a label`, on: { click: add } }, icon("plus"), "Add as label") : null)
        : null,
    );
  }

  return {
    element,
    /** @param {readonly Unmapped[]} unmapped */
    show(unmapped) {
      // Counting goes on for a while: what is under the pointer stays where nothing has changed.
      if (JSON.stringify(unmapped) === JSON.stringify(found)) return;
      found = unmapped;
      draw();
    },
  };
}

/** @param {boolean} editable */
function head(editable) {
  const names = ["Mask", "Value", "Pixels", "Share", "Frames"];
  return h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col" }, name)), editable ? h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Add")) : null));
}

/**
 * Tell what a mapping can name: masks of floats hold other things too.
 * @param {MaskValue | null} value
 * @returns {value is MaskValue}
 */
function isDeclarable(value) {
  return Array.isArray(value) || (Number.isInteger(value) && Number(value) >= 0);
}
