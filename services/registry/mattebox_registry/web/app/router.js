/** @import { Api } from "./api.js" */
/** @import { Session } from "./types.js" */
/** @import { Store } from "./store.js" */
import { createStore } from "./store.js";

/**
 * What a page is given. Everything it begins ends with `signal`: listeners, subscriptions, requests, timers.
 * @typedef {object} Page
 * @property {HTMLElement} root An empty element in the document: the page's own.
 * @property {Record<string, string>} params What the path holds, decoded.
 * @property {Query} query What follows the question mark.
 * @property {AbortSignal} signal Aborted when the page is left.
 * @property {boolean} isLanding Whether it was come to by a link from elsewhere, signing in on the way or not.
 * @property {Api} api
 * @property {Router} router
 * @property {Store<Session | null>} session
 * @property {(title: string, crumbs?: Crumb[]) => void} setTitle Names the page in the window and in the header.
 */

/**
 * @typedef {{ text: string, href: string }} Crumb A page above this one.
 *
 * @typedef {object} Mounted
 * @property {(params: Record<string, string>) => boolean | void} [update] Takes new parameters of the same route; without
 *   it, and where it gives false, the page is mounted anew.
 *
 * @typedef {(page: Page) => Mounted | void | Promise<Mounted | void>} Mount Builds a page in `page.root`.
 * @typedef {{ pattern: string, load: () => Promise<{ mount: Mount }> }} Route
 * @typedef {Record<string, string | null>} QueryChange Null takes a parameter out.
 */

/**
 * The part of the address that holds the state of a view, so that a link shows a colleague the same thing.
 * @typedef {object} Query
 * @property {(name: string) => string | null} get
 * @property {() => URLSearchParams} all A copy.
 * @property {(change: QueryChange, options?: { push?: boolean }) => void} set Changes the address, and with `push` the
 *   history too, so that Back undoes it.
 * @property {(listener: (query: URLSearchParams) => void, signal?: AbortSignal) => void} subscribe
 */

/**
 * Match a path with a pattern: `:name` is one part, decoded.
 * @param {string} pattern
 * @param {string} path
 * @returns {Record<string, string> | null}
 */
export function matchPath(pattern, path) {
  const wanted = pattern.split("/");
  const given = path.length > 1 ? path.replace(/\/$/, "").split("/") : path.split("/");
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [position, part] of wanted.entries()) {
    const text = given[position] ?? "";
    if (!part.startsWith(":")) {
      if (part !== text) return null;
      continue;
    }
    const decoded = decode(text);
    if (!decoded) return null;
    params[part.slice(1)] = decoded;
  }
  return params;
}

/**
 * Write a path of the viewer, ids percent-encoded: path`/versions/${id}/frames`.
 * @param {TemplateStringsArray} parts
 * @param {...string} ids
 */
export function path(parts, ...ids) {
  return String.raw(parts, ...ids.map(encodeURIComponent));
}

/** Shows the page of the address in an element, one at a time. */
export class Router {
  /**
   * @param {Route[]} routes
   * @param {{ container: HTMLElement, api: Api, session: Store<Session | null>, setTitle: Page["setTitle"],
   *   onError: (root: HTMLElement, error: unknown, retry: () => void) => void, missing: Mount }} shell
   */
  constructor(routes, shell) {
    this.routes = routes;
    this.shell = shell;
    this.query = createStore(new URLSearchParams(location.search));
    /** @type {{ route: Route | null, key: string, mounted: Mounted | void, leave: AbortController } | null} */
    this.current = null;
    /** @type {(() => Promise<boolean>) | null} */
    this.mayLeave = null;
  }

