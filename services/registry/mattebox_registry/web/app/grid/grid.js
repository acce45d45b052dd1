/** @import { VersionTab } from "../pages/version.js" */
import { path } from "../router.js";
import { fill, h } from "../dom.js";
import { previewUrl } from "../api.js";

/**
 * Show the frames of a version in `tab.root`.
 * @param {VersionTab} tab
 */
export async function mountGrid(tab) {
  const { id } = tab.version.get();
  const { frames } = await tab.api.frames(id, { limit: 50 }, tab.signal);
  fill(
    tab.root,
    frames.map((frame) =>
      h(
        "a",
        { href: path`/versions/${id}/frames/${frame.id}` },
        h("img", { src: previewUrl(id, frame.id, { size: 160 }), alt: frame.id, loading: "lazy" }),
      ),
    ),
  );
}
