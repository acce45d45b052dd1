/** The masks panel. */

/** @import { Parts } from "./parts.js" */
import { activeLabels } from "./active_labels.js";
import { classIdHints } from "./class_ids.js";
import { extras } from "./extras.js";
import { maskList } from "./mask_list.js";
import { warnings } from "./warnings.js";

/**
 * @param {Parts} parts
 * @returns {HTMLElement[]}
 */
export function masksPanel(parts) {
  return [maskList(parts), classIdHints(parts), extras(parts), warnings(parts), activeLabels(parts)];
}
