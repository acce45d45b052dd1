/** @import { MaskLabel } from "../types.js" */
/** @import { Row, RowFault } from "./mapping.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { chips, chipsInput } from "./chips.js";
import { labelsOf, parseValue, valueText } from "./mapping.js";

/** Columns of a row after those that are declared, filled by the list. */
const countCells = () => [h("td", { class: "label-pixels number" }), h("td", { class: "label-frames number" })];

/**
 * @typedef {object} RowEvents
 * @property {(key: number, change: Partial<MaskLabel>) => void} onChange
 * @property {(key: number) => void} onRemove
 */

/**
 * An entry as it is read.
 * @param {Row} row
 */
export function readRow({ key, declared, color }) {
  return h(
    "tr",
    { class: ["label-row", declared.ignore && "is-ignored"], data: { key: String(key) } },
    h("td", { class: "label-color" }, h("span", { class: "swatch", style: { "--swatch": color } }), h("code", null, color)),
    h("td", { class: "label-value number" }, valueText(declared.value)),
    h("td", { class: "label-names" }, chips(labelsOf(declared)), " ", declared.ignore ? ignoredBadge() : null),
    h("td", { class: "label-opacity number" }, declared.ignore ? "" : percent(declared.opacity ?? 1)),
    countCells(),
  );
}

/**
 * An entry that can be changed.
 * @param {Row} row
 * @param {RowFault[]} faults
 * @param {RowEvents} events
 */
export function editRow(row, faults, { onChange, onRemove }) {
  const { key, declared } = row;
  const name = labelsOf(declared)[0] ?? valueText(declared.value);
  /** @param {Partial<MaskLabel>} fields */
  const change = (fields) => {
    onChange(key, fields);
    for (const field of Object.keys(fields)) tableRow.dataset[`${field}Changed`] = "";
  };
  const badge = ignoredBadge();
  const ignore = h("button", { type: "button", class: "icon-button", title: "Ignore: count these pixels, but do not paint them", "aria-label": `Ignore ${name}` });
  const showIgnored = (/** @type {boolean} */ isIgnored) => {
    tableRow.classList.toggle("is-ignored", isIgnored);
    ignore.setAttribute("aria-pressed", String(isIgnored));
    fill(ignore, icon(isIgnored ? "eye-off" : "eye"));
    badge.hidden = !isIgnored;
  };
  ignore.addEventListener("click", () => {
    const isIgnored = ignore.getAttribute("aria-pressed") !== "true";
    change({ ignore: isIgnored || undefined });
    showIgnored(isIgnored);
  });
  const tableRow = h(
    "tr",
    { class: "label-row", data: { key: String(key) } },
    h("td", { class: "label-color" }, colorField(row, name, change), faultText(faults, "color")),
    h("td", { class: "label-value" }, valueField(declared, name, faults, change), faultText(faults, "value")),
    h(
      "td",
      { class: "label-names" },
      chipsInput({ names: labelsOf(declared), label: `labels of ${valueText(declared.value)}`, onChange: (labels) => change({ labels }) }),
      " ",
      badge,
      faultText(faults, "labels"),
    ),
    h("td", { class: "label-opacity" }, opacityField(declared, name, change), faultText(faults, "opacity")),
    countCells(),
    h(
      "td",
      { class: "label-deeds" },
      ignore,
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": `Remove ${name}`, title: "Remove", on: { click: () => onRemove(key) } },
        icon("trash"),
      ),
    ),
  );
  showIgnored(declared.ignore === true);
  return tableRow;
}

/**
 * @param {Row} row
 * @param {string} name
 * @param {(change: Partial<MaskLabel>) => void} change
 */
function colorField({ declared, color }, name, change) {
  const shown = h("code", null, declared.color ?? color);
  const automatic = h("span", { class: "hint" }, "automatic");
  const reset = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": `Automatic colour for ${name}`, title: "Back to the automatic colour" },
    icon("undo"),
  );
  const input = h("input", { type: "color", class: "color-input", value: declared.color ?? color, "aria-label": `Colour of ${name}` });
  const place = h("span", { class: "label-color-kind" });
  const showKind = (/** @type {boolean} */ chosen) => fill(place, chosen ? [shown, reset] : automatic);
  input.addEventListener("input", () => {
    fill(shown, input.value);
    showKind(true);
    change({ color: input.value });
  });
  reset.addEventListener("click", () => {
    input.value = color;
    showKind(false);
    change({ color: undefined });
    input.focus();
  });
  showKind(Boolean(declared.color));
  return h("span", { class: "label-color-field" }, input, place);
}

/**
 * @param {MaskLabel} declared
 * @param {string} name
 * @param {RowFault[]} faults
 * @param {(change: Partial<MaskLabel>) => void} change
 */
function valueField({ value }, name, faults, change) {
  return h("input", {
    type: "text", class: "input number", value: valueText(value), placeholder: "12 or 255, 128, 0",
    "aria-label": `Pixel value of ${name}`, "aria-invalid": faults.some(({ field }) => field === "value") ? "true" : false,
    autocomplete: "off", spellcheck: "false",
    on: {
      change: (/** @type {Event & { currentTarget: HTMLInputElement }} */ event) =>
        // What is no value stays as it was typed, until the check says so.
        change({ value: parseValue(event.currentTarget.value) ?? /** @type {any} */ (event.currentTarget.value) }),
    },
  });
}

/**
 * @param {MaskLabel} declared
 * @param {string} name
 * @param {(change: Partial<MaskLabel>) => void} change
 */
function opacityField({ opacity }, name, change) {
  const shown = h("output", { class: "number" }, percent(opacity ?? 1));
  const slider = h("input", {
    type: "range", class: "range", min: 0, max: 1, step: 0.05, value: opacity ?? 1, "aria-label": `Opacity of ${name}`,
    on: {
      input: () => {
        fill(shown, percent(slider.valueAsNumber));
        change({ opacity: slider.valueAsNumber });
      },
    },
  });
  return h("span", { class: "label-opacity-field" }, slider, shown);
}

function ignoredBadge() {
  return h("span", { class: "badge", title: "Counted, but not painted" }, "ignored");
}

/**
 * @param {RowFault[]} faults
 * @param {RowFault["field"]} wanted
 */
function faultText(faults, wanted) {
  const found = faults.filter(({ field }) => field === wanted);
  return found.length ? h("p", { class: "field-problem", role: "alert", data: { field: wanted } }, found.map(({ message }) => message).join(" ")) : null;
}

/** @param {number} share */
function percent(share) {
  return `${Math.round(share * 100)} %`;
}
