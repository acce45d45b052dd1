/** What the viewer can be told to do by key. */

/** @import { Store } from "../store.js" */
/** @import { View } from "../masks/view.js" */
/** @import { Crosshair } from "./crosshair.js" */
/** @import { Drawing } from "./drawing.js" */
/** @import { KeyGroup } from "./keys.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Sequence } from "./sequence.js" */
/** @import { Stage } from "./stage.js" */
import { toast } from "../components/toast.js";
import { DEFAULT_VIEW, UNMAPPED, appliedMode, maskOpacity, showMask, shownMasks } from "../masks/view.js";
import { maskIds } from "./open_frame.js";

const ZOOM_STEP = 1.5;
const PAN_SHARE = 0.15;
const OPACITY_STEP = 0.1;
const OUTLINE_PX = 2;

/**
 * @param {{ stage: Stage, drawing: Drawing, sequence: Sequence, crosshair: Crosshair, view: Store<View>, open: Store<OpenFrame | null>,
 *   help: () => void, share: () => void, details: () => void, leave: () => void }} parts
 * @returns {KeyGroup[]}
 */
export function commands(parts) {
  return [
    { title: "Frames", keys: frameKeys(parts) },
    { title: "Picture", keys: pictureKeys(parts) },
    { title: "Masks", keys: maskKeys(parts) },
    {
      title: "Page",
      keys: [
        { on: ["c"], shown: "C", does: "Link, preview and download", run: parts.share },
        { on: ["i"], shown: "I", does: "Frame details", run: parts.details },
        { on: ["?", "Shift+?"], shown: "?", does: "This sheet", run: parts.help },
        { on: ["Escape"], shown: "Esc", does: "End reading pixels; back to all frames", run: () => (parts.crosshair.isOn.get() ? parts.crosshair.end() : parts.leave()) },
      ],
    },
  ];
}

/**
 * @param {{ sequence: Sequence, crosshair: Crosshair }} parts
 * @returns {KeyGroup["keys"]}
 */
function frameKeys({ sequence, crosshair }) {
  /** @param {number} frames @param {number} pixels */
  const step = (frames, pixels) => () => crosshair.move(pixels, 0) || sequence.step(frames);
  /** @param {-1 | 1} direction */
  const end = (direction) => void sequence.end(direction).catch((error) => toast(String(error.message)));
  return [
    { on: ["ArrowLeft"], shown: "← or ,", does: "Previous frame", run: step(-1, -1) },
    { on: ["ArrowRight"], shown: "→ or .", does: "Next frame", run: step(1, 1) },
    { on: ["Shift+ArrowLeft"], shown: "Shift ← or PgUp", does: "10 frames back", run: step(-10, -10) },
    { on: ["Shift+ArrowRight"], shown: "Shift → or PgDn", does: "10 frames on", run: step(10, 10) },
    { on: [","], shown: "", does: "", run: () => sequence.step(-1) },
    { on: ["."], shown: "", does: "", run: () => sequence.step(1) },
    { on: ["PageUp"], shown: "", does: "", run: () => sequence.step(-10) },
    { on: ["PageDown"], shown: "", does: "", run: () => sequence.step(10) },
    { on: ["Home"], shown: "Home", does: "First frame of the context", run: () => end(-1) },
    { on: ["End"], shown: "End", does: "Last frame of the context", run: () => end(1) },
  ];
}

/**
 * @param {{ stage: Stage, drawing: Drawing, crosshair: Crosshair }} parts
 * @returns {KeyGroup["keys"]}
 */
