/** @import { Dataset, FieldFault, Frame, MaskLabels, Neighbours, PreviewCounts, PreviewStatus, Session, Version, VersionStatistics } from "./types.js" */

const BASE = "/api/v1";
const SESSION = `${BASE}/session`;

/** The registry refused; `code` says why in its own words, `detail` in a sentence for people. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {Record<string, any>} problem
   */
  constructor(status, problem) {
    super(problem.detail || problem.title || `The registry answered ${status}.`);
    this.name = "ApiError";
    this.status = status;
    /** @type {string} */
    this.code = problem.code ?? "unknown";
    /** @type {FieldFault[]} */
    this.errors = problem.errors ?? [];
    /** Everything that the registry said. */
    this.problem = problem;
  }
}

/** The registry could not be reached, or what answered is not it. */
export class NetworkError extends Error {
  constructor() {
    super("The registry does not answer. Is it still running?");
    this.name = "NetworkError";
  }
}

/**
 * @typedef {Record<string, string | number | boolean | null | undefined>} Query Parameters; those without a value are
 *   left out.
 * @typedef {{ query?: Query, body?: unknown, headers?: Record<string, string>, signal?: AbortSignal }} RequestOptions
 *
 * @typedef {object} TaggedLabels
 * @property {MaskLabels} labels
 * @property {string} tag Names this state of the mapping: given back, it keeps changes of others from being overwritten.
 */

/**
 * Write a path of the API, ids percent-encoded: apiPath`/versions/${id}/frames`.
 * @param {TemplateStringsArray} parts
 * @param {...string} ids
 */
export function apiPath(parts, ...ids) {
  return BASE + String.raw(parts, ...ids.map(encodeURIComponent));
}

/**
 * Write a query with its question mark; nothing where it is empty.
 * @param {Query} [query]
 */
