/** @import { Mounted, Page } from "../router.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { h } from "../dom.js";
import { readView } from "../masks/query.js";
import { createStore } from "../store.js";
import { bindAddress } from "./address.js";
import { Drawing } from "./drawing.js";
import { Loader } from "./loader.js";
import { Opener } from "./opener.js";
import { Stage } from "./stage.js";

/**
 * Show a frame: `page.params` holds `version` and `frame`, `page.query` the state of the view.
 * @param {Page} page
 * @returns {Promise<Mounted>}
 */
export async function mountViewer(page) {
  const { api, query, root, signal } = page;
  const { version = "" } = page.params;
  const view = createStore(readView(query.all()));
  const open = createStore(/** @type {OpenFrame | null} */ (null));
  const loader = new Loader(api, version);
  const stage = new Stage(signal);
  const onError = (/** @type {unknown} */ error) => console.error(error);
  const drawing = new Drawing({ loader, view, stage, open, signal, onError });
  const opener = new Opener({ loader, drawing, view, open, signal, onError });
  bindAddress(view, query, signal);
  root.classList.add("page-full");
  root.append(h("div", { class: "viewer" }, stage.element));
  await opener.show(page.params["frame"] ?? "");
  return { update: ({ frame = "" }) => void opener.show(frame) };
}
