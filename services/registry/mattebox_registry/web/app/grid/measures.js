/** @import { Measures } from "./layout.js" */
/** @import { FrameBrief } from "./frames.js" */

export const TILE = { least: 96, most: 480, usual: 200 };

const GAP = 12;
const NARROW_GAP = 8;
const BARE_GAP = 4;
const CAPTION_HEIGHT = 28;
const HEAD_HEIGHT = 48;
const ROW_HEIGHT = 56;
const NARROW_PX = 600;
/** Tiles lower than these leave out more and more words. */
const LOW_PX = 170;
const VERY_LOW_PX = 125;
/** Chosen smaller than this, a tile is a picture alone. */
const LEAST_CAPTIONED_PX = 120;

/**
 * Lay tiles of at least a given width next to each other, stretched so that they fill the width.
 * @param {{ width: number, tile: number, ratio: number, grouped: boolean }} wanted `ratio`: width by height of pictures
 * @returns {Measures}
 */
export function gridMeasures({ width, tile, ratio, grouped }) {
  const isNarrow = width < NARROW_PX;
  const caption = tile >= LEAST_CAPTIONED_PX;
  const gap = caption ? (isNarrow ? NARROW_GAP : GAP) : BARE_GAP;
  const columns = Math.max(isNarrow && tile <= TILE.usual ? 2 : 1, Math.floor((width + gap) / (tile + gap)));
  const itemWidth = (width - gap * (columns - 1)) / columns;
  const itemHeight = Math.round(itemWidth / ratio) + (caption ? CAPTION_HEIGHT : 0);
  return { columns, itemWidth, itemHeight, gap, headHeight: grouped ? HEAD_HEIGHT : 0 };
}

/**
 * Tell how much of its words a tile has room for.
 * @param {Measures} measures
 * @returns {{ bare: boolean, low: "" | "low" | "very" }} `bare`: not even its name
 */
export function roomOf({ itemHeight, gap }) {
  return { bare: gap === BARE_GAP, low: itemHeight < VERY_LOW_PX ? "very" : itemHeight < LOW_PX ? "low" : "" };
}

/**
 * One row for each frame.
 * @param {{ width: number, grouped: boolean }} wanted
 * @returns {Measures}
 */
export function tableMeasures({ width, grouped }) {
  return { columns: 1, itemWidth: width, itemHeight: ROW_HEIGHT, gap: 0, headHeight: grouped ? HEAD_HEIGHT : 0 };
}

/** Shapes in which most pictures come; a tile has the nearest, so that it does not change with every few pixels. */
const RATIOS = [3 / 4, 1, 4 / 3, 3 / 2, 16 / 9, 2];

/**
 * Give the shape of tiles for some frames: that of most of their pictures.
 * @param {FrameBrief[]} frames
 */
export function commonRatio(frames) {
  const known = frames.flatMap(({ sources: [first] }) => (first?.width && first.height ? [first.width / first.height] : []));
  known.sort((a, b) => a - b);
  const middle = known[known.length >> 1] ?? 3 / 2;
  return RATIOS.reduce((best, ratio) => (Math.abs(ratio - middle) < Math.abs(best - middle) ? ratio : best));
}
