/** @import { Mounted, Page } from "../router.js" */
/** @import { Store } from "../store.js" */
/** @import { PreviewCounts, Version } from "../types.js" */
import { fill, h } from "../dom.js";
import { followVersion } from "../events.js";
import { path } from "../router.js";
import { createStore } from "../store.js";

/**
 * What a tab of a version is given: a page of its own, and what all tabs share. `root` and `signal` are the tab's.
 * @typedef {Page & { version: Store<Version>, counts: Store<PreviewCounts>, follow: Follow }} VersionTab
 *
 * @typedef {(onPreview: (change: import("../events.js").PreviewChange) => void, signal?: AbortSignal) => void} Follow
 *   Calls a listener for each preview of the version that changes; all of a page share one stream.
 *
 * @typedef {(tab: VersionTab) => void | Promise<void>} MountTab
 */

/** @type {Record<string, { title: string, load: () => Promise<MountTab> }>} */
const TABS = {
  frames: { title: "Frames", load: async () => (await import("../grid/grid.js")).mountGrid },
};

/**
 * A version: what it is, and its tabs.
 * @param {Page} page
 * @returns {Promise<Mounted>}
 */
export async function mount(page) {
  const { api, signal, params, root, router } = page;
  const { version: id = "" } = params;
  const [loaded, loadedCounts] = await Promise.all([api.version(id, signal), api.previewCounts(id, signal)]);
  const version = createStore(loaded);
  const counts = createStore(loadedCounts);
  /** @type {Set<(change: import("../events.js").PreviewChange) => void>} */
  const listeners = new Set();
  followVersion(id, { onCounts: counts.set, onPreview: (change) => listeners.forEach((tell) => tell(change)) }, signal);
  const panel = h("div", { class: "tab-panel" });
  fill(root, h("h1", null, loaded.name), panel);
  page.setTitle(loaded.name, [{ text: "Datasets", href: "/" }]);
  let leave = new AbortController();

  /** @type {Follow} */
  const follow = (listener, until) => {
    listeners.add(listener);
    until?.addEventListener("abort", () => listeners.delete(listener), { once: true });
  };

  /** @param {Record<string, string>} given */
  async function show({ tab = "frames" }) {
    leave.abort();
    leave = new AbortController();
    const own = AbortSignal.any([signal, leave.signal]);
    const body = h("div");
    fill(panel, body);
    const mountTab = await TABS[tab]?.load();
    if (!own.aborted) await mountTab?.({ ...router.page(body, { version: id, tab }, own), version, counts, follow });
  }

  if (!params.tab) history.replaceState(null, "", path`/versions/${id}/frames` + location.search);
  await show(params);
  return { update: (given) => void show(given) };
}
