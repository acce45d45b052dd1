/** The order in which the entries of a list are shown; what is saved keeps its own. */

/** @import { Row } from "./mapping.js" */
/** @import { Count } from "./counting.js" */
import { labelsOf, valueText } from "./mapping.js";

/**
 * @typedef {"value" | "labels" | "pixels" | "frames"} Column
 * @typedef {{ column: Column, isDown: boolean } | null} Order null: as it is declared
 */

/**
 * Give the order after a click on a column: first the way that is looked for most, then the other, then as declared.
 * @param {Order} order
 * @param {Column} column
 * @returns {Order}
 */
export function nextOrder(order, column) {
  const isDownFirst = column === "pixels" || column === "frames";
  if (order?.column !== column) return { column, isDown: isDownFirst };
  return order.isDown === isDownFirst ? { column, isDown: !isDownFirst } : null;
}

/**
 * @param {readonly Row[]} rows
 * @param {Order} order
 * @param {(row: Row) => Count | undefined} countOf
 */
export function inOrder(rows, order, countOf) {
  if (order === null) return rows;
  const { column, isDown } = order;
  const sign = isDown ? -1 : 1;
  return [...rows].sort((one, other) => sign * compare(one, other));

  /**
   * @param {Row} one
   * @param {Row} other
   */
  function compare(one, other) {
    if (column === "pixels" || column === "frames") return (countOf(one)?.[column] ?? 0) - (countOf(other)?.[column] ?? 0);
    const [first, second] = [one, other].map(({ declared }) => (column === "labels" ? labelsOf(declared).join(", ") : valueText(declared.value)));
    return (first ?? "").localeCompare(second ?? "", "en", { numeric: true });
  }
}

/**
 * Read an order from the address: `pixels` upwards, `-pixels` downwards.
 * @param {string | null} text
 * @returns {Order}
 */
export function readOrder(text) {
  const found = /^(-?)(value|labels|pixels|frames)$/.exec(text ?? "");
  return found === null ? null : { column: /** @type {Column} */ (found[2]), isDown: found[1] === "-" };
}

/**
 * @param {Order} order
 * @returns {string | null}
 */
export function writeOrder(order) {
  return order === null ? null : `${order.isDown ? "-" : ""}${order.column}`;
}
