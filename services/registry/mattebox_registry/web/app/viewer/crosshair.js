/** Reads pixels by key: a cross on the picture that the arrow keys move, and whose pixel is read out. */

/** @import { Store } from "../store.js" */
/** @import { Drawing } from "./drawing.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Point, Size } from "./zoom.js" */
import { h } from "../dom.js";
import { readMask } from "../masks/readout.js";
import { createStore } from "../store.js";

/** Held keys move faster than anybody reads. */
const REST_MS = 250;

export class Crosshair {
  /** @param {{ stage: Stage, drawing: Drawing, open: Store<OpenFrame | null>, signal: AbortSignal }} parts */
  constructor({ stage, drawing, open, signal }) {
    this.stage = stage;
    this.drawing = drawing;
    this.open = open;
    this.isOn = createStore(false);
    /** @type {Point | null} the pixel of the source under the cross */
    this.point = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.due = undefined;
    this.cross = h("div", { class: "crosshair", "aria-hidden": "true", hidden: true });
    this.words = h("p", { class: "visually-hidden", role: "status" });
    stage.element.append(this.cross, this.words);
    stage.point.subscribe((point) => this.#follow(point), signal);
    stage.place.subscribe(() => this.#place(), signal);
    stage.size.subscribe(() => this.#place(), signal);
    drawing.maps.subscribe(() => this.#tell(), signal);
    open.subscribe((now, before) => now?.frame.id !== before?.frame.id && this.#place(), signal);
    signal.addEventListener("abort", () => clearTimeout(this.due), { once: true });
  }

  toggle() {
    if (this.isOn.get()) this.end();
    else this.#begin();
  }

  end() {
    this.isOn.set(false);
    this.cross.hidden = true;
    this.words.textContent = "";
    this.point = null;
    this.stage.point.set(null);
  }

  /**
   * Move the cross, and the picture with it where it would leave the stage; false where there is no cross.
   * @param {number} dx pixels of the source
   * @param {number} dy
   */
  move(dx, dy) {
    const source = this.stage.shown?.source;
    if (!this.isOn.get() || this.point === null || source === undefined) return false;
    const x = Math.min(source.width - 1, Math.max(0, this.point.x + dx));
    const y = Math.min(source.height - 1, Math.max(0, this.point.y + dy));
    this.stage.point.set({ x, y });
    this.#keepInSight();
    return true;
  }

  #begin() {
    const { shown, current } = this.stage;
    if (shown === null) return;
    const { width, height } = shown.source;
    const middle = { x: Math.min(width - 1, Math.max(0, Math.floor(current.x))), y: Math.min(height - 1, Math.max(0, Math.floor(current.y))) };
    this.isOn.set(true);
    const start = this.stage.point.get() ?? middle;
    this.stage.point.set(null);
    this.stage.point.set(start);
  }

  /**
   * The pointer may take the cross along; where it leaves, the cross stays.
   * @param {Point | null} point
   */
  #follow(point) {
    if (!this.isOn.get()) return;
    if (point === null) {
      if (this.point !== null) this.stage.point.set(this.point);
      return;
    }
    this.point = point;
    this.#place();
    this.#tell();
  }

  #place() {
    this.cross.hidden = this.point === null;
    if (this.point === null) return;
    const { x, y, zoom } = this.#onStage(this.point);
    const scale = 1 / devicePixelRatio;
    for (const [name, px] of Object.entries({ "--x": x, "--y": y, "--pixel": Math.max(3, zoom) })) {
      this.cross.style.setProperty(name, `${px * scale}px`);
    }
  }

  /** @param {Point} point */
  #onStage({ x, y }) {
    const { current } = this.stage;
    const { width, height } = this.stage.size.get();
    return {
      x: width / 2 + (x + 0.5 - current.x) * current.zoom,
      y: height / 2 + (y + 0.5 - current.y) * current.zoom,
      zoom: current.zoom,
    };
  }

  #keepInSight() {
    if (this.point === null) return;
    const { x, y } = this.#onStage(this.point);
    const { width, height } = this.stage.size.get();
    const dx = beyond(x, width);
    const dy = beyond(y, height);
    if (dx || dy) this.stage.panBy(-dx, -dy);
  }

  #tell() {
    if (!this.isOn.get()) return;
    clearTimeout(this.due);
    this.due = setTimeout(() => {
      const size = this.open.get()?.size;
      if (this.point !== null && size) this.words.textContent = this.#read(this.point, size);
    }, REST_MS);
  }

  /**
   * @param {Point} point
   * @param {Size} size
   */
  #read(point, size) {
    const masks = [...this.drawing.maps.get()].map(([mask, map]) => {
      const { label, value } = readMask(mask, map, point, size, this.drawing.view.get());
      return `${mask}: ${label}, ${value}`;
    });
    return [`Pixel ${point.x}, ${point.y}`, ...masks].join(". ");
  }
}

/**
 * How far a place lies outside of the stage.
 * @param {number} at
 * @param {number} length
 */
function beyond(at, length) {
  return at < 0 ? at : at >= length ? at - length + 1 : 0;
}
