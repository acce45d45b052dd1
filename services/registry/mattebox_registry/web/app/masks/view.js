/**
 * The view of a frame: everything that decides what is seen of it. Views are values; a change gives a new one.
 *
 * All but the last group are options of the server's preview by the same names, so that what the browser draws and what
 * the server draws can be held against each other.
 */

/** @typedef {"auto" | "segmentation" | "alpha"} Mode */

/**
 * @typedef {object} View
 * @property {string | null} source null: the first
 * @property {readonly string[] | null} masks ids in the order of drawing; null: all
 * @property {Mode} mode of masks that have none of their own here
 * @property {number | null} opacity of masks that have none of their own here; null: by mode
 * @property {ReadonlyMap<string, Mode>} modes by mask id
 * @property {ReadonlyMap<string, number>} opacities by mask id
 * @property {ReadonlyMap<string, string>} tints by mask id
 * @property {string | null} background null: transparent
 * @property {readonly string[]} hide labels
 * @property {string | null} unmapped colour of pixels without an entry; null: not painted
 * @property {number} outline px of the source
 * @property {string | null} solo the only label that is shown
 * @property {ReadonlyMap<string, string>} colors the viewer's own, by name of the entry
 * @property {ReadonlyMap<string, number>} strengths the viewer's own opacities, by name of the entry
 * @property {Place | null} place null: the whole picture
 */

/**
 * @typedef {object} Place
 * @property {number} x of the source pixel in the middle of the stage
 * @property {number} y
 * @property {number} zoom screen pixels to a pixel of the source
 */

export const SEGMENTATION_OPACITY = 0.6;
export const ALPHA_OPACITY = 1;
export const BACKGROUND = "#000000";
export const UNMAPPED = "#ff00ff";
export const MAX_OUTLINE_PX = 64;

/** @type {View} */
export const DEFAULT_VIEW = Object.freeze({
  source: null,
  masks: null,
  mode: "auto",
  opacity: null,
  modes: new Map(),
  opacities: new Map(),
  tints: new Map(),
  background: BACKGROUND,
  hide: [],
  unmapped: null,
  outline: 0,
  solo: null,
  colors: new Map(),
  strengths: new Map(),
  place: null,
});

/**
 * Whether two views differ in more than the place on the stage.
 * @param {View} one
 * @param {View} other
 */
export function looksDifferent(one, other) {
  const names = /** @type {(keyof View)[]} */ (Object.keys(one));
  return names.some((name) => name !== "place" && one[name] !== other[name]);
}

/**
 * A copy of a map with one value set, or with null removed.
 * @template V
 * @param {ReadonlyMap<string, V>} map
 * @param {string} key
 * @param {V | null} value
 * @returns {ReadonlyMap<string, V>}
 */
export function withKey(map, key, value) {
  const changed = new Map(map);
  if (value === null) changed.delete(key);
  else changed.set(key, value);
  return changed;
}

/**
 * Show or hide one mask; masks keep the order they have. Where that is the source's, so does one that is shown again.
 * @param {View} view
 * @param {readonly string[]} all ids of the source's masks
 * @param {string} mask
 * @param {boolean} shown
 * @returns {View}
 */
export function showMask(view, all, mask, shown) {
  const before = view.masks === null || isOfOthers(view.masks, all) ? all : view.masks;
  const known = before.filter((id) => all.includes(id));
  const isInOrder = all.filter((id) => known.includes(id)).every((id, i) => id === known[i]);
  // A link may name masks that other frames have.
  const order = isInOrder ? [...all, ...before.filter((id) => !all.includes(id))] : [...before, ...all.filter((id) => !before.includes(id))];
  const masks = order.filter((id) => (id === mask ? shown : before.includes(id)));
  const isDefault = masks.length === all.length && masks.every((id, i) => id === all[i]);
  return { ...view, masks: isDefault ? null : masks };
}

/**
 * Show or hide a label.
 * @param {View} view
 * @param {string} label
 * @param {boolean} shown
 * @returns {View}
 */
export function showLabel(view, label, shown) {
  const hide = view.hide.filter((other) => other !== label);
  return { ...view, solo: null, hide: shown ? hide : [...hide, label] };
}

/**
 * The masks that are drawn, of those that there are. A view that shows masks of other frames alone shows all.
 * @param {View} view
 * @param {readonly string[]} all
 */
export function shownMasks(view, all) {
  return view.masks === null || isOfOthers(view.masks, all) ? [...all] : view.masks.filter((id) => all.includes(id));
}

/**
 * What a view says of these masks. It keeps what was chosen for masks of other frames, of which the server knows nothing
 * here.
 * @param {View} view
 * @param {readonly string[]} all
 * @returns {View}
 */
export function viewOfMasks(view, all) {
  const shown = shownMasks(view, all);
  const isDefault = shown.length === all.length && shown.every((id, i) => id === all[i]);
  const [modes, opacities, tints] = [ofMasks(view.modes, all), ofMasks(view.opacities, all), ofMasks(view.tints, all)];
  return { ...view, masks: isDefault ? null : shown, modes, opacities, tints };
}

/**
 * @template V
 * @param {ReadonlyMap<string, V>} map
 * @param {readonly string[]} masks
 * @returns {ReadonlyMap<string, V>}
 */
function ofMasks(map, masks) {
  return new Map([...map].filter(([id]) => masks.includes(id)));
}

/**
 * @param {readonly string[]} masks
 * @param {readonly string[]} all
 */
function isOfOthers(masks, all) {
  return masks.length > 0 && all.length > 0 && !masks.some((id) => all.includes(id));
}

/**
 * How a mask is applied. Where no mode is wanted, the server decides, by the mask and its labels: then its map is of
 * that kind.
 * @param {View} view
 * @param {string} mask
 * @param {"labels" | "opacity" | undefined} kind of its map where no mode is wanted
 * @returns {"segmentation" | "alpha"}
 */
export function appliedMode(view, mask, kind) {
  const wanted = view.modes.get(mask) ?? view.mode;
  if (wanted !== "auto") return wanted;
  return kind === "opacity" ? "alpha" : "segmentation";
}

/**
 * @param {View} view
 * @param {string} mask
 * @param {"segmentation" | "alpha"} mode
 */
export function maskOpacity(view, mask, mode) {
  return view.opacities.get(mask) ?? view.opacity ?? (mode === "alpha" ? ALPHA_OPACITY : SEGMENTATION_OPACITY);
}
