/** @import { PreviewCounts, PreviewState } from "../types.js" */
/** @import { Store } from "../store.js" */
/** @import { View } from "./address.js" */
/** @import { Contexts } from "./contexts.js" */
import { totalOf } from "../components/counts.js";
import { wholeNumber } from "../components/numbers.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watch } from "../store.js";
import { contextChoice, groupSwitch, sourceChoice } from "./choices.js";
import { TILE } from "./measures.js";
import { STATES } from "./words.js";

/**
 * @typedef {object} Known What the toolbar offers.
 * @property {Contexts} contexts
 * @property {string[]} sources ids of the sources of frames with several
 * @property {boolean} canGroup
 * @property {boolean} isGrouped
 *
 * @typedef {object} ToolbarParts
 * @property {Store<View>} view
 * @property {Store<PreviewCounts>} counts
 * @property {Store<Known>} known
 * @property {(text: string) => Promise<boolean>} goTo Goes to a frame, a context or a position; false where it is none.
 * @property {() => Promise<void>} moreContexts Offers contexts that follow those that are known.
 * @property {AbortSignal} signal
 */

/**
 * What is above the frames: filters, how they are shown, and where to go.
 * @param {ToolbarParts} parts
 */
export function createToolbar(parts) {
  const { view } = parts;
  const change = (/** @type {Partial<View>} */ part) => view.update((known) => ({ ...known, ...part }));
  const place = h("output", { class: "grid-toolbar-place number", "aria-live": "off" });
  const element = h(
    "div",
    { class: "grid-toolbar", role: "group", "aria-label": "Which frames, and how" },
    stateFilter(parts, change),
    h(
      "div",
      { class: "grid-toolbar-tools" },
      contextChoice(parts, change),
      groupSwitch(parts, change),
      sourceChoice(parts, change),
      goToField(parts),
      place,
      tileSlider(parts, change),
      viewSwitch(parts, change),
    ),
  );
  return { element, place };
}

/**
 * @param {ToolbarParts} parts
 * @param {(part: Partial<View>) => void} change
 */
function stateFilter({ view, counts, signal }, change) {
  const element = h("div", { class: "state-filter", role: "group", "aria-label": "State" });
  /** @type {Map<string, { button: HTMLButtonElement, number: HTMLElement }>} */
  const buttons = new Map();
  for (const state of /** @type {("" | PreviewState)[]} */ (["", "ready", "partial", "failed", "unsupported", "pending"])) {
    const number = h("span", { class: "number" });
    const button = h(
      "button",
      { type: "button", class: "state-choice", data: { state }, on: { click: () => change({ state: state || null }) } },
      state ? icon(STATES[state].icon) : null,
      h("span", null, state ? STATES[state].title : "All"),
      number,
    );
    buttons.set(state, { button, number });
    element.append(button);
  }
  const show = () => {
    const known = counts.get();
    const chosen = view.get().state ?? "";
    for (const [state, { button, number }] of buttons) {
      const count = state ? known[/** @type {PreviewState} */ (state)] : totalOf(known);
      number.textContent = wholeNumber(count);
      button.setAttribute("aria-pressed", String(state === chosen));
      button.hidden = Boolean(state) && !count && state !== chosen;
    }
  };
  watch(counts, show, signal);
  watch(view, show, signal);
  return element;
}

/** @param {ToolbarParts} parts */
function goToField({ goTo }) {
  const input = h("input", {
    class: "input go-to-input", type: "search", placeholder: "Go to frame…", "aria-label": "Go to a frame id, context or number",
    spellcheck: "false", autocomplete: "off", title: "A frame's id, a context, or a number from 1 on",
  });
  const problem = h("span", { class: "visually-hidden", role: "status" });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    const isFound = await goTo(text);
    input.setAttribute("aria-invalid", String(!isFound));
    input.setCustomValidity("");
    fill(problem, isFound ? "" : `There is no frame or context ${text} here.`);
    input.title = isFound ? "" : `There is no frame or context “${text}” in this list.`;
  };
  input.addEventListener("input", () => input.removeAttribute("aria-invalid"));
  return h("form", { class: "go-to", role: "search", on: { submit } }, icon("search"), input, problem);
}

/**
 * @param {ToolbarParts} parts
 * @param {(part: Partial<View>) => void} change
 */
function tileSlider({ view, signal }, change) {
  const input = h("input", {
    type: "range", class: "tile-slider", min: TILE.least, max: TILE.most, step: 8, "aria-label": "Size of the pictures",
    on: { input: () => change({ tile: Number(input.value) }) },
  });
  const element = h("label", { class: "tile-size", title: "Size of the pictures" }, icon("image"), input);
  watch(view, ({ tile, view: kind }) => {
    input.value = String(tile);
    element.hidden = kind === "table";
  }, signal);
  return element;
}

/**
 * @param {ToolbarParts} parts
 * @param {(part: Partial<View>) => void} change
 */
function viewSwitch({ view, signal }, change) {
  const kinds = /** @type {const} */ ([["grid", "Pictures"], ["table", "Table"]]);
  const buttons = kinds.map(([kind, title]) =>
    h(
      "button",
      { type: "button", class: "icon-button", title, "aria-label": title, data: { kind }, on: { click: () => change({ view: kind }) } },
      icon(kind === "grid" ? "grid" : "list"),
    ),
  );
  watch(view, (known) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.kind === known.view));
  }, signal);
  return h("div", { class: "view-switch", role: "group", "aria-label": "View" }, buttons);
}
