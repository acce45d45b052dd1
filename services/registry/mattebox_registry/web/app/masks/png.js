/**
 * Index maps are ids, so they must come out of their PNG exactly: a canvas may colour-manage, premultiply or add noise
 * against fingerprinting, and has 8 bits at most.
 *
 * PNG (ISO/IEC 15948): grey of 8 or 16 bits, not interlaced, which is all that an index map ever is.
 */

import { codeAt } from "./arrays.js";

/**
 * @typedef {object} GreyImage
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array | Uint16Array} pixels row by row from the top left
 */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decode a grey PNG.
 * @param {Uint8Array} file
 * @returns {Promise<GreyImage>}
 * @throws {Error} the file is no such PNG, or is damaged
 */
export async function decodeGrey(file) {
  if (SIGNATURE.some((byte, i) => file[i] !== byte)) throw new Error("not a PNG");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { header, data } = readChunks(file, view);
  if (header === null) throw new Error("a PNG without a header");
  const width = view.getUint32(header);
  const height = view.getUint32(header + 4);
  const [bits, colorType, , , interlace] = file.subarray(header + 8, header + 13);
  if ((bits !== 8 && bits !== 16) || colorType !== 0 || interlace !== 0) throw new Error("not a grey index map");
  const bytes = bits / 8;
  const filtered = await inflate(data);
  if (filtered.length !== height * (width * bytes + 1)) throw new Error("a PNG that breaks off");
  const samples = unfilter(filtered, width * bytes, height, bytes);
  return { width, height, pixels: bits === 8 ? samples : bigEndian(samples) };
}

/**
 * @param {Uint8Array} file
 * @param {DataView} view
 */
function readChunks(file, view) {
  /** @type {number | null} */
  let header = null;
  const data = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (name === "IHDR") header = at + 8;
    if (name === "IDAT") data.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { header, data };
}

/**
 * @param {Uint8Array[]} parts
 * @returns {Promise<Uint8Array>}
 */
async function inflate(parts) {
  const packed = new Blob(/** @type {BlobPart[]} */ (parts)).stream();
  return new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
}

/**
 * Undo the filter of each row; `step` is the bytes of a pixel.
 * @param {Uint8Array} filtered
 * @param {number} rowBytes
 * @param {number} height
 * @param {number} step
 */
function unfilter(filtered, rowBytes, height, step) {
  const out = new Uint8Array(rowBytes * height);
  let above = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1);
    const row = out.subarray(y * rowBytes, (y + 1) * rowBytes);
    row.set(filtered.subarray(start + 1, start + 1 + rowBytes));
    const undo = FILTERS[filtered[start] ?? 0];
    if (undo === undefined) throw new Error("a PNG with an unknown filter");
    undo(row, above, step);
    above = row;
  }
  return out;
}

/**
 * By filter type: none, sub, up, average, Paeth. Each adds its prediction to a row in place.
 * @type {((row: Uint8Array, above: Uint8Array, step: number) => void)[]}
 */
const FILTERS = [
  () => {},
  (row, _above, step) => {
    for (let i = step; i < row.length; i++) row[i] = codeAt(row, i) + codeAt(row, i - step);
  },
  (row, above) => {
    for (let i = 0; i < row.length; i++) row[i] = codeAt(row, i) + codeAt(above, i);
  },
  (row, above, step) => {
    for (let i = 0; i < row.length; i++) {
      const left = i < step ? 0 : codeAt(row, i - step);
      row[i] = codeAt(row, i) + ((left + codeAt(above, i)) >> 1);
    }
  },
  (row, above, step) => {
    for (let i = 0; i < row.length; i++) {
      const left = i < step ? 0 : codeAt(row, i - step);
      const corner = i < step ? 0 : codeAt(above, i - step);
      row[i] = codeAt(row, i) + paeth(left, codeAt(above, i), corner);
    }
  },
];

/**
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function paeth(left, up, corner) {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** @param {Uint8Array} bytes */
function bigEndian(bytes) {
  const pixels = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (codeAt(bytes, 2 * i) << 8) | codeAt(bytes, 2 * i + 1);
  return pixels;
}
