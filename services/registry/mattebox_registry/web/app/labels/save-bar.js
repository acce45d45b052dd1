/** @import { Store } from "../store.js" */
/** @import { VersionStatistics } from "../types.js" */
/** @import { MappingEditor } from "./editor.js" */
/** @import { Router } from "../router.js" */
import { confirmDialog } from "../components/dialog.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watch } from "../store.js";

/**
 * What stays in sight while there is something to save, and the way to give a mask a list of its own.
 * @param {MappingEditor} editor
 * @param {{ statistics: Store<VersionStatistics | null>, save: () => Promise<string>, reload: () => void, router: Router,
 *   signal: AbortSignal }} parts `save` gives what went wrong
 */
export function saveBar(editor, { statistics, save, reload, router, signal }) {
  const problem = h("p", { class: "field-problem", role: "alert" });
  const saveButton = h("button", { type: "button", class: "button button-primary" }, "Save");
  const discard = h("button", { type: "button", class: "button", on: { click: reload } }, "Discard");
  saveButton.addEventListener("click", async () => {
    saveButton.disabled = true;
    fill(problem);
    const wrong = await save();
    fill(problem, wrong);
    saveButton.disabled = false;
  });
  const bar = h("div", { class: "save-bar" }, h("p", null, "Not saved yet."), problem, h("span", { class: "spacer" }), discard, saveButton);
  watch(editor.state, ({ changed }) => {
    bar.hidden = !changed;
  }, signal);
  const leaving = (/** @type {BeforeUnloadEvent} */ event) => editor.state.get().changed && event.preventDefault();
  addEventListener("beforeunload", leaving, { signal });
  router.guard(leaveUnsaved(editor), signal);
  // Beside the lists, not in a box of their own: the bar stays in sight as far as its parent reaches.
  return [ownListForm(editor, statistics, signal), bar];
}

/**
 * Whether the page may be left: asked once at a time, and only where something would be lost.
 * @param {MappingEditor} editor
 */
function leaveUnsaved(editor) {
  /** @type {Promise<boolean> | null} */
  let asked = null;

  async function ask() {
    const leave = await confirmDialog({
      title: "Leave without saving?",
      text: "The labels were changed, and the changes are not saved yet.",
      verb: "Leave",
      action: async () => true,
    });
    asked = null;
    return leave === true;
  }

  return async () => !editor.state.get().changed || (asked ??= ask());
}

/**
 * @param {MappingEditor} editor
 * @param {Store<VersionStatistics | null>} statistics which masks there are
 * @param {AbortSignal} signal
 */
function ownListForm(editor, statistics, signal) {
  const mask = h("input", { type: "text", class: "input", id: "own-list", list: "own-list-masks", placeholder: "mask id", autocomplete: "off", spellcheck: "false", required: true });
  const known = h("datalist", { id: "own-list-masks" });
  watch(statistics, (now) => fill(known, now?.masks.map(({ mask: id }) => h("option", { value: id }))), signal);
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    editor.addList(mask.value.trim());
    mask.value = "";
  };
  return h(
    "form",
    { class: "own-list", on: { submit } },
    h("label", { for: "own-list" }, "A mask that means other things by its values:"),
    mask,
    known,
    h("button", { class: "button" }, icon("plus"), "Give it a list of its own"),
  );
}
