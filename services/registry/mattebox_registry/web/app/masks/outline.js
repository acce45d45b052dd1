/**
 * Label borders: the pixels that have another code within a radius, centre to centre.
 *
 * The nearest pixel of another code always has a direct neighbour of the first pixel's code. So it is enough to look
 * around those pixels, few in most masks, that have a neighbour of another code.
 */

import { codeAt } from "./arrays.js";

/** @typedef {Uint8Array | Uint16Array | Uint32Array} Codes */

/**
 * The codes of a map in which pixels within `radius` of another code are raised by `count`.
 * @param {Codes} codes
 * @param {number} width
 * @param {number} count codes that there are
 * @param {number} radius px
 * @returns {Codes}
 */
export function outlinedCodes(codes, width, count, radius) {
  if (radius <= 0) return codes;
  const out = 2 * count <= 0x10000 ? new Uint16Array(codes) : new Uint32Array(codes);
  const rows = diskRows(radius);
  const height = codes.length / width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isAtBorder(codes, width, x, y)) raiseAround(out, codes, width, x, y, rows, count);
    }
  }
  return out;
}

/**
 * Half the width of a disk in each of its rows.
 * @param {number} radius
 */
function diskRows(radius) {
  const reach = Math.floor(radius);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => Math.floor(Math.sqrt(radius ** 2 - (i - reach) ** 2)));
}

/**
 * @param {Codes} codes
 * @param {number} width
 * @param {number} x
 * @param {number} y
 */
function isAtBorder(codes, width, x, y) {
  const i = y * width + x;
  const code = codeAt(codes, i);
  return (
    (x > 0 && codeAt(codes, i - 1) !== code) ||
    (x + 1 < width && codeAt(codes, i + 1) !== code) ||
    (y > 0 && codeAt(codes, i - width) !== code) ||
    (i + width < codes.length && codeAt(codes, i + width) !== code)
  );
}

/**
 * Raise the pixels of a disk whose code is not that of its middle.
 * @param {Codes} out
 * @param {Codes} codes
 * @param {number} width
 * @param {number} x
 * @param {number} y
 * @param {readonly number[]} rows
 * @param {number} count
 */
function raiseAround(out, codes, width, x, y, rows, count) {
  const code = codeAt(codes, y * width + x);
  const reach = (rows.length - 1) / 2;
  const last = codes.length / width - 1;
  for (let row = Math.max(0, y - reach); row <= Math.min(last, y + reach); row++) {
    const half = rows[row - y + reach] ?? 0;
    const end = row * width + Math.min(width - 1, x + half);
    for (let i = row * width + Math.max(0, x - half); i <= end; i++) {
      const other = codeAt(codes, i);
      if (other !== code) out[i] = other + count;
    }
  }
}
