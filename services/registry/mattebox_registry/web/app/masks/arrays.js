/**
 * Elements that are known to be there. One function for each kind of array: shared by several kinds, the engine would
 * look up the kind at each pixel.
 */

/**
 * @param {Uint8ClampedArray} bytes
 * @param {number} i
 */
export function byteAt(bytes, i) {
  return /** @type {number} */ (bytes[i]);
}

/**
 * @param {Float32Array} floats
 * @param {number} i
 */
export function floatAt(floats, i) {
  return /** @type {number} */ (floats[i]);
}

/**
 * @param {Uint8Array | Uint16Array | Uint32Array} codes
 * @param {number} i
 */
export function codeAt(codes, i) {
  return /** @type {number} */ (codes[i]);
}
