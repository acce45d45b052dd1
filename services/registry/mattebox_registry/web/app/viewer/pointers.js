/** Pointer, wheel and fingers on the stage: drag to pan, wheel or pinch to zoom, double click for 1:1 and back. */

/** @import { Stage } from "./stage.js" */
/** @import { Point } from "./zoom.js" */

const WHEEL_STEP = 0.0016;
/** A pinch on a touch pad comes as a wheel with Ctrl, in much smaller steps. */
const PINCH_STEP = 0.01;
const LINE_PX = 30;

/**
 * @param {Stage} stage
 * @param {AbortSignal} signal
 */
export function followPointers(stage, signal) {
  const { canvas } = stage;
  /** @type {Map<number, Point>} the pointers that are down */
  const down = new Map();

  /** @param {PointerEvent} event */
  function begin(event) {
    if (event.button !== 0 && event.button !== 1) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, stage.pointOf(event));
    canvas.classList.add("is-dragged");
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const point = stage.pointOf(event);
    const before = down.get(event.pointerId);
    if (before !== undefined) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other === undefined) stage.panBy(point.x - before.x, point.y - before.y);
      else pinch(before, point, other);
      down.set(event.pointerId, point);
    }
    stage.pointAt(point);
  }

  /**
   * @param {Point} before
   * @param {Point} now
   * @param {Point} other the finger that rests
   */
  function pinch(before, now, other) {
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    stage.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    stage.zoomTo(stage.current.zoom * factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }

  /** @param {PointerEvent} event */
  function end(event) {
    down.delete(event.pointerId);
    if (down.size === 0) canvas.classList.remove("is-dragged");
    if (event.pointerType === "touch") stage.pointAt(stage.pointOf(event));
  }

  /** @param {PointerEvent} event */
  function leave(event) {
    // A finger that is lifted has read what it pointed at.
    if (event.pointerType !== "touch") stage.pointAt(null);
  }

  /** @param {WheelEvent} event */
  function turn(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const step = event.ctrlKey ? PINCH_STEP : WHEEL_STEP;
    stage.zoomTo(stage.current.zoom * Math.exp(-event.deltaY * lines * step), stage.pointOf(event));
  }

  /** @param {MouseEvent} event */
  function toggle(event) {
    if (stage.place.get() === null) stage.zoomTo(1, stage.pointOf(event));
    else stage.fit();
  }

  canvas.addEventListener("pointerdown", begin, { signal });
  canvas.addEventListener("pointermove", move, { signal });
  canvas.addEventListener("pointerup", end, { signal });
  canvas.addEventListener("pointercancel", end, { signal });
  canvas.addEventListener("pointerleave", leave, { signal });
  canvas.addEventListener("wheel", turn, { signal, passive: false });
  canvas.addEventListener("dblclick", toggle, { signal });
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
