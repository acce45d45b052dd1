/** The sources of a frame group, of which one is looked at. */

/** @import { Store } from "../store.js" */
/** @import { View } from "../masks/view.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { fill, h } from "../dom.js";
import { watchPart } from "../store.js";
import { sourcesOf } from "./open_frame.js";

/**
 * @param {Store<OpenFrame | null>} open
 * @param {Store<View>} view
 * @param {AbortSignal} signal
 */
export function sourceChoice(open, view, signal) {
  const list = h("div", { class: "source-list" });
  const element = h("fieldset", { class: "panel-part sources" }, h("legend", { class: "panel-title" }, "Source"), list);
  watchPart(
    open,
    (it) => it?.source ?? null,
    (source) => {
      const frame = open.get()?.frame;
      const sources = frame === undefined ? [] : sourcesOf(frame);
      element.hidden = sources.length < 2;
      fill(list, sources.map(({ id }, i) => choice(id, id === source?.id, () => choose(id, i))));
    },
    signal,
  );
  return element;

  /**
   * @param {string} id
   * @param {number} position
   */
  function choose(id, position) {
    // Masks belong to their source: what was chosen about them means nothing to another one.
    view.update((it) => ({ ...it, source: position === 0 ? null : id, masks: null, place: null }));
  }
}

/**
 * @param {string} id
 * @param {boolean} isChosen
 * @param {() => void} choose
 */
function choice(id, isChosen, choose) {
  return h(
    "label",
    { class: "source" },
    h("input", { type: "radio", name: "source", checked: isChosen, on: { change: choose } }),
    h("span", null, id),
  );
}
