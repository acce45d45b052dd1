/**
 * Pixels as canvases hold them: red, green, blue, alpha, not premultiplied.
 * @typedef {object} Picture
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray<ArrayBuffer>} pixels
 * @property {boolean} isOpaque
 */

/**
 * @param {number} width
 * @param {number} height
 * @param {Uint8ClampedArray<ArrayBuffer>} pixels
 * @returns {Picture}
 */
export function pictureOf(width, height, pixels) {
  let isOpaque = true;
  for (let i = 3; isOpaque && i < pixels.length; i += 4) isOpaque = pixels[i] === 255;
  return { width, height, pixels, isOpaque };
}