export function queryText(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

/** The registry's API, with the session's cookie. One for the whole application. */
export class Api {
  /**
   * @param {{ onSignedOut?: () => Promise<boolean> }} [hooks] `onSignedOut` is called when the session is no longer good;
   *   where it resolves to true there is another, and the request is sent again.
   */
  constructor({ onSignedOut = async () => false } = {}) {
    this.onSignedOut = onSignedOut;
  }

  /**
   * Send a request and give its JSON answer, null where there is none.
   *
   * Throws ApiError, NetworkError, and what `signal` was aborted with.
   * @param {string} method
   * @param {string} path from `apiPath`
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   */
  async request(method, path, options) {
    const response = await this.#send(method, path, options);
    return response.status === 204 ? null : response.json();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions} [options]
   */
  #send(method, path, { query, body, headers = {}, signal } = {}) {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const types = body === undefined ? headers : { ...headers, "Content-Type": "application/json" };
    return this.fetch(path + queryText(query), { method, signal, headers: types, ...json });
  }

  /**
   * Send a request and give its answer as it is, 202 and 304 too. Throws as `request` does.
   * @param {string} url
   * @param {RequestInit} [init]
   * @returns {Promise<Response>}
   */
  async fetch(url, init = {}) {
    let response;
    try {
      response = await fetch(url, { credentials: "same-origin", ...init });
    } catch (error) {
      init.signal?.throwIfAborted();
      throw error instanceof TypeError ? new NetworkError() : error;
    }
    if (response.ok || response.status === 304) return response;
    const problem = await response.json().catch(() => ({}));
    // Who asks for the session itself wants to know just that.
    const isLapsed = problem.code === "not_authenticated" && !url.startsWith(SESSION);
    if (isLapsed && (await this.onSignedOut())) {
      init.signal?.throwIfAborted();
      return this.fetch(url, init);
    }
    throw new ApiError(response.status, problem);
  }

  /**
   * Walk through a list, page by page.
   * @template T
   * @param {string} path
   * @param {string} noun the field that holds the entries
   * @param {{ query?: Query, signal?: AbortSignal }} [options]
   * @returns {AsyncGenerator<T[], void, void>}
   */
  async *pages(path, noun, { query, signal } = {}) {
    let cursor = null;
    do {
      const page = await this.request("GET", path, { query: { ...query, cursor }, signal });
      yield page[noun];
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** @param {AbortSignal} [signal] @returns {Promise<Session>} */
  session(signal) {
    return this.request("GET", apiPath`/session`, { signal });
  }

  /**
   * Sign in with a one-time code or a token; the answer sets the cookie.
   * @param {{ code: string } | { token: string }} proof
   * @returns {Promise<Session>}
   */
  signIn(proof) {
    return this.request("POST", apiPath`/session`, { body: proof });
  }

  /** End the session. @returns {Promise<null>} */
  signOut() {
    return this.request("DELETE", apiPath`/session`);
  }

  /**
   * A page of datasets by name, of those that hold a text if one is given.
   * @param {{ search?: string | null, limit?: number, cursor?: string | null }} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ datasets: Dataset[], next_cursor: string | null }>}
   */
  datasets(query, signal) {
    return this.request("GET", apiPath`/datasets`, { query, signal });
  }

  /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<Dataset>} */
  dataset(id, signal) {
    return this.request("GET", apiPath`/datasets/${id}`, { signal });
  }

  /**
   * All versions of a dataset, by name.
   * @param {string} dataset
   * @param {AbortSignal} [signal]
   * @returns {Promise<Version[]>}
   */
  async versions(dataset, signal) {
    const versions = [];
    const options = { query: { limit: 1000 }, signal };
    for await (const page of this.pages(apiPath`/datasets/${dataset}/versions`, "versions", options)) {
      versions.push(.../** @type {Version[]} */ (page));
    }
    return versions;
  }

  /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<Version>} */
  version(id, signal) {
    return this.request("GET", apiPath`/versions/${id}`, { signal });
  }

  /** @param {string} version @param {AbortSignal} [signal] @returns {Promise<PreviewCounts>} */
  previewCounts(version, signal) {
    return this.request("GET", apiPath`/versions/${version}/previews`, { signal });
  }

  /** @param {string} version @returns {Promise<Version>} */
  publish(version) {
    return this.request("POST", apiPath`/versions/${version}/publish`);
  }

  /**
   * @param {string} dataset
   * @param {Partial<Pick<Dataset, "name" | "description" | "tags">>} changes
   * @returns {Promise<Dataset>}
   */
  changeDataset(dataset, changes) {
    return this.request("PATCH", apiPath`/datasets/${dataset}`, { body: changes });
  }

  /** Delete a dataset with its versions and frames. @param {string} dataset @returns {Promise<null>} */
  deleteDataset(dataset) {
    return this.request("DELETE", apiPath`/datasets/${dataset}`);
  }

  /**
   * @param {string} dataset
   * @param {{ name: string, parent_id?: string | null, description?: string, metadata?: Record<string, any> }} fields
   * @returns {Promise<Version>}
   */
  createVersion(dataset, fields) {
    return this.request("POST", apiPath`/datasets/${dataset}/versions`, { body: fields });
  }

  /**
   * @param {string} version
   * @param {Partial<Pick<Version, "name" | "description">>} changes
   * @returns {Promise<Version>}
   */
  changeVersion(version, changes) {
    return this.request("PATCH", apiPath`/versions/${version}`, { body: changes });
  }

  /** Delete a draft with its frames. @param {string} version @returns {Promise<null>} */
  deleteVersion(version) {
    return this.request("DELETE", apiPath`/versions/${version}`);
  }

  /**
   * Pixels and frames of each label over a version, as far as they are counted.
   * @param {string} version
   * @param {AbortSignal} [signal]
   * @returns {Promise<VersionStatistics>}
   */
  statistics(version, signal) {
    return this.request("GET", apiPath`/versions/${version}/statistics`, { signal });
  }

  /** @param {string} version @param {AbortSignal} [signal] @returns {Promise<TaggedLabels>} */
  async maskLabels(version, signal) {
    return tagged(await this.#send("GET", apiPath`/versions/${version}/mask-labels`, { signal }));
  }

  /**
   * Replace a draft's mapping; gives it back resolved. Throws ApiError 412 where it is not that of the tag any more.
   * @param {string} version
   * @param {MaskLabels} labels
   * @param {string} tag
   * @returns {Promise<TaggedLabels>}
   */
  async setMaskLabels(version, labels, tag) {
    const options = { body: { mask_labels: labels }, headers: { "If-Match": tag } };
    return tagged(await this.#send("PUT", apiPath`/versions/${version}/mask-labels`, options));
  }

  /**
   * A page of frames in (context_id, timestamp, id) order.
   * @param {string} version
   * @param {{ limit?: number, cursor?: string | null, context_id?: string | null, state?: string | null }} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ frames: Frame[], next_cursor: string | null }>}
   */
  frames(version, query, signal) {
    return this.request("GET", apiPath`/versions/${version}/frames`, { query, signal });
  }

  /**
   * The cursors that lie every so many frames in a list, and how many frames follow the last one.
   * @param {string} version
   * @param {{ every?: number, limit?: number, cursor?: string | null, context_id?: string | null, state?: string | null }} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ marks: string[], rest: number | null, next_cursor: string | null }>}
   */
  frameMarks(version, query, signal) {
    return this.request("GET", apiPath`/versions/${version}/frame-marks`, { query, signal });
  }

  /**
   * How many frames of a list stand before a frame.
   * @param {string} version
   * @param {string} frame
   * @param {{ context_id?: string | null, state?: string | null }} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<number>}
   */
  async frameRank(version, frame, query, signal) {
    return (await this.request("GET", apiPath`/versions/${version}/frames/${frame}/rank`, { query, signal })).rank;
  }

  /**
   * A page of a version's contexts by id; the empty id stands for frames without one.
   * @param {string} version
   * @param {{ limit?: number, cursor?: string | null, state?: string | null }} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<{ contexts: { id: string, frame_count: number }[], next_cursor: string | null }>}
   */
  contexts(version, query, signal) {
    return this.request("GET", apiPath`/versions/${version}/contexts`, { query, signal });
  }

  /** @param {string} version @param {string} frame @param {AbortSignal} [signal] @returns {Promise<Frame>} */
  frame(version, frame, signal) {
    return this.request("GET", apiPath`/versions/${version}/frames/${frame}`, { signal });
  }

  /**
   * Up to `limit` frames on each side of a frame, in the order of the version.
   * @param {string} version
   * @param {string} frame
   * @param {number} limit
   * @param {AbortSignal} [signal]
   * @returns {Promise<Neighbours>}
   */
  neighbours(version, frame, limit, signal) {
    return this.request("GET", apiPath`/versions/${version}/frames/${frame}/neighbours`, { query: { limit }, signal });
  }

  /**
   * How a preview of the given options stands.
   * @param {string} version
   * @param {string} frame
   * @param {Query} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<PreviewStatus>}
   */
  previewStatus(version, frame, query, signal) {
    return this.request("GET", apiPath`/versions/${version}/frames/${frame}/preview/status`, { query, signal });
  }

  /**
   * How the default previews of up to 1,000 frames stand, by frame id.
   * @param {string} version
   * @param {string[]} frames
   * @param {AbortSignal} [signal]
   * @returns {Promise<Record<string, PreviewStatus>>}
   */
  async previewStatuses(version, frames, signal) {
    const body = { frame_ids: frames };
    return (await this.request("POST", apiPath`/versions/${version}/previews/status`, { body, signal })).previews;
  }

  /**
   * Forget a preview and draw it again.
   * @param {string} version
   * @param {string} frame
   * @returns {Promise<PreviewStatus>}
   */
  refreshPreview(version, frame) {
    return this.request("POST", apiPath`/versions/${version}/frames/${frame}/preview/refresh`);
  }
}

/** @param {Response} response */
async function tagged(response) {
  return { labels: (await response.json()).mask_labels, tag: response.headers.get("ETag") ?? "*" };
}

/**
 * The address of a picture, for `<img src>`, `fetch` and the clipboard.
 * @param {string} version
 * @param {string} frame
 * @param {Query} [query]
 */
export function previewUrl(version, frame, query) {
  return apiPath`/versions/${version}/frames/${frame}/preview` + queryText(query);
}
