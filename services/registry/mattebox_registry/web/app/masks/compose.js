/**
 * Segmentation masks painted over a picture: out = picture · (1 - opacity) + colour · opacity, in the order of the
 * layers, rounded once. Over a transparent picture by Porter and Duff's `over`.
 */

/** @import { Codes } from "./outline.js" */
/** @import { Picture } from "./picture.js" */
import { byteAt, codeAt, floatAt } from "./arrays.js";
import { FLOATS } from "./paint.js";

/**
 * @typedef {object} PaintLayer
 * @property {Codes} codes one for each pixel of the picture
 * @property {Float32Array} paint a table of paint.js
 */

/**
 * @param {Picture} picture
 * @param {readonly PaintLayer[]} layers
 * @param {Uint8ClampedArray<ArrayBuffer>} [into] of the picture's length, to be used again
 * @returns {Picture}
 */
export function paintLayers(picture, layers, into = new Uint8ClampedArray(picture.pixels.length)) {
  const [first] = layers;
  if (first === undefined) return picture;
  if (!picture.isOpaque) paintOverTransparent(picture.pixels, into, layers);
  else if (layers.length === 1) paintOne(picture.pixels, into, first);
  else paintSeveral(picture.pixels, into, layers);
  return { ...picture, pixels: into };
}

/**
 * As `paintSeveral` does, three times as fast: what happens at each move of an opacity slider.
 * @param {Uint8ClampedArray} pixels
 * @param {Uint8ClampedArray} into
 * @param {PaintLayer} layer
 */
function paintOne(pixels, into, { codes, paint }) {
  for (let i = 0, p = 0; p < pixels.length; i++, p += 4) {
    const code = codeAt(codes, i) * FLOATS;
    const keep = 1 - floatAt(paint, code + 3);
    into[p] = byteAt(pixels, p) * keep + floatAt(paint, code);
    into[p + 1] = byteAt(pixels, p + 1) * keep + floatAt(paint, code + 1);
    into[p + 2] = byteAt(pixels, p + 2) * keep + floatAt(paint, code + 2);
    into[p + 3] = 255;
  }
}

/**
 * @param {Uint8ClampedArray} pixels
 * @param {Uint8ClampedArray} into
 * @param {readonly PaintLayer[]} layers
 */
function paintSeveral(pixels, into, layers) {
  for (let i = 0, p = 0; p < pixels.length; i++, p += 4) {
    let red = byteAt(pixels, p);
    let green = byteAt(pixels, p + 1);
    let blue = byteAt(pixels, p + 2);
    for (const { codes, paint } of layers) {
      const code = codeAt(codes, i) * FLOATS;
      const keep = 1 - floatAt(paint, code + 3);
      red = red * keep + floatAt(paint, code);
      green = green * keep + floatAt(paint, code + 1);
      blue = blue * keep + floatAt(paint, code + 2);
    }
    into[p] = red;
    into[p + 1] = green;
    into[p + 2] = blue;
    into[p + 3] = 255;
  }
}

/**
 * @param {Uint8ClampedArray} pixels
 * @param {Uint8ClampedArray} into
 * @param {readonly PaintLayer[]} layers
 */
function paintOverTransparent(pixels, into, layers) {
  for (let i = 0, p = 0; p < pixels.length; i++, p += 4) {
    let alpha = byteAt(pixels, p + 3) / 255;
    let red = byteAt(pixels, p) * alpha;
    let green = byteAt(pixels, p + 1) * alpha;
    let blue = byteAt(pixels, p + 2) * alpha;
    for (const { codes, paint } of layers) {
      const code = codeAt(codes, i) * FLOATS;
      const opacity = floatAt(paint, code + 3);
      red = red * (1 - opacity) + floatAt(paint, code);
      green = green * (1 - opacity) + floatAt(paint, code + 1);
      blue = blue * (1 - opacity) + floatAt(paint, code + 2);
      alpha = alpha * (1 - opacity) + opacity;
    }
    const shown = Math.max(alpha, 1e-6);
    into[p] = red / shown;
    into[p + 1] = green / shown;
    into[p + 2] = blue / shown;
    into[p + 3] = alpha * 255;
  }
}
