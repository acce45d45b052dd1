/** Where frames were looked for last: who leaves a frame comes back there, filters and place and all. */

import { path } from "../router.js";

/** @type {Map<string, string>} by version */
const searches = new Map();

/**
 * Remember what is looked at in the list of a version.
 * @param {string} version
 * @param {string} search of the address
 */
export function rememberList(version, search) {
  searches.set(version, search);
}

/**
 * The address of the frames of a version, as they were looked at last.
 * @param {string} version
 */
export function lastList(version) {
  return path`/versions/${version}/frames` + (searches.get(version) ?? "");
}
