/** Copy and download: the link of the view, and the server's exact preview of it. */

/** @import { Store } from "../store.js" */
/** @import { View } from "../masks/view.js" */
/** @import { Loader } from "./loader.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { copyButton } from "../components/copy.js";
import { openDialog } from "../components/dialog.js";
import { h } from "../dom.js";
import { exactQuery, hasOwnColors } from "./exact.js";

const FORMATS = /** @type {const} */ (["png", "webp", "jpeg"]);

/**
 * @param {{ loader: Loader, view: Store<View>, open: Store<OpenFrame | null>, flush: () => void }} parts
 */
export function openShare({ loader, view, open, flush }) {
  const frame = open.get();
  if (frame === null) return;
  flush();
  const { id } = frame.frame;
  const now = view.get();
  /** @param {string} format */
  const address = (format) => new URL(loader.url(id, exactQuery(now, frame.legends, { size: "full", format })), location.origin).href;
  const formats = FORMATS.filter((format) => format !== "jpeg" || now.background !== null);
  openDialog({
    title: "Share this view",
    content: h(
      "div",
      { class: "share" },
      row("Link to this view", location.href, "Opens the same frame, masks, colours and place. Who opens it signs in first."),
      row("Exact preview", address("png"), "The picture in full size, drawn by the server. Programs send their token with it."),
      h(
        "div",
        { class: "share-downloads" },
        formats.map((format) =>
          h("a", { class: "button", href: address(format), download: `${fileName(id)}.${format}` }, `Download ${format === "jpeg" ? "JPEG" : format === "png" ? "PNG" : "WebP"}`),
        ),
      ),
      hasOwnColors(now) && h("p", { class: "panel-note" }, "Colours of your own are in the link, but not in the server's preview: save them to the draft for that."),
    ),
  });
}

/**
 * @param {string} title
 * @param {string} text
 * @param {string} note
 */
function row(title, text, note) {
  const field = h("input", { class: "input mono share-address", readonly: true, value: text, "aria-label": title, on: { focus: () => field.select() } });
  return h(
    "section",
    { class: "share-row" },
    h("h3", null, title),
    h("div", { class: "share-line" }, field, copyButton(() => text, { label: `Copy ${title.toLowerCase()}` })),
    h("p", { class: "panel-note" }, note),
  );
}

/** @param {string} id */
function fileName(id) {
  return id.replace(/[^\w.-]+/g, "_").slice(0, 100) || "frame";
}
