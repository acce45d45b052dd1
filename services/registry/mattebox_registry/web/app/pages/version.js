/** @import { Mounted, Page } from "../router.js" */
/** @import { Store } from "../store.js" */
/** @import { Dataset, PreviewCounts, Version } from "../types.js" */
/** @import { PreviewChange } from "../events.js" */
import { fill, h } from "../dom.js";
import { followVersion } from "../events.js";
import { once } from "../once.js";
import { path } from "../router.js";
import { createStore, watch, watchPart } from "../store.js";
import { statusBadge } from "../components/badge.js";
import { countsBar, countsLegend, totalOf, updateCountsBar } from "../components/counts.js";
import { showError } from "../components/problem.js";
import { mount as missing } from "./missing.js";

/**
 * What a tab of a version is given: a page of its own, and what all tabs share. `root` and `signal` are the tab's.
 * @typedef {Page & { version: Store<Version>, dataset: Dataset, counts: Store<PreviewCounts>, follow: Follow }} VersionTab
 *
 * @typedef {(onPreview: (change: PreviewChange) => void, signal?: AbortSignal) => void} Follow
 *   Calls a listener for each preview of the version that changes; all of a page share one stream.
 *
 * @typedef {(tab: VersionTab) => void | Promise<void>} MountTab
 */

/** @type {Record<string, { title: string, load: () => Promise<MountTab> }>} */
const TABS = {
  frames: { title: "Frames", load: once(async () => (await import("../grid/grid.js")).mountGrid) },
  labels: { title: "Masks & labels", load: once(async () => (await import("../labels/tab.js")).mountLabels) },
  metadata: { title: "Metadata", load: once(async () => (await import("./metadata.js")).mountMetadata) },
  info: { title: "Info", load: once(async () => (await import("./info.js")).mountInfo) },
};

/** @typedef {{ version: Version, counts: PreviewCounts, dataset: Dataset }} Loaded */

/**
 * The version that was shown last, so that Back from a frame leads to where one was at once.
 * @type {Loaded | null}
 */
let last = null;

/**
 * A version: what it is, and its tabs.
 * @param {Page} page
 * @returns {Promise<Mounted | void>}
 */
export async function mount(page) {
  const { signal, params, root } = page;
  const { version: id = "", tab: first = "frames" } = params;
  if (!TABS[first]) return missing(page);
  if (!params.tab) history.replaceState(null, "", path`/versions/${id}/frames` + location.search);
  const before = last?.version.id === id ? last : null;
  root.classList.toggle("page-wide", first === "frames");
  if (!before) fill(root, skeleton());
  const { version, counts, dataset } = before ?? (await load(page, id));
  const shared = { version: createStore(version), dataset, counts: createStore(counts), follow: follower(id, signal) };
  shared.follow.onCounts(shared.counts.set);
  const keep = () => (last = { version: shared.version.get(), counts: shared.counts.get(), dataset });
  watch(shared.version, keep, signal);
  watch(shared.counts, keep, signal);

  const panel = h("div", { class: "tab-panel" });
  const tabs = tabList(id);
  fill(root, head(shared.version, shared.counts, signal), tabs, panel);
  const show = tabSwitch(page, panel, tabs, { ...shared, follow: shared.follow.follow });
  await show(params);
  if (before) await refresh(page, shared);
  return { update: (given) => given.version === id && (void show(given), true) };
}

/**
 * @param {Page} page
 * @param {string} id
 * @returns {Promise<Loaded>}
 */
async function load({ api, signal }, id) {
  const [version, counts] = await Promise.all([api.version(id, signal), api.previewCounts(id, signal)]);
  return { version, counts, dataset: await api.dataset(version.dataset_id, signal) };
}

/**
 * Show what became of a version since it was shown last.
 * @param {Page} page
 * @param {{ version: Store<Version>, counts: Store<PreviewCounts> }} shared
 */
