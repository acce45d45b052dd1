/** One frame's picture and maps, drawn under any view of them; what did not change since the last time is not done again. */

import { applyAlpha } from "./alpha.js";
import { paintLayers } from "./compose.js";
import { hiddenLabels } from "./hiding.js";
import { outlinedCodes } from "./outline.js";
import { codeCount, paintTable } from "./paint.js";
import { maskOpacity } from "./view.js";

/** @import { Picture } from "./picture.js" */
/** @import { LabelMap, MaskMap } from "./entries.js" */
/** @import { Codes } from "./outline.js" */
/** @import { View } from "./view.js" */

/**
 * A mask that is drawn, with its map in the mode it is applied in, of the picture's size.
 * @typedef {object} DrawnMask
 * @property {string} id
 * @property {MaskMap} map
 */

export class Composer {
  /**
   * @param {Picture} picture
   * @param {number} scale pixels of the picture to a pixel of the source, 1 at full size
   */
  constructor(picture, scale) {
    this.picture = picture;
    this.scale = scale;
    // Allocated once: at each move of a slider it would take as long as the painting.
    this.painted = new Uint8ClampedArray(picture.pixels.length);
    /** @type {{key: string, maps: MaskMap[], result: Picture} | null} */
    this.base = null;
    /** @type {WeakMap<LabelMap, {radius: number, codes: Codes}>} */
    this.outlines = new WeakMap();
  }

  /**
   * The result holds until the next one.
   * @param {View} view
   * @param {readonly DrawnMask[]} masks in the order of drawing
   * @returns {Picture}
   */
  draw(view, masks) {
    const hidden = new Set(hiddenLabels(view, masks.flatMap(({ map }) => (map.kind === "labels" ? map.entries : []))));
    const layers = masks.flatMap(({ id, map }) => {
      if (map.kind !== "labels") return [];
      const paint = paintTable(map.entries, view, hidden, maskOpacity(view, id, "segmentation"));
      return [{ codes: this.outlined(map, view.outline), paint }];
    });
    return paintLayers(this.alphaBase(view, masks), layers, this.painted);
  }

  /**
   * The picture through its alpha masks.
   * @param {View} view
   * @param {readonly DrawnMask[]} masks
   */
  alphaBase(view, masks) {
    const alphas = masks.filter(({ map }) => map.kind === "opacity");
    const layers = alphas.map(({ id, map }) => ({
      alpha: map.pixels,
      opacity: maskOpacity(view, id, "alpha"),
      tint: view.tints.get(id) ?? null,
    }));
    const key = JSON.stringify([view.background, layers.map(({ opacity, tint }) => [opacity, tint])]);
    const isSame = this.base?.key === key && alphas.every(({ map }, i) => map === this.base?.maps[i]);
    if (this.base === null || !isSame || this.base.maps.length !== alphas.length) {
      const result = applyAlpha(this.picture, layers, view.background);
      this.base = { key, maps: alphas.map(({ map }) => map), result };
    }
    return this.base.result;
  }

  /**
   * @param {LabelMap} map
   * @param {number} outline px of the source
   */
  outlined(map, outline) {
    // In a reduced picture a thin border is still a pixel wide: it fades in the exact preview, it does not vanish.
    const radius = outline === 0 ? 0 : Math.max(1, Math.round(outline * this.scale));
    const known = this.outlines.get(map);
    if (known?.radius === radius) return known.codes;
    const codes = outlinedCodes(map.pixels, map.width, codeCount(map.entries), radius);
    this.outlines.set(map, { radius, codes });
    return codes;
  }
}
