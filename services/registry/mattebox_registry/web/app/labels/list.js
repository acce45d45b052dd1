/** @import { MappingEditor } from "./editor.js" */
/** @import { Row, RowFault } from "./mapping.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watchPart } from "../store.js";
import { counted, wholeNumber } from "../components/numbers.js";
import { ALL_MASKS, labelsOf, valueText } from "./mapping.js";
import { editRow, readRow } from "./row.js";

/** Rows that are built at a time: instance masks may declare thousands. */
const CHUNK = 200;

/** From so many rows on there is a field to find one. */
const MANY = 12;

/**
 * The table of one list.
 * @param {string} mask
 * @param {MappingEditor} editor
 * @param {{ editable: boolean, signal: AbortSignal }} options
 */
export function listSection(mask, editor, { editable, signal }) {
  const body = h("tbody");
  const count = h("span", { class: "hint" });
  const more = h("div", { class: "label-more" });
  const finder = h("input", {
    type: "search", class: "input", placeholder: "Find a label or value", "aria-label": `Find a label or value of ${titleOf(mask)}`,
    on: {
      input: () => {
        shown = CHUNK;
        show();
      },
    },
  });
  let shown = CHUNK;

  const rowsNow = () => editor.state.get().lists.find((list) => list.mask === mask)?.rows ?? [];

  /** Build the rows anew: after a row came or went, or a fault was found. Typing changes none of these. */
  function show() {
    const rows = rowsNow();
    const { faults } = editor.state.get();
    const found = rows.filter((row) => matches(row, finder.value));
    fill(count, counted(rows.length, "entry").replace("entrys", "entries"));
    finder.hidden = rows.length < MANY;
    fill(body, found.slice(0, shown).map((row) => rowOf(row, faults)));
    fill(more, found.length > shown ? moreButton(found.length - shown) : null);
  }

  /**
   * @param {Row} row
   * @param {RowFault[]} faults
   */
  function rowOf(row, faults) {
    if (!editable) return readRow(row);
    return editRow(row, faults.filter(({ key }) => key === row.key), {
      onChange: (key, change) => editor.change(key, change),
      onRemove: (key) => editor.remove(key),
    });
  }

  /** @param {number} left */
  function moreButton(left) {
    const grow = () => {
      shown += CHUNK * 5;
      show();
    };
    return h("button", { type: "button", class: "button", on: { click: grow } }, `${wholeNumber(left)} more`);
  }

  function addRow() {
    finder.value = "";
    shown = Number.MAX_SAFE_INTEGER;
    const key = editor.add(mask);
    const value = /** @type {HTMLInputElement | null} */ (body.querySelector(`[data-key="${key}"] .label-value input`));
    value?.focus();
    value?.select();
  }

  // Only what makes the table another one: a change inside of a row is on the screen already.
  watchPart(editor.state, ({ checks }) => `${checks} ${rowsNow().map(({ key }) => key)}`, show, signal);

  const element = h(
    "section",
    { class: "card label-list", "aria-label": `Labels of ${titleOf(mask)}` },
    h(
      "header",
      { class: "label-list-head" },
      h("h2", null, mask === ALL_MASKS ? "Every mask" : ["Mask ", h("code", null, mask)]),
      count,
      h("span", { class: "spacer" }),
      finder,
    ),
    mask === ALL_MASKS ? h("p", { class: "hint" }, "Holds for all masks, but for the values that a mask's own list names.") : null,
    h("table", { class: "label-table" }, tableHead(editable), body),
    more,
    editable
      ? h("button", { type: "button", class: "button label-add", on: { click: addRow } }, icon("plus"), "Add an entry")
      : null,
  );
  return { element };
}

/** @param {boolean} editable */
function tableHead(editable) {
  const names = ["Colour", "Value", "Labels", "Opacity"];
  const columns = names.map((name) => h("th", { scope: "col" }, name));
  return h(
    "thead",
    null,
    h("tr", null, columns, editable ? h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Remove")) : null),
  );
}

/**
 * @param {Row} row
 * @param {string} text
 */
function matches({ declared }, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return true;
  return valueText(declared.value).includes(wanted) || labelsOf(declared).some((label) => label.toLowerCase().includes(wanted));
}

/** @param {string} mask */
function titleOf(mask) {
  return mask === ALL_MASKS ? "every mask" : `mask ${mask}`;
}
