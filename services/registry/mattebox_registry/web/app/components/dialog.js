/** @import { Child } from "../dom.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/**
 * Ask before something that cannot be undone. Resolves to what `action` resolved to, or to null when it was cancelled.
 * While the action runs the dialog stays; a failure is told in it.
 * @template T
 * @param {{ title: string, text: Child, verb: string, isDangerous?: boolean, action: () => Promise<T> }} question
 * @returns {Promise<T | null>}
 */
export function confirmDialog({ title, text, verb, isDangerous = false, action }) {
  return new Promise((resolve) => {
    /** @type {T | null} */
    let result = null;
    const problem = h("p", { class: "field-problem", role: "alert" });
    const confirm = h("button", { type: "button", class: ["button", isDangerous ? "button-danger" : "button-primary"] }, verb);
    const cancel = h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Cancel");
    const dialog = openDialog({ title, content: [h("p", null, text), problem], actions: [cancel, confirm] });
    confirm.addEventListener("click", async () => {
      confirm.disabled = true;
      try {
        result = await action();
        dialog.close();
      } catch (error) {
        fill(problem, error instanceof Error ? error.message : String(error));
        confirm.disabled = false;
      }
    });
    dialog.addEventListener("close", () => resolve(result));
    cancel.focus();
  });
}

/**
 * Open a dialog over the page; Escape closes it, and it is gone once closed.
 * @param {{ title: string, content: Child, actions?: Child, class?: string }} parts
 */
export function openDialog({ title, content, actions, class: classes }) {
  const close = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } },
    icon("x"),
  );
  const dialog = h(
    "dialog",
    { class: ["dialog", classes], "aria-label": title, on: { close: () => dialog.remove() } },
    h("header", { class: "dialog-header" }, h("h2", null, title), close),
    h("div", { class: "dialog-content" }, content),
    actions ? h("footer", { class: "dialog-actions" }, actions) : null,
  );
  // A click outside is one on the dialog itself: all of its inside is covered by its children.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
