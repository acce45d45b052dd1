/** The warnings of a mask report in words, with what to do about each. */

import { counted } from "../components/numbers.js";
import { formatValue } from "./entries.js";
import { formatShare } from "./legend.js";

/**
 * @typedef {object} Advice
 * @property {string} mask
 * @property {"problem" | "warning"} gravity a problem keeps the mask from being drawn
 * @property {string} text what was found
 * @property {string} deed what to do about it
 */

/** By code of a warning; others say themselves what to do. */
const DEEDS = new Map([
  ["unmapped_pixels", "Light them up to see where they are; then declare their values under Masks & labels."],
  ["size_mismatch", "Check that mask and picture belong together. Masks of another shape are mostly of another picture."],
  ["mask_turned", "Nothing, if the mask fits. Otherwise store both without an EXIF orientation."],
]);

/** By the end of the code of a mask that could not be read. */
const REMEDIES = new Map([
  ["not_found", "Check the mask's URI, and register the frame again with the right one."],
  ["forbidden", "Give the renderer credentials for that store, then draw it again."],
  ["timeout", "Draw it again; if that happens often, the store is too slow or too far away."],
  ["too_large", "Store a smaller file, or raise the renderer's limit of bytes."],
  ["blocked", "Start the renderer with --file-root or --allow-cidr for that place, then draw it again."],
  ["unreachable", "See that the host is up, then draw it again."],
  ["not_an_image", "Open the file elsewhere: it may be damaged, or not a mask at all."],
  ["too_many_pixels", "Store a smaller mask, or raise the renderer's limit of pixels."],
  ["no_such_video_frame", "Check the mask's timestamp: milliseconds from the start of its video."],
  ["unsupported_type", "Store the mask as an image or a video."],
]);

/**
 * @param {readonly Record<string, any>[]} reports of masks
 * @returns {Advice[]} problems first
 */
export function adviceOf(reports) {
  const found = reports.flatMap((report) =>
    (report["warnings"] ?? [])
      .filter((/** @type {{ code: string }} */ { code }) => code !== "dark_alpha") // class_ids.js tells it, with its values
      .map((/** @type {{ code: string, message: string }} */ warning) => adviseOn(report, warning)),
  );
  return [...found.filter(isProblem), ...found.filter((advice) => !isProblem(advice))];
}

/**
 * What to do about a code of a preview that failed.
 * @param {string} code
 */
export function remedyOf(code) {
  const known = [...REMEDIES].find(([ending]) => code === ending || code.endsWith(`_${ending}`));
  return known?.[1].replaceAll("mask", code.startsWith("mask_") ? "mask" : "source") ?? "Draw it again. If that does not help, the renderer's log says more.";
}

/**
 * @param {Record<string, any>} report
 * @param {{ code: string, message: string }} warning
 * @returns {Advice}
 */
function adviseOn(report, { code, message }) {
  const mask = report["id"];
  if (report["error"] === code) return { mask, gravity: "problem", text: `Not drawn. ${message}`, deed: remedyOf(code) };
  const text = code === "unmapped_pixels" && report["unmapped"] ? unmappedWords(report["unmapped"]) : message;
  return { mask, gravity: "warning", text, deed: DEEDS.get(code) ?? "" };
}

/** @param {{ share: number, values: { value: number[] | number | null, pixels: number }[] }} unmapped */
function unmappedWords({ share, values }) {
  const named = values.slice(0, 5).map(({ value, pixels }) => `${formatValue(value)}: ${counted(pixels, "pixel")}`);
  const most = named.length === 0 ? "" : ` Most frequent: ${named.join("; ")}.`;
  return `${formatShare(share)} of the mask's pixels have values without an entry.${most}`;
}

/** @param {Advice} advice */
function isProblem({ gravity }) {
  return gravity === "problem";
}
