/** Everything that the viewer asks the registry about one version's frames, kept for a while. */

/** @import { Api } from "../api.js" */
/** @import { Frame, PreviewStatus } from "../types.js" */
/** @import { Entry, MaskMap } from "../masks/entries.js" */
/** @import { Picture } from "../masks/picture.js" */
import { previewUrl } from "../api.js";
import { pictureOf } from "../masks/picture.js";
import { decodeGrey } from "../masks/png.js";
import { Recent } from "./recent.js";

/**
 * An index map that the registry has, and what its numbers stand for.
 * @typedef {object} Legend
 * @property {string} mask
 * @property {"labels" | "opacity"} kind
 * @property {string} url
 * @property {string} key
 * @property {number} opacity of the mask where nobody says otherwise
 * @property {Entry[]} entries
 */

/** @typedef {Omit<PreviewStatus, "index"> & { index?: Legend[] }} Status */

/** The longest that the server holds a request that has to wait for a render. */
const WAIT_S = "25";
const MAPS_KEPT_BYTES = 256e6;
/** The one that is shown, the one before and the next: each may take a hundred megabytes. */
const PICTURES_KEPT = 3;

export class Loader {
  /**
   * @param {Api} api
   * @param {string} version
   */
  constructor(api, version) {
    this.api = api;
    this.version = version;
    /** @type {Recent<MaskMap>} */
    this.maps = new Recent(MAPS_KEPT_BYTES, ({ pixels }) => pixels.byteLength);
    /** @type {Recent<Picture>} */
    this.pictures = new Recent(PICTURES_KEPT);
  }

  /**
   * @param {string} frame
   * @param {AbortSignal} signal
   * @returns {Promise<Frame>}
   */
  frame(frame, signal) {
    return this.api.frame(this.version, frame, signal);
  }

  /**
   * How a preview stands, with the index maps of its size.
   * @param {string} frame
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   * @returns {Promise<Status>}
   */
  status(frame, query, signal) {
    return /** @type {Promise<Status>} */ (
      this.api.previewStatus(this.version, frame, Object.fromEntries(query), signal)
    );
  }

  /**
   * The address of a preview.
   * @param {string} frame
   * @param {URLSearchParams} query
   */
  url(frame, query) {
    return previewUrl(this.version, frame, Object.fromEntries(query));
  }

  /**
   * The bytes of a preview, as soon as it is drawn. Throws ApiError where it cannot be.
   * @param {string} frame
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   * @returns {Promise<Blob>}
   */
  async preview(frame, query, signal) {
    return (await this.drawn(this.url(frame, query), signal)).blob();
  }

  /**
   * A preview as pixels.
   * @param {string} frame
   * @param {URLSearchParams} query
   * @param {AbortSignal} signal
   * @returns {Promise<Picture>}
   */
  async picture(frame, query, signal) {
    const response = await this.drawn(this.url(frame, query), signal);
    const key = response.headers.get("ETag") ?? "";
    return this.pictures.get(key) ?? this.pictures.keep(key, await pixelsOf(await response.blob()));
  }

  /**
   * @param {Legend} legend
   * @param {AbortSignal} signal
   * @returns {Promise<MaskMap>}
   */
  async map(legend, signal) {
    const known = this.maps.get(legend.key);
    if (known !== undefined) return withEntries(known, legend);
    const response = await this.drawn(legend.url, signal);
    const image = await decodeGrey(new Uint8Array(await response.arrayBuffer()));
    const { kind, entries } = legend;
    return this.maps.keep(legend.key, kind === "labels" ? { kind, entries, ...image } : { kind, ...image });
  }

  /**
   * @param {string} url
   * @param {AbortSignal} signal
   * @returns {Promise<Response>}
   */
  async drawn(url, signal) {
    const address = new URL(url, location.origin);
    address.searchParams.set("wait", WAIT_S);
    for (;;) {
      const response = await this.api.fetch(address.href, { signal });
      if (response.status !== 202) return response;
      signal.throwIfAborted();
    }
  }
}

/**
 * The numbers of a map do not change when a colour does; its legend does.
 * @param {MaskMap} map
 * @param {Legend} legend
 * @returns {MaskMap}
 */
function withEntries(map, legend) {
  return map.kind === "labels" ? { ...map, entries: legend.entries } : map;
}

/**
 * @param {Blob} blob
 * @returns {Promise<Picture>}
 */
async function pixelsOf(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser has no canvas");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return pictureOf(width, height, context.getImageData(0, 0, width, height).data);
}
