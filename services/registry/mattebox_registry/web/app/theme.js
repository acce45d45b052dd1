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

/**
 * Call a listener when the colours change, by choice or with the system.
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export function followTheme(listener, signal) {
  theme.subscribe(listener, signal);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", listener, { signal });
}
