/** @import { Child } from "../dom.js" */
import { h } from "../dom.js";
import { commandBlock } from "./copy.js";

/**
 * Say why a place is empty and what to do next.
 * @param {{ title: string, text?: Child, command?: string, action?: Child }} words `command` is for a terminal, to copy
 */
export function emptyState({ title, text, command, action }) {
  return h(
    "section",
    { class: "empty" },
    h("h2", { class: "empty-title" }, title),
    text ? h("p", { class: "empty-text" }, text) : null,
    command ? commandBlock(command) : null,
    action ? h("div", { class: "empty-action" }, action) : null,
  );
}
