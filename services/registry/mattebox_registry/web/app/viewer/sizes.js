/** Which size of preview to ask for. */

/** @import { Size } from "./zoom.js" */

/** Longest sides that the server draws. */
const SIDES = [64, 128, 160, 256, 320, 480, 512, 640, 800, 1024, 1280, 1600, 1920, 2048, 2560, 3840];

/** Up to so many pixels a picture is drawn whole in the time between two moves of a slider, and is exact at any zoom. */
const WHOLE_PIXELS = 4.2e6;

/**
 * @param {Size} source
 * @param {number} zoom device pixels to a pixel of the source
 * @returns {number | "full"} longest side
 */
export function sideFor(source, zoom) {
  const longest = Math.max(source.width, source.height);
  if (source.width * source.height <= WHOLE_PIXELS) return "full";
  return SIDES.find((side) => side >= Math.min(1, zoom) * longest && side < longest) ?? "full";
}
