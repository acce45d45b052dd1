/** Masks of class ids that are applied as alpha because nothing declares their values: almost black, and of no use so. */

/** @import { OpenFrame } from "../viewer/open_frame.js" */
/** @import { MaskMap } from "./entries.js" */
/** @import { Parts } from "./parts.js" */
/** @import { View } from "./view.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { watch } from "../store.js";
import { maskIds } from "../viewer/open_frame.js";
import { UNMAPPED, appliedMode, shownMasks, withKey } from "./view.js";

/** Classes of the usual datasets are fewer; a matte that is nowhere brighter would not be seen at all. */
const MOST_CLASSES = 96;

/**
 * List the values of a matte that looks like one of class ids; null where it looks like a matte.
 * @param {MaskMap} map
 * @returns {number[] | null}
 */
export function classIds(map) {
  if (map.kind !== "opacity") return null;
  const seen = new Uint8Array(256);
  for (const value of map.pixels) {
    if (value > MOST_CLASSES) return null;
    seen[value] = 1;
  }
  const values = [...seen.keys()].filter((value) => seen[value]);
  return values.some((value) => value > 0) ? values : null;
}

/**
 * Say so of each such mask, with the two things that can be done about it.
 * @param {Parts} parts
 */
export function classIdHints({ view, open, maps, version, mayWrite, signal }) {
  const element = h("section", { class: "panel-part class-ids", "aria-label": "Masks that look like class ids", role: "status" });
  /** @type {WeakMap<MaskMap, number[] | null>} maps do not change, and are looked at often */
  const known = new WeakMap();
  let shown = "";

  function show() {
    const found = suspects(open.get(), view.get(), maps.get());
    const text = JSON.stringify([found, version.get().status]);
    if (text === shown) return;
    shown = text;
    element.hidden = found.length === 0;
    fill(element, found.map(({ mask, values }) => hint(mask, values)));
  }

  /**
   * @param {OpenFrame | null} frame
   * @param {View} now
   * @param {ReadonlyMap<string, MaskMap>} loaded
   */
  function suspects(frame, now, loaded) {
    if (frame === null) return [];
    return shownMasks(now, maskIds(frame)).flatMap((mask) => {
      const map = loaded.get(mask);
      if (map === undefined || appliedMode(now, mask, frame.kinds.get(mask)) !== "alpha") return [];
      if (!known.has(map)) known.set(map, classIds(map));
      const values = known.get(map);
      return values ? [{ mask, values }] : [];
    });
  }

  /**
   * @param {string} mask
   * @param {number[]} values
   */
  function hint(mask, values) {
    const segment = () => view.update((it) => ({ ...it, modes: withKey(it.modes, mask, "segmentation"), unmapped: it.unmapped ?? UNMAPPED }));
    const address = `${path`/versions/${version.get().id}/labels`}?${new URLSearchParams({ mask, add: values.join(",") })}`;
    const canLabel = version.get().status === "draft" && mayWrite();
    return h(
      "div",
      { class: "advice-item is-warning" },
      icon("info"),
      h(
        "div",
        null,
        h("strong", null, mask),
        h("p", null, `Almost black: its values are ${values[0]} to ${values.at(-1)}, which looks like class ids, not like opacities. Nothing says what they mean, so the mask is applied as alpha.`),
        h(
          "div",
          { class: "class-ids-deeds" },
          canLabel ? h("a", { class: "button button-primary", href: address }, icon("plus"), "Add labels") : null,
          h("button", { type: "button", class: "button", on: { click: segment } }, "Switch to segmentation"),
        ),
      ),
    );
  }

  watch(view, show, signal);
  maps.subscribe(show, signal);
  open.subscribe(show, signal);
  version.subscribe(show, signal);
  return element;
}
