/** @import { FrameBrief } from "./frames.js" */
/** @import { Item } from "./item.js" */
/** @import { Heading, Layout } from "./layout.js" */
import { ScrollMap, ScrollPosition } from "./scroll_map.js";

/** So much above and below what is seen is there already, in heights of the window. */
const OVERSCAN = 0.5;

const SETTLE_MS = 140;

/** Faster than this, in heights of the window for each second, nobody sees pictures: nothing is loaded. */
const FLYING = 2.5;

/** So far, in heights of the window, from one drawn image to the next, is a jump, however long the last one is ago. */
const JUMP = 0.4;

/** Who begins to scroll was not slow before. */
const LONGEST_STEP_MS = 100;

/**
 * @typedef {object} Parts What a surface shows.
 * @property {() => Item} create
 * @property {(position: number) => FrameBrief | undefined} frame
 * @property {(heading: Heading) => HTMLElement} heading
 * @property {(first: number, end: number) => void} onSettle The scrolling came to rest where these are in sight.
 * @property {(first: number, end: number, isFlying: boolean) => void} onScroll
 */

/** The part of a long list that is in sight, as elements; the document scrolls. */
export class Surface {
  /**
   * @param {HTMLElement} canvas as high as the list
   * @param {Parts} parts
   * @param {AbortSignal} signal
   */
  constructor(canvas, parts, signal) {
    this.canvas = canvas;
    this.parts = parts;
    /** @type {Layout | null} */
    this.layout = null;
    this.scroll = new ScrollPosition(new ScrollMap(0));
    /** @type {Map<number, Item>} by position */
    this.items = new Map();
    /** @type {WeakMap<Item, string>} where each was put, so that what stays there is not touched */
    this.places = new WeakMap();
    /** @type {Map<number, HTMLElement>} by group */
    this.heads = new Map();
    this.active = 0;
    this.covered = 0;
    this.drawnAt = 0;
    this.drawnMs = 0;
    this.isAtRest = true;
    this.settling = setTimeout(() => {}, 0);
    this.frame = 0;
    addEventListener("scroll", () => this.#schedule(), { passive: true, signal });
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  /** Height of the window that the header does not cover. */
  get viewHeight() {
    return innerHeight - this.covered;
  }

  /**
   * Lay the list out anew, with an item at the height at which another layout had it.
   * @param {Layout} layout
   * @param {{ position: number, offset: number } | null} anchor
   */
  setLayout(layout, anchor) {
    this.layout = layout;
    this.scroll = new ScrollPosition(new ScrollMap(layout.height));
    this.canvas.style.height = `${this.scroll.map.elementHeight}px`;
    if (anchor) this.#scrollTo(layout.place(Math.min(anchor.position, layout.count - 1)).y - anchor.offset);
    else this.#schedule();
  }

  /** Take all items away: those of another list, or of another kind, follow. */
  clear() {
    for (const item of this.items.values()) item.release();
    this.canvas.replaceChildren();
    this.items.clear();
    this.heads.clear();
    this.#schedule();
  }

  /** The first item in sight, and how far below the upper edge it lies; null while the list's top is in sight. */
  anchor() {
    if (!this.layout?.count || this.scroll.list <= 0) return null;
    const { first } = this.layout.range(this.scroll.list, this.scroll.list + 1);
    return { position: first, offset: this.layout.place(first).y - this.scroll.list };
  }

  /**
   * Give the group that an item belongs to, null where there are no groups.
   * @param {number} position
   */
  contextAt(position) {
    if (!this.layout?.measures.headHeight) return null;
    return this.layout.groups[this.layout.groupOf(position)]?.id ?? null;
  }

  /** What is in sight. */
  visible() {
    const { list } = this.scroll;
    return this.layout?.range(Math.max(0, list), list + this.viewHeight) ?? { first: 0, end: 0 };
  }

  /**
   * Show frames of which something changed.
   * @param {number[]} positions
   */
  update(positions) {
    for (const position of positions) this.items.get(position)?.show(this.parts.frame(position), position, this.layout?.count ?? 0);
  }

  /**
   * Bring an item into sight, and the focus to it.
   * @param {number} position
   * @param {{ focus?: boolean, center?: boolean }} [options]
   */
  reveal(position, { focus = true, center = false } = {}) {
    if (!this.layout?.count) return;
    const { y } = this.layout.place(position);
    const { itemHeight, headHeight } = this.layout.measures;
    const top = this.scroll.list;
    if (center) this.#scrollTo(y - Math.max(0, (this.viewHeight - itemHeight) / 2));
    else if (y - headHeight < top) this.#scrollTo(y - headHeight - 8);
    else if (y + itemHeight > top + this.viewHeight) this.#scrollTo(y + itemHeight - this.viewHeight + 8);
    this.setActive(position);
    this.#draw();
    if (focus) this.items.get(position)?.focusable.focus({ preventScroll: true });
  }

  /**
   * Let Tab lead to an item.
   * @param {number} position
   */
  setActive(position) {
    this.items.get(this.active)?.setActive(false);
    this.active = position;
    this.items.get(position)?.setActive(true);
  }

  /** Rows of a page. */
  get pageRows() {
    return Math.max(1, Math.floor(this.viewHeight / (this.layout?.rowHeight ?? 1)));
  }

  /** @param {number} list */
  #scrollTo(list) {
    this.scroll.go(Math.max(0, Math.min(list, (this.layout?.height ?? 0) - this.itemFit)));
    scrollTo({ top: this.#canvasTop() - this.covered + this.scroll.element, behavior: "instant" });
    this.scroll.element = this.#element();
    this.#schedule();
  }

  /** The last item may stand at the upper edge only as far as the window is filled. */
  get itemFit() {
    return this.layout ? Math.min(this.layout.height, this.viewHeight) : 0;
  }

  #canvasTop() {
    return this.canvas.getBoundingClientRect().top + scrollY;
  }

  #element() {
    return this.covered - this.canvas.getBoundingClientRect().top;
  }

  #schedule() {
    this.frame ||= requestAnimationFrame((nowMs) => {
      this.frame = 0;
      this.isAtRest = false;
      this.scroll.follow(this.#element(), 2 * innerHeight);
      const isFlying = this.#isFlying(nowMs);
      this.#tell(isFlying);
      this.#draw();
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.#settle(), isFlying ? SETTLE_MS : SETTLE_MS / 3);
    });
  }

  /** @param {number} nowMs */
  #isFlying(nowMs) {
    const step = Math.abs(this.scroll.list - this.drawnAt) / innerHeight;
    const passedMs = Math.min(nowMs - this.drawnMs, LONGEST_STEP_MS);
    this.drawnMs = nowMs;
    return step > JUMP || step > (FLYING * passedMs) / 1000;
  }

