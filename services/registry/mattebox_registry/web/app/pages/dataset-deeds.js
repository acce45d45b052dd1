/** @import { Page } from "../router.js" */
/** @import { Dataset } from "../types.js" */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { confirmDialog, openDialog } from "../components/dialog.js";
import { formDialog } from "../components/form-dialog.js";
import { counted } from "../components/numbers.js";
import { mayWrite } from "../components/session.js";
import { readTags, writeTags } from "../components/tags.js";
import { toast } from "../components/toast.js";

/**
 * What can be done to a dataset; nothing for those who may only read.
 * @param {Page} page
 * @param {Dataset} dataset
 * @param {() => void} reload
 */
export function datasetDeeds(page, dataset, reload) {
  if (!mayWrite(page.session)) return null;
  const deeds = [
    deed("plus", "New version", () => newVersion(page, dataset)),
    deed("pencil", "Edit", () => edit(page, dataset, reload)),
    deed("trash", "Delete", () => remove(page, dataset)),
  ];
  return h("div", { class: "deeds" }, deeds);
}

/**
 * @param {string} name of an icon
 * @param {string} words
 * @param {() => Promise<void>} run
 */
function deed(name, words, run) {
  return h("button", { type: "button", class: "button", on: { click: () => void run() } }, icon(name), words);
}

/**
 * @param {Page} page
 * @param {Dataset} dataset
 */
async function newVersion({ api, router }, { id }) {
  const made = await formDialog({
    title: "New version",
    text: "An empty draft. To begin with the frames of a published version, open that version's Info.",
    fields: [{ name: "name", label: "Name", value: "", required: true }, { name: "description", label: "Description", value: "", isLong: true }],
    verb: "Create",
    action: ({ name = "", description = "" }) => api.createVersion(id, { name, description }),
  });
  if (made) void router.go(path`/versions/${made.id}/frames`);
}

/**
 * @param {Page} page
 * @param {Dataset} dataset
 * @param {() => void} reload
 */
async function edit({ api, signal }, dataset, reload) {
  const changed = await formDialog({
    title: "Edit the dataset",
    fields: [
      { name: "name", label: "Name", value: dataset.name, required: true },
      { name: "description", label: "Description", value: dataset.description, isLong: true },
      { name: "tags", label: "Tags", value: writeTags(dataset.tags), hint: "With commas in between." },
    ],
    verb: "Save",
    action: ({ name = "", description = "", tags = "" }) => api.changeDataset(dataset.id, { name, description, tags: readTags(tags) }),
  });
  if (changed && !signal.aborted) reload();
}

/**
 * @param {Page} page
 * @param {Dataset} dataset
 */
async function remove({ api, router }, dataset) {
  const published = dataset.published_count;
  if (published) {
    const close = h("button", { type: "button", class: "button button-primary", on: { click: () => dialog.close() } }, "Close");
    const dialog = openDialog({
      title: `${dataset.name} cannot be deleted here`,
      content: h("p", null, `${counted(published, "version")} of it ${published === 1 ? "is" : "are"} published, and others may rely on what is published. Who has the scope admin can delete it through the API, with force=true.`),
      actions: close,
    });
    close.focus();
    return;
  }
  const deleted = await confirmDialog({
    title: `Delete ${dataset.name}?`,
    text: `${counted(dataset.version_count, "version")} with ${counted(dataset.frame_count, "frame")}, their labels and their previews are lost. This cannot be undone. The pictures and masks themselves stay where they are.`,
    verb: "Delete",
    isDangerous: true,
    action: async () => (await api.deleteDataset(dataset.id), true),
  });
  if (!deleted) return;
  toast("Deleted.");
  void router.go("/");
}
