/** @import { VersionTab } from "../pages/version.js" */
/** @import { Store } from "../store.js" */
/** @import { View } from "./address.js" */
/** @import { Contexts } from "./contexts.js" */
/** @import { FrameList } from "./frame_list.js" */
/** @import { GridContext } from "./item.js" */
/** @import { Opened } from "./opening.js" */
/** @import { Visit } from "./visit.js" */
import { mayWrite } from "../components/session.js";
import { createStore } from "../store.js";
import { countOf, isWorthGrouping, loadMoreContexts } from "./contexts.js";
import { headingOf } from "./headings.js";
import { walkByKeys } from "./keyboard.js";
import { Layout } from "./layout.js";
import { followFrames } from "./live.js";
import { gridMeasures, roomOf, tableMeasures } from "./measures.js";
import { emptyList } from "./notices.js";
import { openList, rankOf } from "./opening.js";
import { createRow } from "./row.js";
import { retry } from "./retry.js";
import { Stage } from "./stage.js";
import { Surface } from "./surface.js";
import { Thumbnails } from "./thumbnails.js";
import { createTile } from "./tile.js";
import { createToolbar } from "./toolbar.js";

/** While the list is scrolled, no more pictures than these begin for each image that the browser draws of it. */
const PICTURES_PER_IMAGE = 2;

/** The frames of a version: a toolbar, a list, and what they tell each other. */
export class FramesPage {
  /**
   * @param {VersionTab} tab
   * @param {Store<View>} view
   */
  constructor(tab, view) {
    this.tab = tab;
    this.view = view;
    /** @type {FrameList | null} */
    this.list = null;
    /** @type {Contexts} */
    this.contexts = { groups: [], isComplete: true, next: null };
    this.ratio = 3 / 2;
    /** @type {string | null} the frame that the address tells */
    this.at = null;
    this.opening = new AbortController();
    this.known = createStore({
      contexts: this.contexts, sources: /** @type {string[]} */ ([]), canGroup: false, isGrouped: false,
    });
    this.thumbnails = new Thumbnails((url, init) => tab.api.fetch(url, init), tab.signal);
    /** @type {GridContext} */
    this.context = {
      version: tab.version.get().id,
      thumbnails: this.thumbnails,
      source: view.get().source,
      chosen: new Map(),
      mayRetry: mayWrite(tab.session),
      retry: (frame) => retry(tab, frame, (preview) => this.list?.patch(frame.id, preview)),
    };
    const toolbar = createToolbar({
      view, counts: tab.counts, known: this.known, goTo: (text) => this.goTo(text), moreContexts: () => this.#loadMoreContexts(), signal: tab.signal,
    });
    this.stage = new Stage(tab, toolbar, { onResize: () => this.#layOut(this.surface.anchor()), reload: () => this.reload() });
    this.surface = new Surface(this.stage.canvas, {
      create: () => (view.get().view === "table" ? createRow(this.context) : createTile(this.context)),
      frame: (position) => this.list?.get(position),
      heading: (heading) => headingOf(heading, (context) => view.update((now) => ({ ...now, context }))),
      onSettle: (first, end) => this.#settle(first, end),
      onScroll: (first, end, isFlying) => {
        this.thumbnails.allow(isFlying ? 0 : PICTURES_PER_IMAGE);
        if (!isFlying) this.#need(first, end);
        this.stage.showPlace(first, end, this.list?.count ?? 0, this.surface.contextAt(first));
      },
    }, tab.signal);
    walkByKeys(this.surface, tab.signal);
    this.check = followFrames(tab, {
      list: () => this.list, drawn: () => [...this.surface.items.keys()], thumbnails: this.thumbnails,
    });
  }

  /**
   * Load the list of the view, and show it from a frame or a position on.
   * @param {string | number | null} start
   */
  async open(start) {
    this.at = typeof start === "string" ? start : null;
    this.opening.abort();
    this.opening = new AbortController();
    const signal = AbortSignal.any([this.tab.signal, this.opening.signal]);
    this.stage.showLoading();
    try {
      const opened = await openList(this.tab, this.view.get(), start, signal);
      if (!signal.aborted) this.#show(opened, opened.position ? { position: opened.position, offset: 8 } : null);
    } catch (error) {
      if (!signal.aborted) this.stage.showProblem(error);
    }
  }

  /** Load the list anew, and stay where the eye is. */
  async reload() {
    const anchor = this.surface.anchor();
    const inSight = anchor && (this.list?.get(anchor.position)?.id ?? anchor.position);
    // Where no list came yet, the address tells where to begin.
    await this.open(this.list === null ? this.at : inSight);
  }

  /**
   * Show a list as it was left.
   * @param {Visit} visit
   */
  resume(visit) {
    this.at = visit.at;
    visit.list.signal = this.tab.signal;
    visit.list.invalidate();
    this.#show(visit, visit.anchor);
    this.surface.reveal(visit.active);
  }

  /** How the list is left; null where there is none. */
  leave() {
    this.opening.abort();
    if (!this.list?.count) return null;
    const { list, contexts, ratio, at } = this;
    return { list, contexts, ratio, at, anchor: this.surface.anchor(), active: this.surface.active };
  }

  /**
   * Show the same list in another way.
   * @param {View} now
   * @param {View} before
   */
  relay(now, before) {
    const anchor = this.surface.anchor();
    if (now.source !== before.source) this.context.chosen.clear();
    this.context.source = now.source;
    if (now.view !== before.view || now.source !== before.source) this.surface.clear();
    this.#layOut(anchor);
  }

  /**
   * Go to a frame by its id, to a context, or to a number in the list.
   * @param {string} text
   */
  async goTo(text) {
    const position = (await rankOf(this.tab, this.view.get(), text, this.tab.signal)) ?? this.#contextStart(text) ?? numbered(text);
    if (position === null || !this.list?.count || position >= this.list.count) return false;
    this.surface.reveal(position, { center: true });
    return true;
  }

  /** Offer more contexts to choose from; frames are not put under the headings of so many. */
  async #loadMoreContexts() {
    const { contexts, tab } = this;
    const more = await loadMoreContexts(tab.api, tab.version.get().id, this.view.get().state, contexts, tab.signal).catch(() => null);
    if (more === null || tab.signal.aborted || contexts !== this.contexts) return;
    this.contexts = { ...more, isComplete: false };
    this.known.update((known) => ({ ...known, contexts: this.contexts }));
  }

  /** @param {string} context */
  #contextStart(context) {
    const { groups } = this.contexts;
    const index = groups.findIndex(({ id }) => id === context);
    return index < 0 || this.view.get().context !== null ? null : countOf(groups.slice(0, index));
  }

