/** @import { Mounted, Page } from "../router.js" */
import { path } from "../router.js";
import { fill, h } from "../dom.js";

/**
 * Show a frame: `page.params` holds `version` and `frame`, `page.query` the state of the view.
 * @param {Page} page
 * @returns {Promise<Mounted>}
 */
export async function mountViewer(page) {
  /** @param {Record<string, string>} params */
  async function show({ version = "", frame = "" }) {
    const { document: _, ...document } = /** @type {any} */ (await page.api.frame(version, frame, page.signal));
    const above = await page.api.version(version, page.signal);
    page.setTitle(frame, [
      { text: "Datasets", href: "/" },
      { text: above.name, href: path`/versions/${version}/frames` },
    ]);
    fill(page.root, h("pre", { class: "mono" }, JSON.stringify(document, null, 2)));
  }
  await show(page.params);
  return { update: (params) => void show(params) };
}