function pictureKeys({ stage, drawing, crosshair }) {
  /** @param {number} dx @param {number} dy */
  const pan = (dx, dy) => () => stage.panBy(dx * PAN_SHARE * stage.size.get().width, dy * PAN_SHARE * stage.size.get().height);
  return [
    { on: ["+", "="], shown: "+", does: "Zoom in", run: () => stage.zoomTo(stage.current.zoom * ZOOM_STEP) },
    { on: ["-"], shown: "-", does: "Zoom out", run: () => stage.zoomTo(stage.current.zoom / ZOOM_STEP) },
    { on: ["f", "0"], shown: "F or 0", does: "Whole picture", run: () => stage.fit() },
    { on: ["1"], shown: "1", does: "1:1, a pixel for a pixel", run: () => stage.zoomTo(1) },
    { on: ["w"], shown: "W", does: "Move up", run: pan(0, 1) },
    { on: ["a"], shown: "A", does: "Move left", run: pan(1, 0) },
    { on: ["s"], shown: "S", does: "Move down", run: pan(0, -1) },
    { on: ["d"], shown: "D", does: "Move right", run: pan(-1, 0) },
    { on: ["p"], shown: "P", does: "Read pixels: the arrows move a cross, with Shift by 10", run: () => crosshair.toggle() },
    ...crossKeys(crosshair),
    { on: [" "], shown: "Space", does: "Picture alone, while held", run: () => drawing.peek(true), release: () => drawing.peek(false) },
  ];
}

/**
 * Up and down; left and right step through frames where there is no cross.
 * @param {Crosshair} crosshair
 * @returns {KeyGroup["keys"]}
 */
function crossKeys(crosshair) {
  const moves = /** @type {[string, number][]} */ ([["ArrowUp", -1], ["ArrowDown", 1], ["Shift+ArrowUp", -10], ["Shift+ArrowDown", 10]]);
  return moves.map(([name, dy]) => ({ on: [name], shown: "", does: "", when: () => crosshair.isOn.get(), run: () => void crosshair.move(0, dy) }));
}

/**
 * @param {{ view: Store<View>, open: Store<OpenFrame | null> }} parts
 * @returns {KeyGroup["keys"]}
 */
function maskKeys({ view, open }) {
  const ids = () => maskIdsOf(open.get());
  /** @param {number} step */
  const fade = (step) => () => view.update((it) => fadeMasks(it, open.get(), step));
  return [
    { on: ["m"], shown: "M", does: "Show or hide all masks", run: () => view.update((it) => ({ ...it, masks: shownMasks(it, ids()).length > 0 ? [] : null })) },
    ...Array.from({ length: 9 }, (_, i) => ({
      on: [`Shift+${i + 1}`],
      shown: i === 0 ? "Shift 1" : "",
      does: "Show or hide mask 1, 2, … 9",
      run: () => view.update((it) => toggleMask(it, ids(), i)),
    })),
    { on: ["["], shown: "[", does: "Masks fainter", run: fade(-OPACITY_STEP) },
    { on: ["]"], shown: "]", does: "Masks stronger", run: fade(OPACITY_STEP) },
    { on: ["o"], shown: "O", does: "Outline on or off", run: () => view.update((it) => ({ ...it, outline: it.outline > 0 ? 0 : OUTLINE_PX })) },
    { on: ["u"], shown: "U", does: "Light up unmapped pixels", run: () => view.update((it) => ({ ...it, unmapped: it.unmapped === null ? UNMAPPED : null })) },
    { on: ["r"], shown: "R", does: "Reset how masks are shown", run: () => view.update((it) => ({ ...DEFAULT_VIEW, source: it.source, place: it.place })) },
  ];
}

/** @param {OpenFrame | null} open */
function maskIdsOf(open) {
  return open === null ? [] : maskIds(open);
}

/**
 * @param {View} view
 * @param {readonly string[]} ids
 * @param {number} position
 */
function toggleMask(view, ids, position) {
  const id = ids[position];
  return id === undefined ? view : showMask(view, ids, id, !shownMasks(view, ids).includes(id));
}

/**
 * @param {View} view
 * @param {OpenFrame | null} open
 * @param {number} step
 * @returns {View}
 */
function fadeMasks(view, open, step) {
  const opacities = new Map(view.opacities);
  for (const id of shownMasks(view, maskIdsOf(open))) {
    const opacity = maskOpacity(view, id, appliedMode(view, id, open?.kinds.get(id))) + step;
    opacities.set(id, Math.min(1, Math.max(0, Math.round(opacity * 100) / 100)));
  }
  return { ...view, opacities };
}
