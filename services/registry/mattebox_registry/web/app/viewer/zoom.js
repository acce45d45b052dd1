/**
 * Where on the stage the picture lies. Lengths on the stage are device pixels, so that a zoom of 1 is one pixel of the
 * source to one of the screen.
 */

/** @import { Place } from "../masks/view.js" */

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ x: number, y: number }} Point */

export const MAX_ZOOM = 64;
const MIN_SIDE_PX = 16;

/**
 * Show the whole picture, as large as the stage lets it be.
 * @param {Size} source
 * @param {Size} stage
 * @returns {Place}
 */
export function fitPlace(source, stage) {
  const zoom = Math.min(stage.width / source.width, stage.height / source.height, MAX_ZOOM);
  return { x: source.width / 2, y: source.height / 2, zoom };
}

/**
 * Change the zoom so that what lies under a point of the stage stays there.
 * @param {Place} place
 * @param {number} zoom
 * @param {Point} point
 * @param {Size} stage
 * @param {Size} source
 * @returns {Place}
 */
export function zoomAt(place, zoom, point, stage, source) {
  const least = MIN_SIDE_PX / Math.max(source.width, source.height);
  const limited = Math.min(Math.max(zoom, least), MAX_ZOOM);
  const under = toSource(place, point, stage);
  const x = under.x - (point.x - stage.width / 2) / limited;
  const y = under.y - (point.y - stage.height / 2) / limited;
  return keepInView({ x, y, zoom: limited }, source);
}

/**
 * Move the picture along with a pointer.
 * @param {Place} place
 * @param {number} dx device pixels
 * @param {number} dy
 * @param {Size} source
 * @returns {Place}
 */
export function pan(place, dx, dy, source) {
  return keepInView({ ...place, x: place.x - dx / place.zoom, y: place.y - dy / place.zoom }, source);
}

/**
 * The pixel of the source under a point of the stage; it may lie outside of the picture.
 * @param {Place} place
 * @param {Point} point
 * @param {Size} stage
 * @returns {Point}
 */
export function toSource(place, point, stage) {
  return {
    x: place.x + (point.x - stage.width / 2) / place.zoom,
    y: place.y + (point.y - stage.height / 2) / place.zoom,
  };
}

/**
 * The corner of the picture on the stage. Whole device pixels, so that at 1:1 no pixel is smeared over two.
 * @param {Place} place
 * @param {Size} stage
 * @returns {Point}
 */
export function topLeft(place, stage) {
  return {
    x: Math.round(stage.width / 2 - place.x * place.zoom),
    y: Math.round(stage.height / 2 - place.y * place.zoom),
  };
}

/**
 * @param {Point} point
 * @param {Size} source
 */
export function isInside(point, source) {
  return point.x >= 0 && point.y >= 0 && point.x < source.width && point.y < source.height;
}

/**
 * The middle of the stage always shows some of the picture.
 * @param {Place} place
 * @param {Size} source
 * @returns {Place}
 */
export function keepInView({ x, y, zoom }, source) {
  return { x: Math.min(Math.max(x, 0), source.width), y: Math.min(Math.max(y, 0), source.height), zoom };
}
