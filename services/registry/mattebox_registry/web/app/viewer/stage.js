/** The stage: a canvas that shows one picture at a place, and moves it under pointer, wheel and fingers. */

/** @import { Place } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
/** @import { Point, Size } from "./zoom.js" */
import { h } from "../dom.js";
import { createStore } from "../store.js";
import { followTheme } from "../theme.js";
import { followPointers } from "./pointers.js";
import { fitPlace, isInside, keepInView, pan, toSource, topLeft, zoomAt } from "./zoom.js";

/** @typedef {(ImageBitmap | OffscreenCanvas) & Size} Image */

/**
 * What is on the stage.
 * @typedef {object} Shown
 * @property {Image} image
 * @property {Size} source the picture's own size, of which the image may be a reduced one
 * @property {boolean} isOpaque
 */

const CHECK_PX = 8;

export class Stage {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.canvas = h("canvas", { class: "stage-canvas", role: "img", "aria-label": "The frame", tabindex: "0" });
    this.element = h("div", { class: "stage is-empty" }, this.canvas);
    /** @type {Store<Place | null>} null: the whole picture */
    this.place = createStore(/** @type {Place | null} */ (null));
    /** @type {Store<Point | null>} the pixel of the source under the pointer */
    this.point = createStore(/** @type {Point | null} */ (null));
    /** @type {Store<Size>} device pixels */
    this.size = createStore({ width: 1, height: 1 });
    /** @type {Shown | null} */
    this.shown = null;
    this.isDue = false;
    this.place.subscribe(() => this.redraw(), signal);
    followPointers(this, signal);
    followTheme(() => this.redraw(), signal);
    const observer = new ResizeObserver(() => this.#measure());
    observer.observe(this.element);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  /** @param {Shown | null} shown */
  show(shown) {
    this.shown = shown;
    this.element.classList.toggle("is-empty", shown === null);
    this.redraw();
  }

  /** Where the picture lies now, the whole of it where no other place was chosen. */
  get current() {
    const place = this.place.get();
    if (place === null) return this.fitted;
    // A link may tell a place that another picture has.
    return this.shown === null ? place : keepInView(place, this.shown.source);
  }

  get fitted() {
    return fitPlace(this.shown?.source ?? { width: 1, height: 1 }, this.size.get());
  }

  /**
   * Set the zoom, keeping what lies under a point of the stage, or in its middle.
   * @param {number} zoom
   * @param {Point} [point] device pixels
   */
  zoomTo(zoom, point) {
    if (this.shown === null) return;
    const size = this.size.get();
    const middle = { x: size.width / 2, y: size.height / 2 };
    this.place.set(zoomAt(this.current, zoom, point ?? middle, size, this.shown.source));
  }

  fit() {
    this.place.set(null);
  }

  /**
   * @param {number} dx device pixels
   * @param {number} dy
   */
  panBy(dx, dy) {
    if (this.shown !== null) this.place.set(pan(this.current, dx, dy, this.shown.source));
  }

  /**
   * A point of an event, in device pixels of the stage.
   * @param {{ clientX: number, clientY: number }} event
   * @returns {Point}
   */
  pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.size.get().width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  /** @param {Point | null} point device pixels of the stage */
  pointAt(point) {
    const source = this.shown?.source;
    const under = point && toSource(this.current, point, this.size.get());
    this.point.set(under && source && isInside(under, source) ? { x: Math.floor(under.x), y: Math.floor(under.y) } : null);
  }

  /** Draw at the next frame of the screen. */
  redraw() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.#draw();
    });
  }

  #draw() {
    const { width, height } = this.size.get();
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    context.clearRect(0, 0, width, height);
    if (this.shown === null) return;
    const { image, source, isOpaque } = this.shown;
    const place = this.current;
    const { x, y } = topLeft(place, this.size.get());
    const wide = Math.round(source.width * place.zoom);
    const high = Math.round(source.height * place.zoom);
    if (!isOpaque) this.#layChecks(context, x, y, wide, high);
    // From 1:1 on, pixels are shown as they are; a reduced picture has none to show.
    context.imageSmoothingEnabled = place.zoom < 1 || image.width < source.width;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, x, y, wide, high);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  #layChecks(context, x, y, width, height) {
    const style = getComputedStyle(this.element);
    const tile = new OffscreenCanvas(2 * CHECK_PX, 2 * CHECK_PX);
    const paint = tile.getContext("2d");
    if (paint === null) return;
    for (const [name, corner] of /** @type {[string, number][]} */ ([["--surface", 0], ["--hover", 1]])) {
      paint.fillStyle = style.getPropertyValue(name);
      paint.fillRect(corner * CHECK_PX, 0, CHECK_PX, CHECK_PX);
      paint.fillRect((1 - corner) * CHECK_PX, CHECK_PX, CHECK_PX, CHECK_PX);
    }
    context.fillStyle = context.createPattern(tile, "repeat") ?? "";
    context.fillRect(x, y, width, height);
  }

  #measure() {
    const box = this.element.getBoundingClientRect();
    const size = {
      width: Math.max(1, Math.round(box.width * devicePixelRatio)),
      height: Math.max(1, Math.round(box.height * devicePixelRatio)),
    };
    this.canvas.width = size.width;
    this.canvas.height = size.height;
    this.size.set(size);
    this.#draw();
  }
}
