/** @import { Store } from "../store.js" */
/** @import { Counts } from "./counting.js" */
/** @import { MappingEditor } from "./editor.js" */
/** @import { Column, Order } from "./sorting.js" */
/** @import { Row, RowFault } from "./mapping.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watch, watchPart } from "../store.js";
import { counted, shortNumber, wholeNumber } from "../components/numbers.js";
import { formatShare } from "../masks/legend.js";
import { MOST_COUNTED, countKey } from "./counting.js";
import { ALL_MASKS, labelsOf, valueText } from "./mapping.js";
import { editRow, readRow } from "./row.js";
import { inOrder, nextOrder } from "./sorting.js";

/** Rows that are built at a time: instance masks may declare thousands. */
const CHUNK = 200;

/** From so many rows on there is a field to find one. */
const MANY = 12;

/** @type {[string, Column | null][]} */
const COLUMNS = [["Colour", null], ["Value", "value"], ["Labels", "labels"], ["Opacity", null], ["Pixels", "pixels"], ["Frames", "frames"]];

/**
 * The table of one list.
 * @param {string} mask
 * @param {MappingEditor} editor
 * @param {{ editable: boolean, counts: Store<Counts | null>, order: Store<Order>, signal: AbortSignal }} options
 */
export function listSection(mask, editor, { editable, counts, order, signal }) {
  const body = h("tbody");
  const head = tableHead(editable, order, counts, signal);
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
    const found = inOrder(rows.filter((row) => matches(row, finder.value)), order.get(), countOf);
    fill(count, counted(rows.length, "entry").replace("entrys", "entries"));
    finder.hidden = rows.length < MANY;
    fill(body, found.slice(0, shown).map((row) => rowOf(row, faults)));
    fill(more, found.length > shown ? moreButton(found.length - shown) : null);
    showCounts();
  }

  /** @param {Row} row */
  function countOf({ declared }) {
    return counts.get()?.declared.get(countKey(mask, declared.value));
  }

  function showCounts() {
    const known = counts.get() !== null;
    const rest = counts.get()?.cut.has(mask) ? UNCOUNTED : NOTHING;
    const rows = new Map(rowsNow().map((row) => [String(row.key), row]));
    for (const element of body.rows) {
      const row = rows.get(element.dataset["key"] ?? "");
      if (row) fillCounts(element, known ? (countOf(row) ?? rest) : null, counts.get()?.isByMask ? "mask" : "frame");
    }
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
    reveal(editor.add(mask), ".label-value input");
  }

  /**
   * Bring an entry in sight, and one of its fields in focus.
   * @param {number} key
   * @param {string} field
   */
  function reveal(key, field) {
    finder.value = "";
    shown = Number.MAX_SAFE_INTEGER;
    show();
    const input = /** @type {HTMLInputElement | null} */ (body.querySelector(`[data-key="${key}"] ${field}`));
    input?.focus();
    input?.select();
  }

  // Only what makes the table another one: a change inside of a row is on the screen already.
  watchPart(editor.state, ({ checks }) => `${checks} ${rowsNow().map(({ key }) => key)}`, show, signal);
  watchPart(editor.state, ({ lists }) => lists, showCounts, signal);
  counts.subscribe(showCounts, signal);
  order.subscribe(show, signal);

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
    h("table", { class: "label-table" }, head, body),
    more,
    editable
      ? h("button", { type: "button", class: "button label-add", on: { click: addRow } }, icon("plus"), "Add an entry")
      : null,
  );
  return { element, reveal };
}

const NOTHING = { pixels: 0, share: 0, frames: 0 };
const UNCOUNTED = { pixels: NaN, share: NaN, frames: NaN };

/**
 * @param {HTMLTableRowElement} row
 * @param {import("./counting.js").Count | null} count null: not known
 * @param {"frame" | "mask"} noun what is counted
 */
function fillCounts(row, count, noun) {
  const [pixels, frames] = [row.querySelector(".label-pixels"), row.querySelector(".label-frames")];
  if (!pixels || !frames) return;
  if (count === null) {
    fill(pixels);
    fill(frames);
    return;
  }
  const { pixels: number, share, frames: found } = count;
  row.classList.toggle("is-unused", number === 0);
  if (count === UNCOUNTED) {
    pixels.setAttribute("title", `Fewer pixels than the ${wholeNumber(MOST_COUNTED)} labels that are counted, or none`);
    fill(pixels, h("span", { class: "pixel-share" }, "few or none"));
    fill(frames);
    return;
  }
  pixels.setAttribute("title", number ? `${wholeNumber(number)} pixels` : "No pixel of this version has this value");
  fill(pixels, h("span", { class: "share-bar", style: { "--share": String(share) } }), h("span", { class: "pixel-share" }, formatShare(share)), h("span", { class: "label-count" }, shortNumber(number)));
  fill(frames, shortNumber(found), h("span", { class: "label-unit" }, found === 1 ? ` ${noun}` : ` ${noun}s`));
}

/**
 * @param {boolean} editable
 * @param {Store<Order>} order
 * @param {Store<Counts | null>} counts
 * @param {AbortSignal} signal
 */
function tableHead(editable, order, counts, signal) {
  const cells = COLUMNS.map(([name, column]) => {
    if (column === null) return h("th", { scope: "col" }, name);
    const sort = () => order.set(nextOrder(order.get(), column));
    const button = h("button", { type: "button", class: "sort", title: `Sort by ${name.toLowerCase()}`, on: { click: sort } }, name);
    const cell = h("th", { scope: "col" }, button);
    // Where frames have several masks it is masks that are counted.
    if (column === "frames") watch(counts, (known) => fill(button, known?.isByMask ? "Masks" : name), signal);
    watch(order, (now) => cell.setAttribute("aria-sort", now?.column !== column ? "none" : now.isDown ? "descending" : "ascending"), signal);
    return cell;
  });
  const deeds = editable ? h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Ignore, remove")) : null;
  return h("thead", null, h("tr", null, cells, deeds));
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
