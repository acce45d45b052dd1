/** Index maps come out of their PNG exactly, whatever filter each row has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { decodeGrey } from "../../services/registry/mattebox_registry/web/app/masks/png.js";

test("every row filter is undone, at 8 and at 16 bits", async () => {
  for (const bits of [8, 16]) {
    const samples = Array.from({ length: 7 * 5 }, (_, i) => (i * 7919 + (i % 3) * 255) % 2 ** bits);
    const image = await decodeGrey(encode(samples, 7, 5, bits));
    assert.deepEqual([image.width, image.height], [7, 5]);
    assert.deepEqual([...image.pixels], samples);
  }
});

test("data in several chunks is one stream, and chunks that mean nothing here are passed over", async () => {
  const image = await decodeGrey(encode([1, 2, 3, 4], 2, 2, 8, { pieces: 3, extra: true }));
  assert.deepEqual([...image.pixels], [1, 2, 3, 4]);
});

test("what is no grey PNG is refused", async () => {
  await assert.rejects(decodeGrey(new TextEncoder().encode("<html>")), /not a PNG/);
  await assert.rejects(decodeGrey(encode([1, 2, 3, 4], 2, 2, 8, { colorType: 3 })), /not a grey/);
  await assert.rejects(decodeGrey(encode([1, 2, 3], 2, 2, 8)), /breaks off/);
});

/** Encode samples with filter types 0 to 4 by turns, as the specification says them. */
function encode(samples, width, height, bits, { pieces = 1, extra = false, colorType = 0 } = {}) {
  const step = bits / 8;
  const raw = Buffer.from(samples.flatMap((v) => (step === 1 ? [v] : [v >> 8, v & 255])));
  const rows = [];
  for (let y = 0; y * width * step < raw.length; y++) {
    const filter = y % 5;
    const row = [filter];
    for (let x = 0; x < width * step && y * width * step + x < raw.length; x++) {
      const byte = (dx, dy) => (x + dx < 0 || y + dy < 0 ? 0 : raw[(y + dy) * width * step + x + dx]);
      const [a, b, c] = [byte(-step, 0), byte(0, -1), byte(-step, -1)];
      row.push((byte(0, 0) - [0, a, b, (a + b) >> 1, predict(a, b, c)][filter]) & 255);
    }
    rows.push(Buffer.from(row));
  }
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, bits, colorType, 0, 0, 0]);
  const packed = deflateSync(Buffer.concat(rows));
  const cut = Math.ceil(packed.length / pieces);
  const data = Array.from({ length: pieces }, (_, i) => chunk("IDAT", packed.subarray(i * cut, (i + 1) * cut)));
  const more = extra ? [chunk("tEXt", Buffer.from("IDAT"))] : [];
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const file = Buffer.concat([signature, chunk("IHDR", header), ...more, ...data, chunk("IEND", Buffer.alloc(0))]);
  return new Uint8Array(file);
}

function chunk(name, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
}

function predict(a, b, c) {
  const p = a + b - c;
  const [pa, pb, pc] = [a, b, c].map((v) => Math.abs(p - v));
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
