/** @import { MaskLabel, MaskLabels } from "../types.js" */
/** @import { LabelList, RowFault } from "./mapping.js" */
import { createStore } from "../store.js";
import { ALL_MASKS, UNDECIDED_COLOR, findFaults, isSameMapping, newRow, readMapping, valueText, writeMapping } from "./mapping.js";

/**
 * @typedef {object} Edit What is on the screen: the lists, and what is wrong with them.
 * @property {LabelList[]} lists
 * @property {RowFault[]} faults
 * @property {number} checks How often it was looked for faults.
 * @property {boolean} changed Whether there is something to save.
 */

/**
 * A mapping under edit. Faults stay until the next check, so that nothing moves under the pointer on its way to Save.
 */
export class MappingEditor {
  /**
   * @param {MaskLabels | MaskLabel[] | null | undefined} declared as the metadata has it
   * @param {MaskLabels} resolved as the API gives it
   * @param {MaskLabels | null} [edited] with changes that are not saved yet
   */
  constructor(declared, resolved, edited = null) {
    this.saved = declared;
    const lists = readMapping(edited ?? declared, resolved);
    const changed = !isSameMapping(edited ?? declared, declared);
    this.state = createStore(/** @type {Edit} */ ({ lists, faults: [], checks: 0, changed }));
  }

  /** What would be saved now. */
  mapping() {
    return writeMapping(this.state.get().lists);
  }

  /** Look for faults before anything is sent; true where there are none. */
  check() {
    const faults = findFaults(this.state.get().lists);
    this.showFaults(faults);
    return !faults.length;
  }

  /** @param {RowFault[]} faults */
  showFaults(faults) {
    this.state.update((edit) => ({ ...edit, faults, checks: edit.checks + 1 }));
  }

  /**
   * Change fields of an entry; undefined takes one out, so that it is decided by the server again.
   * @param {number} key
   * @param {Partial<MaskLabel>} change
   */
  change(key, change) {
    const merge = (/** @type {MaskLabel} */ declared) => /** @type {MaskLabel} */ (withoutUndefined({ ...declared, ...change }));
    this.#rows((rows) => rows.map((row) => (row.key === key ? { ...row, declared: merge(row.declared) } : row)));
  }

  /** @param {number} key */
  remove(key) {
    this.#rows((rows) => rows.filter((row) => row.key !== key));
  }

  /**
   * Add an entry to a list, with the next free number as its value; give its key.
   * @param {string} mask
   */
  add(mask) {
    const list = this.state.get().lists.find((one) => one.mask === mask);
    return this.#append(mask, { value: nextValue(list?.rows.map(({ declared }) => declared.value) ?? []), labels: [] });
  }

  /**
   * Declare a value that was found in a mask: in the mask's own list where it has one, else in the one for all.
   * @param {string} mask
   * @param {MaskLabel["value"]} value
   * @param {boolean} isNamed whether it is called by its value for now
   * @returns {{ list: string, key: number }}
   */
  declare(mask, value, isNamed) {
    const list = this.state.get().lists.some((one) => one.mask === mask) ? mask : ALL_MASKS;
    this.addList(list);
    return { list, key: this.#append(list, { value, labels: isNamed ? [`value ${valueText(value)}`] : [] }) };
  }

  /**
   * @param {string} mask
   * @param {MaskLabel} declared
   */
  #append(mask, declared) {
    const row = newRow(declared, UNDECIDED_COLOR);
    this.#set(this.state.get().lists.map((one) => (one.mask === mask ? { ...one, rows: [...one.rows, row] } : one)));
    return row.key;
  }

  /**
   * Add a list for one mask, or the one for all; nothing where it is there.
   * @param {string} mask
   */
  addList(mask) {
    const { lists } = this.state.get();
    if (lists.some((list) => list.mask === mask)) return;
    const added = { mask, rows: [] };
    this.#set(mask === ALL_MASKS ? [added, ...lists] : [...lists, added]);
  }

  /** @param {(rows: LabelList["rows"]) => LabelList["rows"]} change */
  #rows(change) {
    this.#set(this.state.get().lists.map((list) => ({ ...list, rows: change(list.rows) })));
  }

  /** @param {LabelList[]} lists */
  #set(lists) {
    const changed = !isSameMapping(writeMapping(lists), this.saved);
    this.state.update((edit) => ({ ...edit, lists, changed }));
  }
}

/** @param {Record<string, unknown>} fields */
function withoutUndefined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** @param {MaskLabel["value"][]} values */
function nextValue(values) {
  const numbers = values.map((value) => (Array.isArray(value) ? (value.every((part) => part === value[0]) ? (value[0] ?? 0) : 0) : value));
  return Math.max(-1, ...numbers.filter(Number.isFinite)) + 1;
}
