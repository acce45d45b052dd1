/** @import { VersionTab } from "../pages/version.js" */
import { rememberList } from "../components/last-list.js";
import { createStore } from "../store.js";
import { isSameList, readView, writeView } from "./address.js";
import { FramesPage } from "./page.js";
import { recall, remember } from "./visit.js";

/**
 * Show the frames of a version in `tab.root`.
 * @param {VersionTab} tab
 */
export async function mountGrid(tab) {
  history.scrollRestoration = "manual";
  const view = createStore(readView(tab.query.all()));
  const page = new FramesPage(tab, view);
  const { id } = tab.version.get();

  view.subscribe((now, before) => {
    if (isSameList(now, before)) {
      tab.query.set(writeView(now));
      page.relay(now, before);
      return;
    }
    // Where the address has it already, Back or Forward led here, to the place that it tells.
    if (!isSameList(now, readView(tab.query.all()))) tab.query.set({ ...writeView(now), at: null }, { push: true });
    void page.open(tab.query.get("at"));
  }, tab.signal);
  const { pathname } = location;
  rememberList(id, location.search);
  tab.query.subscribe((query) => {
    // Of a page that is on its way, the address comes before this one is left.
    if (location.pathname !== pathname) return;
    rememberList(id, location.search);
    const now = readView(query);
    if (JSON.stringify(now) !== JSON.stringify(view.get())) view.set(now);
  }, tab.signal);
  tab.signal.addEventListener("abort", () => {
    const visit = page.leave();
    if (visit) remember({ version: id, view: view.get(), ...visit });
  }, { once: true });

  const at = tab.query.get("at");
  const visit = recall(id, view.get(), at);
  if (visit) page.resume(visit);
  else await page.open(at);
}
