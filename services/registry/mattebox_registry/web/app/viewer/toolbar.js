/** Above the stage: zoom, how what is shown came about, and what to do with it. */

/** @import { Crosshair } from "./crosshair.js" */
/** @import { Drawing } from "./drawing.js" */
/** @import { Stage } from "./stage.js" */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { watch } from "../store.js";

const ZOOM_STEP = 1.5;

const STANDS = {
  nothing: ["", ""],
  first: ["First look", "The frame's default preview, until its parts are here."],
  instant: ["Instant", "Composed in the browser; the exact preview follows."],
  whole: ["Exact", "Composed in the browser from every pixel, as the server draws it."],
  exact: ["Exact", "Drawn by the server."],
};

/**
 * @param {{ stage: Stage, drawing: Drawing, crosshair: Crosshair, share: () => void, help: () => void, details: () => void,
 *   signal: AbortSignal }} parts
 */
export function toolbar({ stage, drawing, crosshair, share, help, details, signal }) {
  const percent = h("output", { class: "zoom-percent number", "aria-label": "Zoom" });
  const stand = h("span", { class: "stand" });
  const show = () => {
    percent.value = stage.shown === null ? "" : `${zoomWords(stage.current.zoom)} %`;
    const [word = "", meaning = ""] = STANDS[drawing.stand.get()];
    stand.textContent = word;
    stand.title = meaning;
  };
  stage.place.subscribe(show, signal);
  stage.size.subscribe(show, signal);
  watch(drawing.stand, show, signal);
  const probe = button("crosshair", "Read pixels with the arrow keys", () => {
    crosshair.toggle();
    stage.canvas.focus();
  });
  probe.classList.add("only-wide");
  watch(crosshair.isOn, (isOn) => probe.setAttribute("aria-pressed", String(isOn)), signal);
  return h(
    "div",
    { class: "stage-tools", role: "toolbar", "aria-label": "Picture" },
    button("minus", "Zoom out", () => stage.zoomTo(stage.current.zoom / ZOOM_STEP)),
    percent,
    button("plus", "Zoom in", () => stage.zoomTo(stage.current.zoom * ZOOM_STEP)),
    button("fit", "Whole picture", () => stage.fit()),
    h("button", { type: "button", class: "icon-button", title: "1:1", "aria-label": "1:1", on: { click: () => stage.zoomTo(1) } }, "1:1"),
    probe,
    stand,
    h("span", { class: "stage-tools-space" }),
    button("link", "Link, preview and download", share),
    button("info", "Frame details", details),
    button("help", "Keys", help),
  );
}

/**
 * @param {string} name
 * @param {string} label
 * @param {() => void} click
 */
function button(name, label, click) {
  return h("button", { type: "button", class: "icon-button", title: label, "aria-label": label, on: { click } }, icon(name));
}

/** @param {number} zoom */
function zoomWords(zoom) {
  const percent = zoom * 100;
  return percent < 10 ? percent.toFixed(1) : String(Math.round(percent));
}
