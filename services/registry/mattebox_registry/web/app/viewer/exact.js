/** The server's preview of a view: the same picture for everybody, to download and to link to. */

/** @import { Entry } from "../masks/entries.js" */
/** @import { View } from "../masks/view.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { hiddenLabels } from "../masks/hiding.js";
import { previewQuery } from "../masks/query.js";
import { shownMasks, viewOfMasks } from "../masks/view.js";
import { maskIds, reportOf } from "./open_frame.js";

/** The server reads addresses of 8190 bytes, of which ids take some. */
const MAX_QUERY_BYTES = 6000;

/**
 * @param {View} view
 * @param {OpenFrame} open
 * @param {{ size: number | "full", format?: string }} options
 */
export function exactQuery(view, open, { size, format }) {
  const query = previewQuery(viewOfMasks(view, maskIds(open)), hiddenLabels(view, drawnEntries(view, open)));
  query.set("size", String(size));
  if (format !== undefined) query.set("format", format);
  return query;
}

/**
 * Whether an address can tell it: the server knows no label that is shown alone, only a list of all others.
 * @param {URLSearchParams} query
 */
export function isTellable(query) {
  return query.toString().length <= MAX_QUERY_BYTES;
}

/**
 * Whether colours are shown that only this viewer has: the server cannot draw those.
 * @param {View} view
 */
export function hasOwnColors(view) {
  return view.colors.size > 0 || view.strengths.size > 0;
}

/**
 * The entries that there are pixels of, as far as the report tells: a version may declare thousands of others.
 * @param {View} view
 * @param {OpenFrame} open
 * @returns {Entry[]}
 */
function drawnEntries(view, open) {
  const shown = shownMasks(view, maskIds(open));
  return open.legends.flatMap(({ mask, kind, entries }) => {
    if (kind !== "labels" || !shown.includes(mask)) return [];
    const report = reportOf(open, mask);
    if (report?.["mode"] !== "segmentation") return entries;
    const found = new Set(report["labels"].map((/** @type {{ value: unknown }} */ { value }) => JSON.stringify(value)));
    return entries.filter(({ value }) => found.has(JSON.stringify(value)));
  });
}