async function refresh(page, { version, counts }) {
  last = null;
  const now = await load(page, version.get().id);
  version.set(now.version);
  counts.set(now.counts);
}

/**
 * Show one tab at a time.
 * @param {Page} page
 * @param {HTMLElement} panel
 * @param {HTMLElement} tabs
 * @param {Pick<VersionTab, "version" | "dataset" | "counts" | "follow">} shared
 */
function tabSwitch(page, panel, tabs, shared) {
  let leave = new AbortController();

  /** @param {Record<string, string>} params */
  return async function show({ version = "", tab = "frames" }) {
    leave.abort();
    leave = new AbortController();
    const signal = AbortSignal.any([page.signal, leave.signal]);
    const root = h("div", { class: "tab" });
    fill(panel, root);
    page.root.classList.toggle("page-wide", tab === "frames");
    const above = [{ text: "Datasets", href: "/" }, { text: shared.dataset.name, href: path`/datasets/${shared.dataset.id}` }];
    watchPart(shared.version, ({ name }) => name, (name) => page.setTitle(name, above), signal);
    for (const link of tabs.querySelectorAll("a")) {
      link.toggleAttribute("data-current", link.dataset.tab === tab);
      if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    try {
      const mountTab = await TABS[tab]?.load();
      const own = { ...page.router.page(root, { version, tab }, { isLanding: page.isLanding, signal }), ...shared };
      if (!signal.aborted) await (mountTab ?? missing)(own);
    } catch (error) {
      if (!signal.aborted) showError(root, error, () => void show({ version, tab }));
    }
  };
}

/**
 * One event stream for all who follow a version.
 * @param {string} id
 * @param {AbortSignal} signal
 */
function follower(id, signal) {
  /** @type {Set<(change: PreviewChange) => void>} */
  const listeners = new Set();
  const counts = createStore(/** @type {PreviewCounts | null} */ (null));
  const onPreview = (/** @type {PreviewChange} */ change) => listeners.forEach((tell) => tell(change));
  followVersion(id, { onPreview, onCounts: counts.set }, signal);

  /** @type {Follow} */
  const follow = (listener, until) => {
    listeners.add(listener);
    until?.addEventListener("abort", () => listeners.delete(listener), { once: true });
  };
  /** @param {(counts: PreviewCounts) => void} listener */
  const onCounts = (listener) => counts.subscribe((known) => known && listener(known), signal);
  return { follow, onCounts };
}

/**
 * @param {Store<Version>} version
 * @param {Store<PreviewCounts>} counts
 * @param {AbortSignal} signal
 */
function head(version, counts, signal) {
  const name = h("h1");
  const badge = h("div");
  const about = h("p", { class: "lead" });
  const bar = countsBar(counts.get());
  const legend = h("div", { class: "version-counts" });
  watch(version, (known) => {
    fill(name, known.name);
    fill(badge, statusBadge(known.status));
    fill(about, known.description);
    about.hidden = !known.description;
  }, signal);
  watch(counts, (known) => {
    updateCountsBar(bar, known);
    fill(legend, totalOf(known) ? countsLegend(known) : "no frames yet");
  }, signal);
  return h(
    "header",
    { class: "version-head" },
    h("div", { class: "version-title" }, name, badge),
    about,
    h("div", { class: "version-stand" }, bar, legend),
  );
}

/** @param {string} id */
function tabList(id) {
  const links = Object.entries(TABS).map(([tab, { title }]) =>
    h("li", null, h("a", { href: path`/versions/${id}/${tab}`, data: { tab } }, title)),
  );
  return h("nav", { class: "tabs", "aria-label": "Parts of the version" }, h("ul", null, links));
}

function skeleton() {
  return h(
    "div",
    { role: "status", "aria-label": "Loading" },
    h("header", { class: "version-head" }, h("div", { class: "skeleton title" }), h("div", { class: "skeleton line" })),
    h("div", { class: "skeleton block" }),
  );
}
