/** Label borders, by the renderer's method: a disk around a pixel holds another code when its least and greatest differ. */

/** @typedef {Uint8Array | Uint16Array | Uint32Array} Codes */

/**
 * The codes of a map in which pixels within `radius` of another code are raised by `count`.
 * @param {Codes} codes
 * @param {number} width
 * @param {number} count codes that there are
 * @param {number} radius px, centre to centre
 * @returns {Codes}
 */
export function outlinedCodes(codes, width, count, radius) {
  if (radius <= 0) return codes;
  const least = overDisk(codes, width, radius, false);
  const greatest = overDisk(codes, width, radius, true);
  const out = 2 * count <= 0x10000 ? new Uint16Array(codes.length) : new Uint32Array(codes.length);
  for (let i = 0; i < out.length; i++) {
    const code = /** @type {number} */ (codes[i]);
    out[i] = least[i] === greatest[i] ? code : code + count;
  }
  return out;
}

/**
 * The extreme of each pixel's disk; beyond the picture there is nothing.
 * @param {Codes} codes
 * @param {number} width
 * @param {number} radius
 * @param {boolean} greatest or least
 * @returns {Codes}
 */
function overDisk(codes, width, radius, greatest) {
  const height = codes.length / width;
  const result = codes.slice();
  const alongRow = codes.slice();
  let half = 0;
  for (let offset = Math.floor(radius); offset >= 0; offset--) {
    for (; half < Math.floor(Math.sqrt(radius * radius - offset * offset)); half++) {
      takeShiftedColumns(alongRow, codes, width, half + 1, greatest);
    }
    for (const dy of offset === 0 ? [0] : [-offset, offset]) takeShiftedRows(result, alongRow, width, height, dy, greatest);
  }
  return result;
}

/**
 * @param {Codes} into
 * @param {Codes} from
 * @param {number} width
 * @param {number} by columns to both sides
 * @param {boolean} greatest
 */
function takeShiftedColumns(into, from, width, by, greatest) {
  for (let row = 0; row < from.length; row += width) {
    for (let i = row; i < row + width - by; i++) {
      takeOne(into, i, /** @type {number} */ (from[i + by]), greatest);
      takeOne(into, i + by, /** @type {number} */ (from[i]), greatest);
    }
  }
}

/**
 * @param {Codes} into
 * @param {Codes} from
 * @param {number} width
 * @param {number} height
 * @param {number} dy
 * @param {boolean} greatest
 */
function takeShiftedRows(into, from, width, height, dy, greatest) {
  const end = Math.min(height, height - dy) * width;
  for (let i = Math.max(0, -dy) * width; i < end; i++) {
    takeOne(into, i, /** @type {number} */ (from[i + dy * width]), greatest);
  }
}

/**
 * @param {Codes} into
 * @param {number} i
 * @param {number} code
 * @param {boolean} greatest
 */
function takeOne(into, i, code, greatest) {
  const known = /** @type {number} */ (into[i]);
  if (greatest ? code > known : code < known) into[i] = code;
}
