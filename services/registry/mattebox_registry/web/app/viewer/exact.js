/** The server's preview of a view: the same picture for everybody, to download and to link to. */

/** @import { View } from "../masks/view.js" */
/** @import { Legend } from "./loader.js" */
import { hiddenLabels } from "../masks/hiding.js";
import { previewQuery } from "../masks/query.js";

/**
 * @param {View} view
 * @param {readonly Legend[]} legends
 * @param {{ size: number | "full", format?: string }} options
 */
export function exactQuery(view, legends, { size, format }) {
  const entries = legends.flatMap((legend) => (legend.kind === "labels" ? legend.entries : []));
  const query = previewQuery(view, hiddenLabels(view, entries));
  query.set("size", String(size));
  if (format !== undefined) query.set("format", format);
  return query;
}

/**
 * Whether colours are shown that only this viewer has: the server cannot draw those.
 * @param {View} view
 */
export function hasOwnColors(view) {
  return view.colors.size > 0 || view.strengths.size > 0;
}
