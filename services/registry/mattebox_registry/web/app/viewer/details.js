/** Frame details: file, dimensions, ids, metadata, sources and the document itself. */

/** @import { Store } from "../store.js" */
/** @import { Frame } from "../types.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { copyButton } from "../components/copy.js";
import { jsonTree } from "../components/json-tree.js";
import { fill, h } from "../dom.js";
import { path } from "../router.js";
import { watchPart } from "../store.js";
import { formatTime } from "./time.js";

/**
 * @param {Store<OpenFrame | null>} open
 * @param {AbortSignal} signal
 */
export function details(open, signal) {
  const facts = h("dl", { class: "frame-facts" });
  const more = h("div", { class: "detail-parts" });
  const element = h(
    "details",
    { class: "panel-part details", id: "frame-details" },
    h("summary", { class: "panel-title" }, "Frame details"),
    facts,
    more,
  );
  const show = () => {
    const frame = open.get();
    fill(facts, frame && factsOf(frame).map(([name, text]) => fact(name, text)));
  };
  open.subscribe(show, signal);
  watchPart(open, (it) => it?.frame ?? null, () => fill(more, partsOf(open.get())), signal);
  show();
  return element;
}

/**
 * @param {OpenFrame} open
 * @returns {[string, string | HTMLElement][]}
 */
function factsOf({ frame, source, masks, size, status }) {
  const found = status?.report?.["source"];
  return [
    ["File", fileOf(source.uri)],
    ["URI", source.uri],
    ["Dimensions", size === null ? "not known yet" : `${size.width} x ${size.height}`],
    ["Format", found ? `${found.format} ${found.mode}` : (source.content_type ?? "")],
    ["Frame id", frame.id],
    ["Registered in", originOf(frame)],
    ["Context", frame.context_id ?? ""],
    ["Timestamp", frame.timestamp === undefined ? "" : `${frame.timestamp} ms (${formatTime(frame.timestamp)})`],
    ["Source id", source.id],
    ["Source time", source.timestamp === undefined ? "" : `${source.timestamp} ms (${formatTime(source.timestamp)})`],
    ["Masks", masks.map(({ id }) => id).join(", ")],
    ["Preview", status === null ? "" : status.state],
  ];
}

/** @param {Frame} frame */
function originOf({ id, preview: { inherited_from: origin } }) {
  return origin ? h("a", { href: path`/versions/${origin}/frames/${id}` }, "an earlier version") : "";
}

/**
 * @param {string} name
 * @param {string | HTMLElement} value
 */
function fact(name, value) {
  if (value === "") return null;
  const text = typeof value === "string" ? value : (value.textContent ?? "");
  const copy = ["URI", "Frame id"].includes(name) && copyButton(() => text, { label: `Copy ${name}`, class: "icon-button icon-button-small" });
  return h("div", { class: "frame-fact" }, h("dt", null, name), h("dd", { title: text }, h("span", null, value), copy));
}

/** @param {OpenFrame | null} open */
function partsOf(open) {
  if (open === null) return [];
  // What the registry adds is no part of the document.
  const { preview: _, ...document } = open.frame;
  const { id: _id, context_id: _context, timestamp: _time, sources, ...metadata } = document;
  return [
    part("Metadata", metadata, Object.keys(metadata).length === 0 ? "This frame brings no fields of its own." : ""),
    part("Sources", sources),
    part("Raw JSON", document),
  ];
}

/**
 * @param {string} title
 * @param {unknown} value
 * @param {string} [note] in place of the value
 */
function part(title, value, note = "") {
  return h(
    "details",
    { class: "detail" },
    h("summary", null, title),
    h(
      "div",
      { class: "detail-body" },
      note ? h("p", { class: "panel-note" }, note) : jsonTree(value),
      note ? null : copyButton(() => JSON.stringify(value, null, 2), { label: `Copy ${title}` }),
    ),
  );
}

/** @param {string} uri */
function fileOf(uri) {
  const path = uri.split(/[?#]/)[0] ?? "";
  return path.slice(path.lastIndexOf("/") + 1) || uri;
}
