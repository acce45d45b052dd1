/** The frame that is open: its document, the source that is looked at, and how its preview stands. */

/** @import { Frame, Mask, Source } from "../types.js" */
/** @import { Mode } from "../masks/view.js" */
/** @import { Legend, Status } from "./loader.js" */
/** @import { Size } from "./zoom.js" */

/** @typedef {Mask & { mode?: Mode }} NamedMask */

/**
 * @typedef {object} OpenFrame
 * @property {Frame} frame
 * @property {Source} source
 * @property {readonly NamedMask[]} masks of the source
 * @property {Status | null} status of the source's default preview; null: not known yet
 * @property {Size | null} size of the source
 * @property {ReadonlyMap<string, "labels" | "opacity">} kinds by mask id: of its map where no other mode is wanted
 * @property {readonly Legend[]} legends of the index maps in the modes that are applied
 */

/** The address names a source that the frame does not have. */
export class UnknownSource extends Error {
  /**
   * @param {string} wanted
   * @param {readonly string[]} known ids of those that there are
   */
  constructor(wanted, known) {
    super(`This frame has no source “${wanted}”.`);
    this.known = known;
  }
}

/**
 * @param {Frame} frame
 * @param {string | null} wanted source id; null: the first
 * @returns {OpenFrame}
 * @throws {UnknownSource}
 */
export function openFrame(frame, wanted) {
  const sources = sourcesOf(frame);
  const source = wanted === null ? sources[0] : sources.find(({ id }) => id === wanted);
  if (source === undefined) throw new UnknownSource(wanted ?? "", sources.map(({ id }) => id));
  const masks = (source.masks ?? []).map((mask, i) => ({ ...mask, id: mask.id ?? numberedId(i) }));
  return { frame, source, masks, status: null, size: null, kinds: new Map(), legends: [] };
}

/**
 * The sources of a frame, those without an id named by their number.
 * @param {Frame} frame
 * @returns {Source[]}
 */
export function sourcesOf(frame) {
  return frame.sources.map((source, i) => ({ ...source, id: source.id ?? numberedId(i) }));
}

/** @param {OpenFrame} open */
export function maskIds(open) {
  return open.masks.map(({ id }) => id);
}

/**
 * What the renderer found in a mask.
 * @param {OpenFrame} open
 * @param {string} mask
 * @returns {Record<string, any> | null}
 */
export function reportOf(open, mask) {
  const reports = open.status?.report?.["masks"] ?? [];
  return reports.find((/** @type {Record<string, any>} */ report) => report["id"] === mask) ?? null;
}

/** @param {number} position */
function numberedId(position) {
  return String(position).padStart(2, "0");
}
