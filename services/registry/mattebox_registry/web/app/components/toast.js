import { h } from "../dom.js";

const SHOWN_MS = 4000;

/**
 * Say in a corner what was done; read out, and gone by itself.
 * @param {string} text
 */
export function toast(text) {
  const shown = h("p", { class: "toast" }, text);
  corner().append(shown);
  setTimeout(() => shown.remove(), SHOWN_MS);
}

function corner() {
  const found = document.querySelector(".toasts");
  if (found) return found;
  const made = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}