  /**
   * @param {Pick<Opened, "list" | "contexts" | "ratio">} opened
   * @param {{ position: number, offset: number } | null} anchor
   */
  #show({ list, contexts, ratio }, anchor) {
    Object.assign(this, { list, contexts, ratio });
    list.onChange = (positions) => this.#changed(positions);
    list.onError = (error) => this.stage.showProblem(error);
    const showAll = () => this.view.update((now) => ({ ...now, state: null, context: null }));
    this.stage.showList(list, this.view.get(), list.count ? null : emptyList(this.tab, this.view.get(), showAll));
    this.surface.clear();
    this.surface.active = anchor?.position ?? 0;
    this.#layOut(anchor);
    this.check([...list.positions.values()]);
    this.#offerSources();
    // A failure is told when a jump needs it.
    list.prepare().catch(() => {});
  }

  /** @param {{ position: number, offset: number } | null} anchor */
  #layOut(anchor) {
    if (!this.list) return;
    const { view, tile, group, context } = this.view.get();
    const { groups, isComplete } = this.contexts;
    const canGroup = isComplete && context === null && groups.length > 1 && countOf(groups) === this.list.count;
    const isGrouped = canGroup && group !== "none" && (group === "context" || isWorthGrouping(groups));
    this.known.set({ ...this.known.get(), contexts: this.contexts, canGroup, isGrouped });
    const wanted = { width: this.stage.width, tile, ratio: this.ratio, grouped: isGrouped };
    const measures = view === "table" ? tableMeasures(wanted) : gridMeasures(wanted);
    this.stage.showKind(view, roomOf(measures), this.list.count);
    this.surface.covered = this.stage.covered;
    this.surface.setLayout(new Layout(measures, isGrouped ? groups : [{ id: "", frame_count: this.list.count }]), anchor);
  }

  /** @param {number[]} positions */
  #changed(positions) {
    this.surface.update(positions);
    if (positions.length === 1) return;
    this.check(positions);
    this.#offerSources();
    // An address is dear to write, and while the list is scrolled it would be out of date at once.
    if (this.surface.isAtRest) this.#notePlace();
  }

  #offerSources() {
    const groups = this.list?.loaded().filter(({ sources }) => sources.length > 1) ?? [];
    const sources = [...new Set(groups.flatMap((frame) => frame.sources.map(({ id }) => id)))].sort();
    if (sources.join("\n") !== this.known.get().sources.join("\n")) this.known.update((known) => ({ ...known, sources }));
  }

  /**
   * @param {number} first
   * @param {number} end
   */
  #need(first, end) {
    const margin = end - first;
    this.list?.need(Math.max(0, first - margin), end + margin);
  }

  /**
   * @param {number} first
   * @param {number} end
   */
  #settle(first, end) {
    this.thumbnails.allow(Infinity);
    this.#need(first, end);
    const { active, canvas } = this.surface;
    if ((active < first || active >= end) && !canvas.contains(document.activeElement)) this.surface.setActive(first);
    this.#notePlace();
  }

  /** Keep in the address where the eye is. */
  #notePlace() {
    const anchor = this.surface.anchor();
    const frame = anchor && this.list?.get(anchor.position);
    if (anchor && !frame) return;
    this.at = frame ? frame.id : null;
    this.tab.query.set({ at: this.at });
  }
}

/**
 * Read a number in a list, from 1 on, as a position.
 * @param {string} text
 */
function numbered(text) {
  const bare = text.replaceAll(",", "");
  return /^\d{1,9}$/.test(bare) && Number(bare) > 0 ? Number(bare) - 1 : null;
}