  /** Begin to show pages, and to follow the links in them. */
  start() {
    addEventListener("popstate", () => void this.#travel());
    document.addEventListener("click", (event) => this.#follow(event));
    return this.#show();
  }

  /**
   * Go to an address of the viewer.
   * @param {string} address path, with a query if there is one
   * @param {{ replace?: boolean, isAgreed?: boolean }} [options] `replace` leaves no step in the history; where it is
   *   agreed that the page may be left nobody is asked
   */
  async go(address, { replace = false, isAgreed = false } = {}) {
    const leaves = new URL(address, location.origin).pathname !== this.current?.key;
    if (leaves && !isAgreed && !(await this.agree())) return;
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    await this.#show();
  }

  /** Ask whether the page may be left, where it holds something that would be lost. */
  async agree() {
    return this.mayLeave === null || (await this.mayLeave());
  }

  /**
   * Ask before the page of the address is left, as long as the signal is not aborted.
   * @param {() => Promise<boolean>} mayLeave
   * @param {AbortSignal} signal
   */
  guard(mayLeave, signal) {
    this.mayLeave = mayLeave;
    const end = () => {
      if (this.mayLeave === mayLeave) this.mayLeave = null;
    };
    signal.addEventListener("abort", end, { once: true });
  }

  /** Show what Back or Forward led to. Who stays gets the address of the page back. */
  async #travel() {
    const { current } = this;
    const leaves = current !== null && location.pathname !== current.key;
    if (!leaves || (await this.agree())) return this.#show();
    if (location.pathname !== current.key) history.pushState(null, "", current.key + this.#search());
  }

  /** Begin to load the page of the address, before anything else is known. */
  prepare() {
    // What fails is told when it is mounted.
    this.#match().route?.load().catch(() => undefined);
  }

  #search() {
    const query = this.query.get();
    return query.size ? `?${query}` : "";
  }

  async #show() {
    const { route, params } = this.#match();
    const key = location.pathname;
    this.query.set(new URLSearchParams(location.search));
    if (this.current?.key === key) return;
    if (route && this.current?.route === route && this.current.mounted?.update) {
      this.current.key = key;
      if (this.current.mounted.update(params) !== false) return;
    }
    await this.#mount(route, params, key);
  }

  #match() {
    for (const route of this.routes) {
      const params = matchPath(route.pattern, location.pathname);
      if (params) return { route, params };
    }
    return { route: null, params: {} };
  }

  /**
   * @param {Route | null} route
   * @param {Record<string, string>} params
   * @param {string} key
   */
  async #mount(route, params, key) {
    this.current?.leave.abort();
    const isLanding = this.current === null || this.current.key === "/login";
    const leave = new AbortController();
    /** @type {NonNullable<Router["current"]>} */
    const entry = { route, key, mounted: undefined, leave };
    this.current = entry;
    const root = document.createElement("div");
    root.className = "page";
    try {
      const mount = route ? (await route.load()).mount : this.shell.missing;
      if (leave.signal.aborted) return;
      this.shell.container.replaceChildren(root);
      scrollTo(0, 0);
      entry.mounted = await mount(this.page(root, params, { isLanding, signal: leave.signal }));
    } catch (error) {
      const again = () => void this.#mount(route, params, key);
      if (!leave.signal.aborted) this.shell.onError(root, error, again);
    }
    this.#catchUp(entry);
  }

  /**
   * The address may have moved on while a page was loading.
   * @param {NonNullable<Router["current"]>} entry
   */
  #catchUp(entry) {
    if (this.current === entry && entry.key !== location.pathname) void this.#show();
  }

  /**
   * Make what a page is given.
   * @param {HTMLElement} root
   * @param {Record<string, string>} params
   * @param {Pick<Page, "isLanding" | "signal">} visit
   * @returns {Page}
   */
  page(root, params, { isLanding, signal }) {
    const { api, session, setTitle } = this.shell;
    return { root, params, isLanding, signal, api, session, setTitle, router: this, query: this.#queryOf(signal) };
  }

  /**
   * @param {AbortSignal} pageSignal
   * @returns {Query}
   */
  #queryOf(pageSignal) {
    return {
      get: (name) => this.query.get().get(name),
      all: () => new URLSearchParams(this.query.get()),
      set: (change, { push = false } = {}) => {
        if (!pageSignal.aborted) this.#setQuery(change, push);
      },
      subscribe: (listener, signal = pageSignal) => this.query.subscribe(listener, signal),
    };
  }

  /**
   * @param {QueryChange} change
   * @param {boolean} push
   */
  #setQuery(change, push) {
    const query = new URLSearchParams(this.query.get());
    for (const [name, value] of Object.entries(change)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    if (query.toString() === this.query.get().toString()) return;
    const address = location.pathname + (query.size ? `?${query}` : "");
    if (push) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    this.query.set(query);
  }

  /** @param {MouseEvent} event */
  #follow(event) {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!this.routes.some((route) => matchPath(route.pattern, link.pathname))) return;
    event.preventDefault();
    void this.go(link.pathname + link.search);
  }
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
