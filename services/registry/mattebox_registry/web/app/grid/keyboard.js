/** @import { Surface } from "./surface.js" */

const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);

/**
 * Walk from item to item by keys. Enter opens one, because items are links.
 * @param {Surface} surface
 * @param {AbortSignal} signal
 */
export function walkByKeys(surface, signal) {
  surface.canvas.addEventListener("focusin", (event) => {
    const position = positionOf(event.target);
    if (position !== null && position !== surface.active) surface.setActive(position);
  }, { signal });

  surface.canvas.addEventListener("keydown", (event) => {
    if (!KEYS.has(event.key) || event.altKey || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const position = positionOf(event.target);
    const next = position === null ? null : surface.layout?.step(position, event.key, surface.pageRows);
    if (next === null || next === undefined) return;
    event.preventDefault();
    surface.reveal(next);
  }, { signal });
}

/** @param {EventTarget | null} target */
function positionOf(target) {
  const item = target instanceof Element ? target.closest("[data-position]") : null;
  return item instanceof HTMLElement ? Number(item.dataset.position) : null;
}
