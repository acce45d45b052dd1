/** The colours that somebody gave labels for himself: kept in this browser, by version. */

/** @import { View } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
import { readView, writeView } from "../masks/query.js";
import { DEFAULT_VIEW } from "../masks/view.js";
import { createStore } from "../store.js";

/**
 * @typedef {object} OwnColors
 * @property {Store<boolean>} areLeftOut whether there are some that the view does not have
 * @property {() => void} take adds them to the view
 */

/**
 * Bring own colours back, unless the link says some, and keep them as they change. Who comes by a link sees what it says:
 * on a landing one's own are left out until they are taken.
 * @param {Store<View>} view
 * @param {string} version
 * @param {{ isLanding: boolean, signal: AbortSignal }} options
 * @returns {OwnColors}
 */
export function keepOwnColors(view, version, { isLanding, signal }) {
  const name = `mattebox.colors.${version}`;
  const { colors, strengths } = readView(new URLSearchParams(read(name)));
  const areThere = colors.size > 0 || strengths.size > 0;
  const { colors: linked, strengths: linkedStrengths } = view.get();
  const areLeftOut = createStore(areThere && isLanding && linked.size === 0 && linkedStrengths.size === 0);
  if (!isLanding && linked.size === 0 && linkedStrengths.size === 0) take();
  view.subscribe((now, before) => {
    if (now.colors === before.colors && now.strengths === before.strengths) return;
    const kept = areLeftOut.get() ? withOwn(now) : now;
    write(name, writeView({ ...DEFAULT_VIEW, colors: kept.colors, strengths: kept.strengths }).toString());
  }, signal);
  return { areLeftOut, take };

  function take() {
    view.update(withOwn);
    areLeftOut.set(false);
  }

  /** @param {View} it */
  function withOwn(it) {
    return { ...it, colors: new Map([...colors, ...it.colors]), strengths: new Map([...strengths, ...it.strengths]) };
  }
}

/** @param {string} name */
function read(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    // A browser may refuse; then colours live as long as the page.
    return "";
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  try {
    if (text === "") localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    return;
  }
}
