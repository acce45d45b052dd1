/** One mask in the panel: whether, how and how strongly it is applied. */

/** @import { Parts } from "./parts.js" */
/** @import { View } from "./view.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watch } from "../store.js";
import { maskIds, reportOf } from "../viewer/open_frame.js";
import { appliedMode, maskOpacity, showMask, shownMasks, withKey } from "./view.js";

const MODES = /** @type {const} */ (["segmentation", "alpha"]);
const MODE_NAMES = { segmentation: "Segmentation", alpha: "Alpha" };
const FIRST_TINT = "#ff3b30";

/**
 * @param {string} id
 * @param {Parts} parts `signal` is the row's
 */
export function maskRow(id, { view, open, foresee, signal }) {
  const eye = h("button", { type: "button", class: "icon-button", on: { click: toggle } });
  const modes = modeSwitch(id, (mode) => view.update((it) => ({ ...it, modes: withKey(it.modes, id, mode) })));
  for (const event of ["pointerenter", "focusin"]) {
    modes.element.addEventListener(event, () => foresee(id, state(view.get()).mode === "alpha" ? "segmentation" : "alpha"));
  }
  const percent = h("output", { class: "mask-percent number" });
  const slider = h("input", {
    type: "range", class: "slider", min: 0, max: 100, "aria-label": `Opacity of ${id}`,
    on: { input: () => setOpacity(Number(slider.value) / 100), dblclick: () => setOpacity(null) },
  });
  const tint = tintField(id, (color) => view.update((it) => ({ ...it, tints: withKey(it.tints, id, color) })));
  const lost = h("span", { class: "mask-lost" }, "Could not be read: see the warnings.");
  const name = h("span", { class: "mask-name" }, id);
  const element = h(
    "li",
    { class: "mask", data: { mask: id } },
    h("div", { class: "mask-head" }, eye, name, modes.element),
    h("div", { class: "mask-foot" }, lost, slider, percent, tint.element),
  );
  watch(view, show, signal);
  open.subscribe(() => show(view.get()), signal);
  return element;

  function toggle() {
    const { ids, isShown } = state(view.get());
    view.update((it) => showMask(it, ids, id, !isShown));
  }

  /** @param {number | null} opacity */
  function setOpacity(opacity) {
    view.update((it) => ({ ...it, opacities: withKey(it.opacities, id, opacity) }));
  }

  /** @param {View} now */
  function state(now) {
    const frame = open.get();
    const ids = frame === null ? [] : maskIds(frame);
    return { ids, isShown: shownMasks(now, ids).includes(id), mode: appliedMode(now, id, frame?.kinds.get(id)) };
  }

  /** @param {View} now */
  function show(now) {
    const { isShown, mode } = state(now);
    const strength = Math.round(maskOpacity(now, id, mode) * 100);
    element.classList.toggle("is-off", !isShown);
    fill(eye, icon(isShown ? "eye" : "eye-off"));
    eye.setAttribute("aria-pressed", String(isShown));
    eye.setAttribute("aria-label", `Show ${id}`);
    eye.title = `${isShown ? "Hide" : "Show"} ${id}`;
    const frame = open.get();
    name.title = `${id}\n${frame?.masks.find((mask) => mask.id === id)?.uri ?? ""}`;
    lost.hidden = frame === null || reportOf(frame, id)?.["error"] === undefined;
    modes.show(mode);
    slider.value = String(strength);
    slider.style.setProperty("--filled", `${strength}%`);
    percent.value = `${strength} %`;
    tint.show(mode === "alpha", now.tints.get(id) ?? null);
  }
}

/**
 * @param {string} id
 * @param {(mode: "segmentation" | "alpha") => void} choose
 */
function modeSwitch(id, choose) {
  const buttons = MODES.map((mode) =>
    h("button", { type: "button", role: "radio", class: "switch-choice", on: { click: () => choose(mode) } }, MODE_NAMES[mode]),
  );
  const element = h("div", { class: "switch", role: "radiogroup", "aria-label": `How ${id} is applied` }, buttons);
  element.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const other = buttons.findIndex((button) => button.getAttribute("aria-checked") !== "true");
    buttons[other]?.click();
    buttons[other]?.focus();
  });
  return {
    element,
    /** @param {"segmentation" | "alpha"} chosen */
    show(chosen) {
      for (const [i, button] of buttons.entries()) {
        button.setAttribute("aria-checked", String(MODES[i] === chosen));
        button.tabIndex = MODES[i] === chosen ? 0 : -1;
      }
    },
  };
}

/**
 * @param {string} id
 * @param {(color: string | null) => void} choose
 */
function tintField(id, choose) {
  const input = h("input", {
    type: "color", class: "color-well", "aria-label": `Tint of ${id}`, title: "Tint, to tell alpha masks apart",
    on: { input: () => choose(input.value) },
  });
  const clear = h(
    "button",
    { type: "button", class: "icon-button icon-button-small", "aria-label": `No tint for ${id}`, title: "No tint", on: { click: () => choose(null) } },
    icon("x"),
  );
  const element = h("span", { class: "tint" }, input, clear);
  return {
    element,
    /**
     * @param {boolean} isOfUse only alpha masks are tinted
     * @param {string | null} color
     */
    show(isOfUse, color) {
      element.hidden = !isOfUse;
      input.value = color ?? FIRST_TINT;
      input.classList.toggle("is-empty", color === null);
      clear.hidden = color === null;
    },
  };
}
