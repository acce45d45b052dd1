/** Draw a case that Python prepared: `node draw_case.mjs <directory>` reads case.json and its files, writes drawn.rgba. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const APP = "../../services/registry/mattebox_registry/web/app/masks";
const { Composer } = await import(`${APP}/composer.js`);
const { decodeGrey } = await import(`${APP}/png.js`);
const { pictureOf } = await import(`${APP}/picture.js`);
const { readView } = await import(`${APP}/query.js`);

const directory = process.argv[2] ?? ".";
const file = (name) => new Uint8Array(readFileSync(join(directory, name)));
const { width, height, query, masks, scale } = JSON.parse(readFileSync(join(directory, "case.json"), "utf8"));

const picture = pictureOf(width, height, new Uint8ClampedArray(file("picture.rgba")));
const drawn = await Promise.all(
  masks.map(async ({ id, kind, entries, map }) => ({ id, map: { kind, entries, ...(await decodeGrey(file(map))) } })),
);
const result = new Composer(picture, scale).draw(readView(new URLSearchParams(query)), drawn);
writeFileSync(join(directory, "drawn.rgba"), result.pixels);
