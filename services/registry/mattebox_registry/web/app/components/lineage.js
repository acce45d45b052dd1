/** @import { Version } from "../types.js" */

/**
 * @typedef {object} Kin A version in a family tree.
 * @property {Version} version
 * @property {number} depth 0: it comes from none of the list
 */

/**
 * Order versions as a family tree: each below the one it comes from, the newest of siblings first.
 * @param {Version[]} versions
 * @returns {Kin[]}
 */
export function lineage(versions) {
  const known = new Set(versions.map(({ id }) => id));
  /** @type {Map<string, Version[]>} */
  const children = new Map();
  for (const version of versions) {
    const parent = version.parent_id !== null && known.has(version.parent_id) ? version.parent_id : "";
    children.set(parent, [...(children.get(parent) ?? []), version]);
  }
  /** @type {Kin[]} */
  const ordered = [];
  // Not recursive: a version for each night of ten years is a chain of thousands.
  const waiting = newestLast(children.get("")).map((version) => ({ version, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    ordered.push(next);
    const { depth } = next;
    waiting.push(...newestLast(children.get(next.version.id)).map((version) => ({ version, depth: depth + 1 })));
  }
  return ordered;
}

/** @param {Version[]} [versions] */
function newestLast(versions = []) {
  return [...versions].sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
}
