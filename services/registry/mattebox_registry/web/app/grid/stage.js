/** @import { VersionTab } from "../pages/version.js" */
/** @import { View } from "./address.js" */
/** @import { FrameList } from "./frame_list.js" */
import { mendWhenBack } from "../components/back.js";
import { totalOf } from "../components/counts.js";
import { wholeNumber } from "../components/numbers.js";
import { fill, h } from "../dom.js";
import { createStore, watch } from "../store.js";
import { nameOf } from "./choices.js";
import { PAGE_FRAMES } from "./frame_list.js";
import { tableHead } from "./headings.js";
import { changedPill, problemBanner } from "./notices.js";
import { countNow } from "./opening.js";

/** A list that changes is loaded anew, where it is short, so long after the change. */
const SOON_MS = 400;

/** What surrounds the list: toolbar, progress, notices, and the places for them. */
export class Stage {
  /**
   * @param {VersionTab} tab
   * @param {{ element: HTMLElement, place: HTMLElement }} toolbar
   * @param {{ onResize: () => void, reload: () => Promise<void> }} parts
   */
  constructor(tab, toolbar, { onResize, reload }) {
    this.tab = tab;
    this.toolbar = toolbar;
    this.reload = reload;
    this.canvas = h("div", { class: "canvas" });
    this.notice = h("div", { class: "grid-notice" });
    /** What keeps frames from being loaded, in sight wherever the list is. */
    this.problem = createStore(/** @type {unknown} */ (null));
    this.trouble = h("div", { class: "grid-trouble" });
    this.change = h("div", { class: "grid-change" });
    this.head = tableHead();
    this.body = h("div", { class: "grid-body", "aria-label": "Frames" }, this.head, this.canvas);
    this.progress = h("div", { class: "grid-progress", role: "progressbar", "aria-label": "Frames drawn", "aria-valuemin": 0 }, h("span"));
    this.bar = h("div", { class: "grid-toolbar-bar" }, toolbar.element, this.progress);
    fill(tab.root, h("div", { class: "frames" }, this.bar, this.change, this.trouble, this.notice, this.body));
    /** @type {{ list: FrameList, view: View } | null} */
    this.shown = null;
    this.timer = 0;
    watch(tab.counts, () => this.#count(), tab.signal);
    this.problem.subscribe((error) => fill(this.trouble, error === null ? null : problemBanner(error, () => void this.reload())), tab.signal);
    mendWhenBack(this.problem, tab.api, () => void this.reload(), tab.signal);
    this.#watchWidth(onResize);
    tab.signal.addEventListener("abort", () => clearTimeout(this.timer), { once: true });
  }

  get width() {
    return this.canvas.clientWidth;
  }

  /** Height of what stays at the top of the window while the list is scrolled. */
  get covered() {
    const header = document.querySelector(".header")?.getBoundingClientRect().height ?? 0;
    return header + (getComputedStyle(this.bar).position === "sticky" ? this.bar.offsetHeight : 0);
  }

  /** Stand in for a list that is on its way. */
  showLoading() {
    fill(this.change);
    fill(this.notice, this.shown ? null : h("div", { class: "grid-skeleton", role: "status", "aria-label": "Loading" }, Array.from({ length: 12 }, () => h("div", { class: "skeleton" }))));
  }

  /** @param {unknown} error */
  showProblem(error) {
    fill(this.notice);
    this.problem.set(error);
  }

  /**
   * @param {FrameList} list
   * @param {View} view
   * @param {HTMLElement | null} empty what stands in its place
   */
  showList(list, view, empty) {
    this.shown = { list, view };
    this.problem.set(null);
    this.body.hidden = !list.count;
    fill(this.notice, empty);
    fill(this.change);
    this.#count();
  }

  /**
   * @param {View["view"]} kind
   * @param {{ bare: boolean, low: string }} room of a tile
   * @param {number} count
   */
  showKind(kind, { bare, low }, count) {
    const isTable = kind === "table";
    this.body.dataset.kind = kind;
    this.body.toggleAttribute("data-bare", bare && !isTable);
    if (low && !isTable) this.body.dataset.low = low;
    else delete this.body.dataset.low;
    this.body.setAttribute("role", isTable ? "table" : "list");
    this.canvas.setAttribute("role", isTable ? "rowgroup" : "presentation");
    this.head.hidden = !isTable;
    if (isTable) this.body.setAttribute("aria-rowcount", String(count + 1));
    else this.body.removeAttribute("aria-rowcount");
  }

  /**
   * Say which frames are in sight.
   * @param {number} first
   * @param {number} end
   * @param {number} count
   * @param {string | null} context of the first one, where they are grouped
   */
  showPlace(first, end, count, context) {
    const last = Math.max(first + 1, end);
    const where = context === null ? "" : `${nameOf(context)} · `;
    const text = count ? `${where}${wholeNumber(first + 1)}–${wholeNumber(last)} of ${wholeNumber(count)}` : "";
    if (this.toolbar.place.textContent !== text) this.toolbar.place.textContent = text;
  }

  #count() {
    const counts = this.tab.counts.get();
    const total = totalOf(counts);
    const drawn = total - counts.pending;
    this.progress.hidden = !counts.pending;
    this.progress.setAttribute("aria-valuemax", String(total));
    this.progress.setAttribute("aria-valuenow", String(drawn));
    this.progress.style.setProperty("--done", String(total ? drawn / total : 0));
    this.#noteChange();
  }

  /** Tell that the list is not what it was; a short one is loaded anew at once. */
  #noteChange() {
    if (!this.shown) return;
    const { list, view } = this.shown;
    const now = countNow(view, this.tab.counts.get());
    if (now === null || now === list.count) fill(this.change);
    else if (!list.count || (!view.state && list.count < PAGE_FRAMES)) this.#reloadSoon();
    else {
      const more = now - list.count;
      const text = more > 0 ? `${wholeNumber(more)} more: show` : `${wholeNumber(-more)} left this list: refresh`;
      fill(this.change, changedPill(text, () => void this.reload()));
    }
  }

  /** Not put off by each further change, or nothing would come while frames keep changing. */
  #reloadSoon() {
    this.timer ||= setTimeout(async () => {
      await this.reload();
      this.timer = 0;
      if (!this.tab.signal.aborted) this.#noteChange();
    }, SOON_MS);
  }

  /** @param {() => void} onResize */
  #watchWidth(onResize) {
    let known = 0;
    const observer = new ResizeObserver(() => {
      if (this.width === known) return;
      known = this.width;
      onResize();
    });
    observer.observe(this.canvas);
    this.tab.signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }
}
