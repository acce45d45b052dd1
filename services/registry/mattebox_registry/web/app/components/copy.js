import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

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
    await navigator.clipboard.writeText(text());
    fill(button, icon("check"), word && h("span", null, "Copied"));
    setTimeout(rest, SHOWN_MS);
  });
  rest();
  return button;
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
