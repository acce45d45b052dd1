import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

import { toast } from "./toast.js";

const SHOWN_MS = 1600;

/**
 * A button that copies a text and says so.
 * @param {() => string} text
 * @param {{ label?: string, class?: string, showLabel?: boolean }} [options]
 */
export function copyButton(text, { label = "Copy", class: classes = "icon-button", showLabel = false } = {}) {
  const word = showLabel ? h("span", null, label) : null;
  const button = h("button", { type: "button", class: classes, title: label, "aria-label": label });
  const rest = () => fill(button, icon("copy"), word);
  button.addEventListener("click", async () => {
    if (!(await copy(text(), button))) {
      toast("This browser does not let the page copy. Select the text, and copy it by hand.");
      return;
    }
    fill(button, icon("check"), word && h("span", null, "Copied"));
    setTimeout(rest, SHOWN_MS);
  });
  rest();
  return button;
}

/**
 * Browsers have a clipboard for pages of this machine and of https alone; elsewhere what is selected can be copied.
 * @param {string} text
 * @param {HTMLElement} button keeps the focus
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { class: "visually-hidden", readonly: true, value: text });
    // In a dialog nothing outside of it can be selected.
    button.after(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    button.focus();
    return isCopied;
  }
}

/**
 * A command for a terminal, with a button that copies it.
 * @param {string} command
 */
export function commandBlock(command) {
  return h(
    "div",
    { class: "command" },
    h("code", { class: "command-text" }, command),
    copyButton(() => command, { label: "Copy the command" }),
  );
}
