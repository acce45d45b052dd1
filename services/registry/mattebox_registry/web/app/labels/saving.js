/** @import { VersionTab } from "../pages/version.js" */
/** @import { MaskLabels } from "../types.js" */
/** @import { MappingEditor } from "./editor.js" */
import { ApiError, NetworkError } from "../api.js";
import { toast } from "../components/toast.js";
import { askAboutConflict } from "./conflict.js";
import { ALL_MASKS, placeFaults } from "./mapping.js";
import { changesBetween, mergeMappings } from "./merge.js";

/**
 * Save the mapping, unless somebody else changed it meanwhile: then it is asked what becomes of both.
 * @param {VersionTab} tab
 * @param {MappingEditor} editor
 * @param {string} tag of the mapping that was edited
 * @param {(edited?: MaskLabels | null) => void} reload reads the mapping anew, to go on with changes that are not saved
 * @returns {Promise<string>} what could not be shown at a field, "" where all went well
 */
export async function saveMapping(tab, editor, tag, reload) {
  const { api, version } = tab;
  if (!editor.check()) return "Some entries need a look.";
  try {
    await api.setMaskLabels(version.get().id, editor.mapping(), tag);
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    if (!(error instanceof ApiError)) throw error;
    return error.code === "labels_changed" ? settleConflict(tab, editor, reload) : tellFaults(error, editor);
  }
  toast("Saved. Frames that look different now are drawn again.");
  reload();
  return "";
}

/**
 * @param {VersionTab} tab
 * @param {MappingEditor} editor
 * @param {(edited?: MaskLabels | null) => void} reload
 */
async function settleConflict({ api, version }, editor, reload) {
  const now = await api.version(version.get().id);
  const theirs = now.metadata.mask_labels;
  const { mapping, conflicts } = mergeMappings(editor.saved, editor.mapping(), theirs);
  const answer = await askAboutConflict({ changes: changesBetween(editor.saved, theirs), conflicts, changedAt: now.updated_at });
  if (answer === "stay") return "Not saved: somebody else changed the labels meanwhile.";
  reload(answer === "merge" ? mapping : null);
  if (answer === "merge") toast("Merged. Have a look, and save.");
  return "";
}

/**
 * @param {ApiError} error
 * @param {MappingEditor} editor
 */
function tellFaults(error, editor) {
  const sent = editor.state.get().lists.filter(({ mask, rows }) => rows.length || mask === ALL_MASKS);
  const { faults, rest } = placeFaults(error.errors, sent);
  editor.showFaults(faults);
  return [faults.length ? "" : error.message, ...rest].filter(Boolean).join(" ") || "Some entries need a look.";
}
