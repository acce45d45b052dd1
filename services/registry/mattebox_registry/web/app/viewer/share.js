/** Copy and download: the link of the view, and the server's exact preview of it. */

/** @import { Store } from "../store.js" */
/** @import { View } from "../masks/view.js" */
/** @import { Loader } from "./loader.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { copyButton } from "../components/copy.js";
import { openDialog } from "../components/dialog.js";
import { toast } from "../components/toast.js";
import { h } from "../dom.js";
import { exactQuery, hasOwnColors, isTellable } from "./exact.js";

const NAMES = { png: "PNG", webp: "WebP", jpeg: "JPEG" };
const FORMATS = /** @type {const} */ (["png", "webp", "jpeg"]);
const PATIENCE_MS = 120_000;
const TOO_LONG = "The server's preview takes a list of the labels that are hidden, and here it is too long for an address: show more of them for a preview.";

/**
 * @param {{ loader: Loader, view: Store<View>, open: Store<OpenFrame | null>, flush: () => void }} parts
 */
export function openShare({ loader, view, open, flush }) {
  const frame = open.get();
  if (frame === null) return;
  flush();
  const { id } = frame.frame;
  const now = view.get();
  const exact = exactQuery(now, frame, { size: "full", format: "png" });
  const preview = new URL(loader.url(id, exact), location.origin);
  const formats = FORMATS.filter((format) => format !== "jpeg" || now.background !== null);
  openDialog({
    title: "Share this view",
    content: h(
      "div",
      { class: "share" },
      row("Link to this view", location.href, "Opens the same frame, masks, colours and place. Who opens it signs in first."),
      isTellable(exact)
        ? [
            row("Exact preview", preview.href, "The picture in full size, drawn by the server. Programs send their token with it."),
            h(
              "div",
              { class: "share-downloads" },
              formats.map((format) => downloadButton(loader, id, exactQuery(now, frame, { size: "full", format }), format)),
            ),
          ]
        : h("p", { class: "panel-note" }, TOO_LONG),
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

/**
 * A button, since a link would save the answer that it is not drawn yet.
 * @param {Loader} loader
 * @param {string} id
 * @param {URLSearchParams} query
 * @param {keyof typeof NAMES} format
 */
function downloadButton(loader, id, query, format) {
  const words = `Download ${NAMES[format]}`;
  const button = h("button", { type: "button", class: "button" }, words);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      save(await loader.preview(id, query, AbortSignal.timeout(PATIENCE_MS)), `${fileName(id)}.${format}`);
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
    }
    button.disabled = false;
  });
  return button;
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), PATIENCE_MS);
}

/** @param {string} id */
function fileName(id) {
  return id.replace(/[^\w.-]+/g, "_").slice(0, 100) || "frame";
}
