import { createStore } from "./store.js";

/** @typedef {"system" | "dark" | "light"} Theme */

const KEY = "mattebox-theme";

/** The theme that was chosen on this machine; `system` follows the operating system. */
export const theme = createStore(/** @type {Theme} */ (document.documentElement.dataset.theme ?? "system"));

/**
 * Choose a theme and remember it.
 * @param {Theme} chosen
 */
export function chooseTheme(chosen) {
  if (chosen === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = chosen;
    localStorage.setItem(KEY, chosen);
  }
  theme.set(chosen);
}
