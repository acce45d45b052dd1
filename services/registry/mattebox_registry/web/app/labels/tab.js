/** @import { VersionTab } from "../pages/version.js" */
/** @import { LabelList } from "./mapping.js" */
import { ApiError, NetworkError } from "../api.js";
import { fill, h } from "../dom.js";
import { emptyState } from "../components/empty.js";
import { showError } from "../components/problem.js";
import { mayWrite } from "../components/session.js";
import { toast } from "../components/toast.js";
import { MappingEditor } from "./editor.js";
import { listSection } from "./list.js";
import { ALL_MASKS, isSameMapping, placeFaults } from "./mapping.js";
import { saveBar } from "./save-bar.js";

/**
 * The version's mapping: a table for each mask, editable in a draft.
 * @param {VersionTab} tab
 */
export async function mountLabels(tab) {
  const { root, api } = tab;
  // What is shown now ends when it is read anew, after saving and discarding.
  const leave = new AbortController();
  const signal = AbortSignal.any([tab.signal, leave.signal]);
  if (!root.hasChildNodes()) fill(root, h("div", { class: "skeleton block", role: "status", "aria-label": "Loading" }));
  // The newest, whatever was loaded when the page was: others may edit too.
  const [version, resolved] = await Promise.all([
    api.version(tab.version.get().id, signal),
    api.maskLabels(tab.version.get().id, signal),
  ]);
  tab.version.set(version);
  const editor = new MappingEditor(version.metadata.mask_labels, resolved);
  const editable = version.status === "draft" && mayWrite(tab.session);
  const lists = h("div", { class: "label-lists" });
  /** @type {Map<string, ReturnType<typeof listSection>>} */
  const sections = new Map();

  /** @param {LabelList[]} shown */
  function showLists(shown) {
    for (const { mask } of shown) {
      if (!sections.has(mask)) sections.set(mask, listSection(mask, editor, { editable, signal }));
    }
    const elements = shown.map(({ mask }) => sections.get(mask)?.element);
    if (shown.length) fill(lists, elements);
    else fill(lists, nothing(editable, () => editor.addList(ALL_MASKS)));
  }

  let count = -1;
  const onChange = () => {
    const { lists: now } = editor.state.get();
    if (now.length !== count) showLists(now);
    count = now.length;
  };
  editor.state.subscribe(onChange, signal);
  onChange();

  function reload() {
    leave.abort();
    if (!tab.signal.aborted) mountLabels(tab).catch((error) => showError(root, error));
  }

  async function saveAll() {
    const wrong = await save(tab, editor);
    if (wrong) lists.querySelector("td .field-problem")?.scrollIntoView({ block: "center" });
    else reload();
    return wrong;
  }

  fill(root, note(tab, editable), lists, ...(editable ? saveBar(editor, { save: saveAll, reload, router: tab.router, signal }) : []));
}

/**
 * Save the mapping. Gives what could not be shown at a field, "" where all went well.
 * @param {VersionTab} tab
 * @param {MappingEditor} editor
 * @returns {Promise<string>}
 */
async function save(tab, editor) {
  const { api, version } = tab;
  if (!editor.check()) return "Some entries need a look.";
  const { id } = version.get();
  try {
    const now = await api.version(id);
    if (!isSameMapping(now.metadata.mask_labels, editor.saved)) {
      return "Somebody else changed the labels meanwhile. Discard, to see them; nothing was saved.";
    }
    await api.setMaskLabels(id, editor.mapping());
    version.set(await api.version(id));
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    if (!(error instanceof ApiError)) throw error;
    const { faults, rest } = placeFaults(error.errors, editor.state.get().lists.filter(({ mask, rows }) => rows.length || mask === ALL_MASKS));
    editor.showFaults(faults);
    return [faults.length ? "" : error.message, ...rest].filter(Boolean).join(" ") || "Some entries need a look.";
  }
  toast("Saved. Frames that look different now are drawn again.");
  return "";
}

/**
 * @param {VersionTab} tab
 * @param {boolean} editable
 */
function note({ version, session }, editable) {
  if (editable) return null;
  const reason =
    version.get().status === "published"
      ? "This version is published, so its labels stay as they are. A new version can have others."
      : "Your token may only read: changing labels needs the scope ingest.";
  return h("p", { class: "notice" }, session.get() ? reason : "");
}

/**
 * @param {boolean} editable
 * @param {() => void} begin
 */
function nothing(editable, begin) {
  return emptyState({
    title: "No labels yet",
    text: "Masks without labels are shown as alpha masks: their values are opacities. Say what the values mean, and each label gets a colour of its own.",
    action: editable ? h("button", { type: "button", class: "button button-primary", on: { click: begin } }, "Add the first label") : null,
  });
}
