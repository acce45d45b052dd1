/** The colours that somebody gave labels for himself: kept in this browser, by version. */

/** @import { View } from "../masks/view.js" */
/** @import { Store } from "../store.js" */
import { readView, writeView } from "../masks/query.js";
import { DEFAULT_VIEW } from "../masks/view.js";

/**
 * Bring own colours back, unless the link says some, and keep them as they change. Who comes by a link sees what it says:
 * on a landing nothing of one's own is added.
 * @param {Store<View>} view
 * @param {string} version
 * @param {{ isLanding: boolean, signal: AbortSignal }} options
 */
export function keepOwnColors(view, version, { isLanding, signal }) {
  const name = `mattebox.colors.${version}`;
  const { colors, strengths } = view.get();
  if (!isLanding && colors.size === 0 && strengths.size === 0) {
    const kept = readView(new URLSearchParams(read(name)));
    view.update((it) => ({ ...it, colors: kept.colors, strengths: kept.strengths }));
  }
  view.subscribe((now, before) => {
    if (now.colors === before.colors && now.strengths === before.strengths) return;
    write(name, writeView({ ...DEFAULT_VIEW, colors: now.colors, strengths: now.strengths }).toString());
  }, signal);
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
