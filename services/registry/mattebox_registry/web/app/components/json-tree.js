import { h } from "../dom.js";
import { wholeNumber } from "./numbers.js";

/** Entries of a list that are built at a time: a mapping may have thousands. */
const CHUNK = 200;

/** What is not longer than this, and nests nothing that is not short itself, is read best in one line. */
const MAX_LINE = 120;

const COLOR = /^#[0-9a-f]{6}$/i;

/**
 * Show JSON as a tree whose branches open and close. A branch is built when it is first opened.
 * @param {unknown} value
 * @param {{ open?: (depth: number) => boolean }} [options] `open` says which branches are open at first
 */
export function jsonTree(value, { open = (depth) => depth < 2 } = {}) {
  return h("div", { class: "json mono" }, node(null, value, 0, open));
}

/**
 * @param {string | null} name null: the whole
 * @param {unknown} value
 * @param {number} depth
 * @param {(depth: number) => boolean} open
 * @returns {HTMLElement}
 */
function node(name, value, depth, open) {
  if (!isLong(value)) return h("div", { class: "json-leaf" }, key(name), inline(value));
  const entries = Object.entries(value);
  const [first, last] = Array.isArray(value) ? "[]" : "{}";
  const body = h("div", { class: "json-body" });
  const branch = h(
    "details",
    { class: "json-branch" },
    h("summary", null, key(name), `${first} `, h("span", { class: "json-count" }, countOf(value, entries.length)), ` ${last}`),
    body,
  );
  const grow = () => {
    if (branch.open && !body.hasChildNodes()) append(body, entries, 0, depth + 1, open);
  };
  branch.addEventListener("toggle", grow);
  if (open(depth)) {
    branch.open = true;
    grow();
  }
  return branch;
}

/**
 * @param {HTMLElement} body
 * @param {[string, unknown][]} entries
 * @param {number} from
 * @param {number} depth
 * @param {(depth: number) => boolean} open
 */
function append(body, entries, from, depth, open) {
  const until = Math.min(from + CHUNK, entries.length);
  body.append(...entries.slice(from, until).map(([name, value]) => node(name, value, depth, open)));
  if (until === entries.length) return;
  const more = h(
    "button",
    {
      type: "button", class: "button",
      on: {
        click: () => {
          more.remove();
          append(body, entries, until, depth, open);
        },
      },
    },
    `${wholeNumber(entries.length - until)} more`,
  );
  body.append(more);
}

/** @param {string | null} name */
function key(name) {
  return name === null ? null : [h("span", { class: "json-key" }, name), ": "];
}

/**
 * @param {unknown} value
 * @returns {HTMLElement}
 */
function inline(value) {
  if (value === null || typeof value !== "object") return leaf(value);
  const [first, last] = Array.isArray(value) ? "[]" : "{}";
  const parts = Object.entries(value).flatMap(([name, item], place) => [
    place ? ", " : "",
    ...(Array.isArray(value) ? [] : (key(name) ?? [])),
    inline(item),
  ]);
  return h("span", null, first ?? "", parts, last ?? "");
}

/** @param {unknown} value */
function leaf(value) {
  const kind = value === null || typeof value === "boolean" ? "word" : typeof value;
  const swatch = typeof value === "string" && COLOR.test(value) ? h("span", { class: "swatch", style: { "--swatch": value } }) : null;
  return h("span", { class: `json-${kind}` }, swatch, JSON.stringify(value));
}

/**
 * Tell what takes more than a line; an entry of a mapping is read in one, as is a colour or a point.
 * @param {unknown} value
 * @returns {value is object}
 */
function isLong(value) {
  if (value === null || typeof value !== "object") return false;
  const isFlat = Object.values(value).every((item) => isPlain(item) || (Array.isArray(item) && item.every(isPlain)));
  return !isFlat || JSON.stringify(value).length > MAX_LINE;
}

/** @param {unknown} value */
function isPlain(value) {
  return value === null || typeof value !== "object";
}

/**
 * @param {object} value
 * @param {number} count
 */
function countOf(value, count) {
  const noun = Array.isArray(value) ? "item" : "field";
  return `${wholeNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
