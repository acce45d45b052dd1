/** @import { Mounted, Page } from "../router.js" */
import { mountViewer } from "../viewer/viewer.js";

/**
 * One frame, large: the viewer has the whole page.
 * @param {Page} page
 * @returns {Promise<Mounted>}
 */
export async function mount(page) {
  return mountViewer(page);
}
