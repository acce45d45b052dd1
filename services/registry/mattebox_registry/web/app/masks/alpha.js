/** Alpha masks over a picture (docs/rendering.md): several let through what any of them does. */

import { parseColor } from "./colors.js";

/**
 * Pixels as canvases hold them: red, green, blue, alpha, not premultiplied.
 * @typedef {object} Picture
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray} pixels
 */

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
  if (layers.length === 0 && isOpaque(picture)) return picture;
  const behind = background === null ? null : parseColor(background);
  const tints = layers.map((layer) => (layer.tint === null ? null : parseColor(layer.tint)));
  const { width, height, pixels } = picture;
  const out = new Uint8ClampedArray(pixels.length);
  const color = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    const at = i * 4;
    for (let c = 0; c < 3; c++) color[c] = number(pixels, at + c);
    let through = layers.length === 0 ? 1 : 0;
    for (let l = 0; l < layers.length; l++) {
      const layer = /** @type {AlphaLayer} */ (layers[l]);
      const alpha = number(layer.alpha, i) / 255;
      through = Math.max(through, 1 - layer.opacity * (1 - alpha));
      const tint = tints[l];
      if (tint) tintBy(color, tint, alpha * TINT_SHARE);
    }
    through *= number(pixels, at + 3) / 255;
    for (let c = 0; c < 3; c++) {
      const kept = /** @type {number} */ (color[c]);
      out[at + c] = behind === null ? kept : kept * through + /** @type {number} */ (behind[c]) * (1 - through);
    }
    out[at + 3] = behind === null ? through * 255 : 255;
  }
  return { width, height, pixels: out };
}

/** @param {Picture} picture */
export function isOpaque({ pixels }) {
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 255) return false;
  return true;
}

/**
 * @param {number[]} color
 * @param {readonly number[]} tint
 * @param {number} share
 */
function tintBy(color, tint, share) {
  for (let c = 0; c < 3; c++) {
    const channel = /** @type {number} */ (color[c]);
    color[c] = channel + (/** @type {number} */ (tint[c]) - channel) * share;
  }
}

/**
 * @param {ArrayLike<number>} array
 * @param {number} i
 */
function number(array, i) {
  return /** @type {number} */ (array[i]);
}
