import { h } from "../dom.js";
import { wholeNumber } from "./numbers.js";

/** Entries of a list that are built at a time: a mapping may have thousands. */
const CHUNK = 200;

/**
 * Show JSON as a tree whose branches open and close. A branch is built when it is first opened.
 * @param {unknown} value
 * @param {{ name?: string, open?: (depth: number, name: string) => boolean }} [options] `open` says which branches are
 *   open at first
 */
export function jsonTree(value, { name = "", open = (depth) => depth < 2 } = {}) {
  return h("div", { class: "json mono" }, node(name, value, 0, open));
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} depth
 * @param {(depth: number, name: string) => boolean} open
 * @returns {HTMLElement}
 */
function node(name, value, depth, open) {
  if (value === null || typeof value !== "object") return h("div", { class: "json-leaf" }, key(name), leaf(value));
  const entries = Object.entries(value);
  if (isShort(value)) {
    const items = entries.map(([, item], place) => [place ? ", " : "", leaf(item)]).flat();
    return h("div", { class: "json-leaf" }, key(name), "[", items, "]");
  }
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
  if (open(depth, name)) {
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
 * @param {(depth: number, name: string) => boolean} open
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

/** @param {string} name */
function key(name) {
  return name === "" ? null : [h("span", { class: "json-key" }, name), ": "];
}

/** @param {unknown} value */
function leaf(value) {
  const kind = value === null || typeof value === "boolean" ? "word" : typeof value;
  return h("span", { class: `json-${kind}` }, JSON.stringify(value));
}

/**
 * A colour or a point is read in one line.
 * @param {object} value
 */
function isShort(value) {
  return Array.isArray(value) && value.length <= 4 && value.every((item) => typeof item === "number");
}

/**
 * @param {object} value
 * @param {number} count
 */
function countOf(value, count) {
  const noun = Array.isArray(value) ? "item" : "field";
  return `${wholeNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
