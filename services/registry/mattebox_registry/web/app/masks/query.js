/**
 * Views as queries: of the address bar, and of the server's previews. A parameter that has no use is passed over when
 * it is read, since addresses are typed and shortened by hand.
 */

import { MAX_ZOOM } from "../viewer/zoom.js";
import { isColor } from "./colors.js";
import { readList, writeList } from "./entries.js";
import { BACKGROUND, DEFAULT_VIEW, MAX_OUTLINE_PX } from "./view.js";

/** @import { Mode, View } from "./view.js" */

/** No picture is as large. */
const MAX_SIDE_PX = 1e6;

/**
 * The parameters of a view that a preview has too, those at their default left out.
 * @param {View} view
 * @param {readonly string[]} hide labels that are hidden, also by showing one alone
 * @returns {URLSearchParams}
 */
export function previewQuery(view, hide = view.hide) {
  const query = new URLSearchParams();
  if (view.source !== null) query.set("source", view.source);
  if (view.masks !== null) query.set("masks", writeList(view.masks));
  if (view.mode !== "auto") query.set("mode", view.mode);
  if (view.opacity !== null) query.set("opacity", formatNumber(view.opacity));
  for (const [mask, mode] of view.modes) query.set(`mode.${mask}`, mode);
  for (const [mask, opacity] of view.opacities) query.set(`opacity.${mask}`, formatNumber(opacity));
  for (const [mask, tint] of view.tints) query.set(`tint.${mask}`, tint);
  if (view.background !== BACKGROUND) query.set("background", view.background ?? "transparent");
  if (hide.length > 0) query.set("hide", writeList(hide));
  if (view.unmapped !== null) query.set("unmapped", view.unmapped);
  if (view.outline > 0) query.set("outline", String(view.outline));
  return query;
}

/**
 * The query of the address bar that brings this view back.
 * @param {View} view
 * @returns {URLSearchParams}
 */
export function writeView(view) {
  const query = previewQuery(view);
  if (view.solo !== null) query.set("solo", view.solo);
  for (const [name, color] of view.colors) query.set(`color.${name}`, color);
  for (const [name, strength] of view.strengths) query.set(`strength.${name}`, formatNumber(strength));
  if (view.place !== null) {
    const { x, y, zoom } = view.place;
    query.set("at", [x, y, zoom].map((number) => String(Number(number.toPrecision(6)))).join(","));
  }
  return query;
}

/**
 * @param {URLSearchParams} query
 * @returns {View}
 */
export function readView(query) {
  const view = { ...DEFAULT_VIEW };
  view.source = query.get("source") || null;
  view.masks = query.has("masks") ? readList(query.get("masks") ?? "") : null;
  view.mode = readMode(query.get("mode")) ?? "auto";
  view.opacity = readOpacity(query.get("opacity"));
  view.modes = readFamily(query, "mode", readMode);
  view.opacities = readFamily(query, "opacity", readOpacity);
  view.tints = readFamily(query, "tint", readColor);
  view.background = query.get("background") === "transparent" ? null : (readColor(query.get("background")) ?? BACKGROUND);
  view.hide = readList(query.get("hide") ?? "");
  view.unmapped = readColor(query.get("unmapped"));
  view.outline = readOutline(query.get("outline"));
  view.solo = query.get("solo") || null;
  view.colors = readFamily(query, "color", readColor);
  view.strengths = readFamily(query, "strength", readOpacity);
  view.place = readPlace(query.get("at"));
  return view;
}

/**
 * @template V
 * @param {URLSearchParams} query
 * @param {string} family of parameters `family.<key>`
 * @param {(text: string) => V | null} read
 * @returns {ReadonlyMap<string, V>}
 */
function readFamily(query, family, read) {
  const found = new Map();
  for (const [name, text] of query) {
    const key = name.startsWith(`${family}.`) ? name.slice(family.length + 1) : "";
    const value = read(text);
    if (key !== "" && value !== null) found.set(key, value);
  }
  return found;
}

/**
 * @param {string | null} text
 * @returns {Mode | null}
 */
function readMode(text) {
  return text === "auto" || text === "segmentation" || text === "alpha" ? text : null;
}

/** @param {string | null} text */
function readColor(text) {
  return text !== null && isColor(text) ? text.toLowerCase() : null;
}

/** @param {string | null} text */
function readOpacity(text) {
  if (text === null || !/^(\d+(\.\d*)?|\.\d+)$/.test(text)) return null;
  const number = Number(text);
  return number <= 1 ? number : null;
}

/** @param {string | null} text */
function readOutline(text) {
  const width = text !== null && /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return width <= MAX_OUTLINE_PX ? width : 0;
}

/** @param {string | null} text */
function readPlace(text) {
  const [x, y, zoom, more] = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (x === undefined || y === undefined || zoom === undefined || more !== undefined) return null;
  const isSane = [x, y].every((at) => Math.abs(at) < MAX_SIDE_PX) && zoom >= 1 / MAX_SIDE_PX && zoom <= MAX_ZOOM;
  return isSane ? { x, y, zoom } : null;
}

/**
 * Without the noise of binary fractions, and never as 1e-7, which would be another spelling.
 * @param {number} number
 */
function formatNumber(number) {
  return String(Number(number.toFixed(4)));
}
