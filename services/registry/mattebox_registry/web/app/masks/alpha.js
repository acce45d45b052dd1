/** Alpha masks over a picture (docs/rendering.md): several let through what any of them does. */

/** @import { Picture } from "./picture.js" */
import { byteAt, codeAt, floatAt } from "./arrays.js";
import { parseColor } from "./colors.js";

/**
 * @typedef {object} AlphaLayer
 * @property {Uint8Array | Uint16Array} alpha 255 lets everything through
 * @property {number} opacity
 * @property {string | null} tint
 */

const TINT_SHARE = 0.5;

/**
 * Show a picture through alpha masks of its size, over a background or, where that is null, over nothing.
 * @param {Picture} picture
 * @param {readonly AlphaLayer[]} layers
 * @param {string | null} background
 * @returns {Picture}
 */
export function applyAlpha(picture, layers, background) {
  if (layers.length === 0 && picture.isOpaque) return picture;
  const colors = new Uint8ClampedArray(picture.pixels);
  for (const layer of layers) if (layer.tint !== null) tint(colors, layer.alpha, layer.tint);
  const through = throughAll(picture, layers);
  if (background === null) {
    for (let i = 0; i < through.length; i++) colors[i * 4 + 3] = floatAt(through, i) * 255;
  } else {
    layOver(colors, through, background);
  }
  return { ...picture, pixels: colors, isOpaque: background !== null };
}

/**
 * What of each pixel is seen, 0..1.
 * @param {Picture} picture
 * @param {readonly AlphaLayer[]} layers
 */
function throughAll(picture, layers) {
  const through = new Float32Array(picture.width * picture.height);
  if (layers.length === 0) through.fill(1);
  for (const { alpha, opacity } of layers) {
    const closed = 1 - opacity;
    for (let i = 0; i < through.length; i++) {
      const seen = closed + (opacity * codeAt(alpha, i)) / 255;
      if (seen > floatAt(through, i)) through[i] = seen;
    }
  }
  if (picture.isOpaque) return through;
  for (let i = 0; i < through.length; i++) through[i] = (floatAt(through, i) * byteAt(picture.pixels, i * 4 + 3)) / 255;
  return through;
}

/**
 * Blend colours half-way to the tint where the mask lets everything through, less where it lets less.
 * @param {Uint8ClampedArray} colors
 * @param {Uint8Array | Uint16Array} alpha
 * @param {string} color
 */
function tint(colors, alpha, color) {
  const [red, green, blue] = parseColor(color);
  for (let i = 0, p = 0; p < colors.length; i++, p += 4) {
    const share = (codeAt(alpha, i) / 255) * TINT_SHARE;
    colors[p] = byteAt(colors, p) + (red - byteAt(colors, p)) * share;
    colors[p + 1] = byteAt(colors, p + 1) + (green - byteAt(colors, p + 1)) * share;
    colors[p + 2] = byteAt(colors, p + 2) + (blue - byteAt(colors, p + 2)) * share;
  }
}

/**
 * @param {Uint8ClampedArray} colors
 * @param {Float32Array} through
 * @param {string} background
 */
function layOver(colors, through, background) {
  const [red, green, blue] = parseColor(background);
  for (let i = 0, p = 0; p < colors.length; i++, p += 4) {
    const seen = floatAt(through, i);
    colors[p] = red + (byteAt(colors, p) - red) * seen;
    colors[p + 1] = green + (byteAt(colors, p + 1) - green) * seen;
    colors[p + 2] = blue + (byteAt(colors, p + 2) - blue) * seen;
    colors[p + 3] = 255;
  }
}
