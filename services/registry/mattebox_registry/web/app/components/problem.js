import { ApiError, NetworkError } from "../api.js";
import { fill, h } from "../dom.js";
import { emptyState } from "./empty.js";

/**
 * Show in an element why its content cannot be shown, and what to do.
 * @param {HTMLElement} root
 * @param {unknown} error
 * @param {() => void} retry does again what failed
 */
export function showError(root, error, retry) {
  const again = h("button", { type: "button", class: "button", on: { click: retry } }, "Try again");
  if (error instanceof ApiError && error.status === 404) {
    fill(root, emptyState({ title: "There is nothing here", text: error.message, action: home() }));
  } else if (error instanceof ApiError || error instanceof NetworkError) {
    fill(root, emptyState({ title: "That did not work", text: error.message, action: again }));
  } else {
    fill(root, emptyState({ title: "The viewer failed", text: String(error), action: again }));
    console.error(error);
  }
}

function home() {
  return h("a", { class: "button", href: "/" }, "All datasets");
}
