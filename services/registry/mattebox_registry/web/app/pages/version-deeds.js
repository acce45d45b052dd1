/** @import { Version } from "../types.js" */
/** @import { VersionTab } from "./version.js" */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { confirmDialog } from "../components/dialog.js";
import { formDialog } from "../components/form-dialog.js";
import { counted } from "../components/numbers.js";
import { mayWrite } from "../components/session.js";
import { toast } from "../components/toast.js";

/**
 * What can be done to a version besides publishing it: a section for each.
 * @param {VersionTab} tab
 * @param {Version} version
 * @param {readonly Version[]} family all versions of the dataset
 */
export function versionDeeds(tab, version, family) {
  if (!mayWrite(tab.session)) return [];
  return [descending(tab, version, family), editing(tab, version), deleting(tab, version, family)];
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 * @param {readonly Version[]} family
 */
function descending(tab, version, family) {
  const isPublished = version.status === "published";
  const text = isPublished
    ? "A draft that begins with the frames, labels and metadata of this one, to add to and to change."
    : "New versions come from published ones, whose frames stay as they are. Publish this one first.";
  const button = h("button", { type: "button", class: "button", disabled: !isPublished, on: { click: () => void descend(tab, version, family) } }, icon("branch"), "New version from this");
  return h("section", { class: "card note" }, h("h2", null, "Go on from here"), h("p", null, text), button);
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 */
function editing(tab, version) {
  const isPublished = version.status === "published";
  const text = isPublished ? "A published version is read-only, its name too: others may rely on it." : "They can be changed until the version is published.";
  const button = h("button", { type: "button", class: "button", disabled: isPublished, on: { click: () => void edit(tab, version) } }, icon("pencil"), "Edit");
  return h("section", { class: "card note" }, h("h2", null, "Name and description"), h("p", null, text), button);
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 * @param {readonly Version[]} family
 */
function deleting(tab, version, family) {
  const children = family.filter(({ parent_id: parent }) => parent === version.id).length;
  const obstacle = obstacleTo(version, children);
  const button = h("button", { type: "button", class: "button button-danger", on: { click: () => void remove(tab, version) } }, icon("trash"), "Delete this version");
  const text = obstacle ?? "Its frames, labels and previews are lost. The pictures and masks themselves stay where they are.";
  return h("section", { class: "card note" }, h("h2", null, "Delete"), h("p", null, text), obstacle === null ? button : null);
}

/**
 * Why a version cannot be deleted here; null where it can.
 * @param {Version} version
 * @param {number} children
 */
function obstacleTo(version, children) {
  if (children) return `${counted(children, "version")} ${children === 1 ? "comes" : "come"} from this one: delete those first.`;
  if (version.status === "published") {
    return "A published version stays: others may rely on it. Who has the scope admin can delete it through the API, with force=true.";
  }
  return null;
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 * @param {readonly Version[]} family
 */
async function descend({ api, router }, version, family) {
  const names = new Set(family.map(({ name }) => name));
  const made = await formDialog({
    title: `New version from ${version.name}`,
    text: `It begins with ${counted(version.frame_count, "frame")} and the labels of ${version.name}, which stays as it is.`,
    fields: [
      { name: "name", label: "Name", value: nextName(version.name, names), required: true },
      { name: "description", label: "Description", value: version.description, isLong: true },
    ],
    verb: "Create",
    // The same labels, so that frames that are drawn already need not be drawn again.
    action: ({ name = "", description = "" }) =>
      api.createVersion(version.dataset_id, { name, description, parent_id: version.id, metadata: version.metadata }),
  });
  if (made) void router.go(path`/versions/${made.id}/frames`);
}

/**
 * Suggest a name that is free: `v2` after `v1`.
 * @param {string} name
 * @param {ReadonlySet<string>} taken
 */
export function nextName(name, taken) {
  const [, stem = "", digits = ""] = /^(.*?)(\d*)$/s.exec(name) ?? [];
  for (let number = Number(digits || 1) + 1; ; number += 1) {
    const next = digits ? stem + String(number).padStart(digits.length, "0") : `${stem} ${number}`;
    if (!taken.has(next)) return next;
  }
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 */
async function edit({ api, version: store, signal }, version) {
  const changed = await formDialog({
    title: "Edit the version",
    fields: [
      { name: "name", label: "Name", value: version.name, required: true },
      { name: "description", label: "Description", value: version.description, isLong: true },
    ],
    verb: "Save",
    action: ({ name = "", description = "" }) => api.changeVersion(version.id, { name, description }),
  });
  if (changed && !signal.aborted) store.set(changed);
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 */
async function remove({ api, router }, version) {
  const deleted = await confirmDialog({
    title: `Delete ${version.name}?`,
    text: `${counted(version.frame_count, "frame")}, their labels and their previews are lost. This cannot be undone. The pictures and masks themselves stay where they are.`,
    verb: "Delete",
    isDangerous: true,
    action: async () => (await api.deleteVersion(version.id), true),
  });
  if (!deleted) return;
  toast("Deleted.");
  void router.go(path`/datasets/${version.dataset_id}`);
}
