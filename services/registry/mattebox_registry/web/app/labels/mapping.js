/** @import { FieldFault, MaskLabel, MaskLabels, MaskValue } from "../types.js" */

/** The list that holds for every mask without an own entry. */
export const ALL_MASKS = "_all_";

/** Of entries whose colour the server has not chosen yet. */
export const UNDECIDED_COLOR = "#808080";

/**
 * One entry under edit. `declared` is what the metadata says, fields that the viewer does not know among it; `color` is
 * the colour that it is painted in now, declared or chosen by the server.
 * @typedef {object} Row
 * @property {number} key Names the row while it is edited.
 * @property {MaskLabel} declared
 * @property {string} color
 *
 * @typedef {object} LabelList
 * @property {string} mask
 * @property {Row[]} rows
 *
 * @typedef {"value" | "labels" | "color" | "opacity"} Field
 * @typedef {{ key: number, field: Field, message: string }} RowFault
 */

let lastKey = 0;

/**
 * List the labels of an entry, which may be declared as one string.
 * @param {MaskLabel} entry
 */
export function labelsOf({ labels }) {
  return typeof labels === "string" ? [labels] : (labels ?? []);
}

/**
 * Make a row of an entry.
 * @param {MaskLabel} declared
 * @param {string} color
 * @returns {Row}
 */
export function newRow(declared, color) {
  lastKey += 1;
  return { key: lastKey, declared, color };
}

/**
 * Read a mapping for editing: `declared` as the metadata has it, `resolved` as the API gives it.
 * @param {MaskLabels | MaskLabel[] | null | undefined} declared
 * @param {MaskLabels} resolved
 * @returns {LabelList[]}
 */
export function readMapping(declared, resolved) {
  return Object.entries(byMask(declared)).map(([mask, entries]) => {
    const colors = new Map((resolved[mask] ?? []).map(({ value, color }) => [identity(value), color]));
    return { mask, rows: entries.map((entry) => newRow(entry, colors.get(identity(entry.value)) ?? UNDECIDED_COLOR)) };
  });
}

/**
 * Give a mapping in the form by mask id.
 * @param {MaskLabels | MaskLabel[] | null | undefined} declared
 * @returns {MaskLabels}
 */
export function byMask(declared) {
  return Array.isArray(declared) ? { [ALL_MASKS]: declared } : (declared ?? {});
}

/**
 * Write lists as the API takes them; an empty list of a single mask says nothing and is left out.
 * @param {LabelList[]} lists
 * @returns {MaskLabels}
 */
export function writeMapping(lists) {
  const kept = lists.filter(({ mask, rows }) => rows.length || mask === ALL_MASKS);
  return Object.fromEntries(kept.map(({ mask, rows }) => [mask, rows.map(({ declared }) => declared)]));
}

/**
 * Tell whether two mappings say the same, in either form.
 * @param {MaskLabels | MaskLabel[] | null | undefined} one
 * @param {MaskLabels | MaskLabel[] | null | undefined} other
 */
export function isSameMapping(one, other) {
  return JSON.stringify(byMask(one)) === JSON.stringify(byMask(other));
}

/**
 * Read a pixel value as people type it: `12`, `255, 128, 0`, `#ff8000`. Null where it is none.
 * @param {string} text
 * @returns {MaskValue | null}
 */
export function parseValue(text) {
  const color = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (color) return color.slice(1).map((digits) => Number.parseInt(digits, 16));
  const parts = text.trim().replace(/^[[(]|[\])]$/g, "").split(/[\s,;]+/).filter(Boolean);
  if (!parts.length || !parts.every((part) => /^\d{1,10}$/.test(part))) return null;
  const numbers = parts.map(Number);
  const [first = 0] = numbers;
  if (numbers.length === 1) return first <= 0xffffffff ? first : null;
  return numbers.length <= 4 && numbers.length >= 3 && numbers.every((channel) => channel <= 255) ? numbers : null;
}

/**
 * Write a pixel value as people read it.
 * @param {MaskValue} value
 */
export function valueText(value) {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * Find the faults that can be seen without the server: values that are none, or stand twice in a list.
 * @param {LabelList[]} lists
 * @returns {RowFault[]}
 */
export function findFaults(lists) {
  return lists.flatMap(({ rows }) => {
    const known = new Set();
    return rows.flatMap(({ key, declared }) => {
      /** @type {RowFault[]} */
      const faults = [];
      const text = identity(declared.value);
      if (text === "") faults.push({ key, field: "value", message: "Use a number such as 12, or a colour such as 255, 128, 0." });
      else if (known.has(text)) faults.push({ key, field: "value", message: "This value stands twice." });
      known.add(text);
      if (!declared.ignore && !labelsOf(declared).length) faults.push({ key, field: "labels", message: "Give it a label." });
      return faults;
    });
  });
}

/**
 * Find the rows of the faults that the server named, `mask_labels._all_[3].color`; `rest` are those without a row.
 * @param {FieldFault[]} errors
 * @param {LabelList[]} lists in the order in which they were sent
 * @returns {{ faults: RowFault[], rest: string[] }}
 */
export function placeFaults(errors, lists) {
  /** @type {RowFault[]} */
  const faults = [];
  /** @type {string[]} */
  const rest = [];
  for (const { loc, message } of errors) {
    const row = rowAt(loc, lists);
    if (row) faults.push({ key: row.key, field: fieldOf(loc), message });
    else rest.push(loc ? `${loc}: ${message}` : message);
  }
  return { faults, rest };
}

/**
 * @param {string} loc
 * @param {LabelList[]} lists
 */
function rowAt(loc, lists) {
  for (const { mask, rows } of lists) {
    // A mask id may hold dots and brackets, so it is compared whole.
    const start = [`mask_labels.${mask}[`, `${mask}[`].find((text) => loc.startsWith(text));
    const place = start === undefined ? Number.NaN : Number.parseInt(loc.slice(start.length), 10);
    const row = rows[place];
    if (row) return row;
  }
  return null;
}

/**
 * @param {string} loc
 * @returns {Field}
 */
function fieldOf(loc) {
  const name = /\.(value|labels|color|opacity)\b[^.]*$/.exec(loc)?.[1];
  return /** @type {Field | undefined} */ (name) ?? "value";
}

/**
 * Give what values have in common that are the same pixel: a grey colour is its number. "" where it is no value.
 * @param {MaskValue} value
 */
export function identity(value) {
  if (!Array.isArray(value)) return Number.isInteger(value) ? String(value) : "";
  const [first, ...others] = value;
  return value.length === 3 && others.every((channel) => channel === first) ? String(first) : value.join(",");
}
