/** @import { Child } from "../dom.js" */
import { ApiError } from "../api.js";
import { fill, h } from "../dom.js";
import { openDialog } from "./dialog.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string} value
 * @property {boolean} [isLong] several lines
 * @property {boolean} [required]
 * @property {string} [hint]
 */

/**
 * Ask for a few texts and do something with them. Resolves to what `action` resolved to, or to null when it was cancelled.
 * What the registry refuses is told at its field, and the dialog stays.
 * @template T
 * @param {{ title: string, text?: Child, fields: Field[], verb: string, action: (values: Record<string, string>) => Promise<T> }} form
 * @returns {Promise<T | null>}
 */
export function formDialog({ title, text, fields, verb, action }) {
  return new Promise((resolve) => {
    /** @type {T | null} */
    let result = null;
    const problem = h("p", { class: "field-problem", role: "alert" });
    const inputs = new Map(fields.map((field) => [field.name, input(field)]));
    const confirm = h("button", { class: "button button-primary", form: "form-dialog" }, verb);

    async function submit(/** @type {SubmitEvent} */ event) {
      event.preventDefault();
      confirm.disabled = true;
      fill(problem);
      for (const { element } of inputs.values()) element.removeAttribute("aria-invalid");
      try {
        result = await action(Object.fromEntries([...inputs].map(([name, { element }]) => [name, element.value.trim()])));
        dialog.close();
      } catch (error) {
        fill(problem, wordsOf(error));
        markFaults(error);
        confirm.disabled = false;
      }
    }

    /** @param {unknown} error */
    function markFaults(error) {
      if (!(error instanceof ApiError)) return;
      const names = error.code === "name_taken" ? ["name"] : error.errors.map(({ loc }) => loc.split(/[.[]/)[0] ?? "");
      const faulty = names.flatMap((name) => inputs.get(name)?.element ?? []);
      for (const element of faulty) element.setAttribute("aria-invalid", "true");
      faulty[0]?.focus();
    }

    const dialog = openDialog({
      title,
      content: h(
        "form",
        { id: "form-dialog", class: "form-dialog", on: { submit } },
        text ? h("p", null, text) : null,
        [...inputs.values()].map(({ row }) => row),
        problem,
      ),
      actions: [h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Cancel"), confirm],
    });
    dialog.addEventListener("close", () => resolve(result));
    const first = [...inputs.values()][0]?.element;
    first?.focus();
    first?.select();
  });
}

/** @param {Field} field */
function input({ name, label, value, isLong = false, required = false, hint }) {
  const id = `form-${name}`;
  const about = hint ? `${id}-hint` : null;
  const element = isLong
    ? h("textarea", { id, class: "input", rows: 3, value, "aria-describedby": about })
    : h("input", { id, class: "input", type: "text", value, required, autocomplete: "off", spellcheck: "false", "aria-describedby": about });
  const row = h("div", { class: "form-field" }, h("label", { for: id }, label), element, hint ? h("p", { id: about, class: "hint" }, hint) : null);
  return { element, row };
}

/** @param {unknown} error */
function wordsOf(error) {
  const faults = error instanceof ApiError ? error.errors.map(({ loc, message }) => `${loc}: ${message}`) : [];
  return faults.length ? faults.join(" ") : error instanceof Error ? error.message : String(error);
}
