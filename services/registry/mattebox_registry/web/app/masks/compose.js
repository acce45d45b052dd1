/**
 * Segmentation masks painted over a picture: out = picture · (1 - opacity) + colour · opacity, in the order of the
 * layers, rounded once. Over a transparent picture by Porter and Duff's `over`.
 */

import { isOpaque } from "./alpha.js";
import { FLOATS } from "./paint.js";

/** @import { Picture } from "./alpha.js" */

/**
 * @typedef {object} PaintLayer
 * @property {import("./outline.js").Codes} codes one for each pixel of the picture
 * @property {Float32Array} paint a table of paint.js
 */

/**
 * @param {Picture} picture
 * @param {readonly PaintLayer[]} layers
 * @returns {Picture}
 */
export function paintLayers(picture, layers) {
  if (layers.length === 0) return picture;
  const pixels = new Uint8ClampedArray(picture.pixels);
  const paintAll = isOpaque(picture) ? paintOpaque : paintTransparent;
  paintAll(pixels, layers);
  return { ...picture, pixels };
}

/**
 * @param {Uint8ClampedArray} pixels
 * @param {readonly PaintLayer[]} layers
 */
function paintOpaque(pixels, layers) {
  for (let i = 0, at = 0; at < pixels.length; i++, at += 4) {
    let red = number(pixels, at);
    let green = number(pixels, at + 1);
    let blue = number(pixels, at + 2);
    for (let l = 0; l < layers.length; l++) {
      const { codes, paint } = /** @type {PaintLayer} */ (layers[l]);
      const code = number(codes, i) * FLOATS;
      const keep = 1 - number(paint, code + 3);
      red = red * keep + number(paint, code);
      green = green * keep + number(paint, code + 1);
      blue = blue * keep + number(paint, code + 2);
    }
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
  }
}

/**
 * @param {Uint8ClampedArray} pixels
 * @param {readonly PaintLayer[]} layers
 */
function paintTransparent(pixels, layers) {
  for (let i = 0, at = 0; at < pixels.length; i++, at += 4) {
    let alpha = number(pixels, at + 3) / 255;
    const color = [0, 1, 2].map((c) => number(pixels, at + c) * alpha);
    for (const { codes, paint } of layers) {
      const code = number(codes, i) * FLOATS;
      const opacity = number(paint, code + 3);
      for (let c = 0; c < 3; c++) color[c] = number(color, c) * (1 - opacity) + number(paint, code + c);
      alpha = alpha * (1 - opacity) + opacity;
    }
    for (let c = 0; c < 3; c++) pixels[at + c] = number(color, c) / Math.max(alpha, 1e-6);
    pixels[at + 3] = alpha * 255;
  }
}

/**
 * @param {ArrayLike<number>} array
 * @param {number} i
 */
function number(array, i) {
  return /** @type {number} */ (array[i]);
}