  #settle() {
    this.isAtRest = true;
    if (this.scroll.settle()) {
      scrollTo({ top: this.#canvasTop() - this.covered + this.scroll.element, behavior: "instant" });
      this.scroll.element = this.#element();
      this.#draw();
    }
    this.#tell(false);
    const { first, end } = this.visible();
    this.parts.onSettle(first, end);
  }

  /** @param {boolean} isFlying */
  #tell(isFlying) {
    const { first, end } = this.visible();
    this.parts.onScroll(first, end, isFlying);
  }

  #draw() {
    const { layout } = this;
    if (!layout) return;
    const { list } = this.scroll;
    this.drawnAt = list;
    const margin = OVERSCAN * innerHeight;
    const top = list - margin;
    const bottom = list + this.viewHeight + margin;
    this.#drawItems(layout, layout.range(top, bottom));
    this.#drawHeads(layout.headings(top, bottom));
  }

  /**
   * @param {Layout} layout
   * @param {{ first: number, end: number }} range
   */
  #drawItems(layout, { first, end }) {
    /** @type {Item[]} */
    const free = [];
    for (const [position, item] of this.items) {
      const isLost = position < first || position >= end;
      // The focus would be lost with its element.
      if (!isLost || item.element.contains(document.activeElement)) continue;
      this.items.delete(position);
      free.push(item);
    }
    const made = [];
    for (let position = first; position < end; position += 1) {
      const known = this.items.get(position);
      const item = known ?? free.pop() ?? this.parts.create();
      this.#place(item, layout.place(position), layout.measures);
      if (known) continue;
      this.#put(item, position);
      if (!item.element.isConnected) made.push(item.element);
    }
    for (const item of free) {
      item.release();
      item.element.remove();
    }
    if (made.length) this.canvas.append(...made);
  }

  /** @param {Heading[]} headings */
  #drawHeads(headings) {
    const wanted = new Set(headings.map(({ index }) => index));
    for (const [index, head] of this.heads) {
      if (wanted.has(index)) continue;
      head.remove();
      this.heads.delete(index);
    }
    for (const heading of headings) {
      const head = this.heads.get(heading.index) ?? this.parts.heading(heading);
      if (!this.heads.has(heading.index)) this.canvas.append(head);
      this.heads.set(heading.index, head);
      head.style.top = `${heading.top + this.scroll.shift}px`;
    }
  }

  /**
   * @param {Item} item
   * @param {{ x: number, y: number }} place
   * @param {import("./layout.js").Measures} measures
   */
  #place(item, { x, y }, { itemWidth, itemHeight }) {
    const top = y + this.scroll.shift;
    const place = `${x},${top},${itemWidth},${itemHeight}`;
    if (this.places.get(item) === place) return;
    this.places.set(item, place);
    const { style } = item.element;
    style.left = `${x}px`;
    style.top = `${top}px`;
    style.width = `${itemWidth}px`;
    style.height = `${itemHeight}px`;
  }

  /**
   * @param {Item} item
   * @param {number} position
   */
  #put(item, position) {
    this.items.set(position, item);
    item.element.dataset.position = String(position);
    item.show(this.parts.frame(position), position, this.layout?.count ?? 0);
    item.setActive(position === this.active);
  }

  #close() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
    for (const item of this.items.values()) item.release();
  }
}
