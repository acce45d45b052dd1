/** @import { VersionTab } from "../pages/version.js" */
/** @import { MaskLabels } from "../types.js" */
/** @import { Counts } from "./counting.js" */
import { fill, h } from "../dom.js";
import { createStore, watch, watchPart } from "../store.js";
import { emptyState } from "../components/empty.js";
import { showError } from "../components/problem.js";
import { mayWrite } from "../components/session.js";
import { icon } from "../icons.js";
import { countsFor } from "./counting.js";
import { MappingEditor } from "./editor.js";
import { listSection } from "./list.js";
import { ALL_MASKS } from "./mapping.js";
import { bringLabels, ownSection } from "./own.js";
import { saveBar } from "./save-bar.js";
import { saveMapping } from "./saving.js";
import { readOrder, writeOrder } from "./sorting.js";
import { countingNote, followStatistics } from "./statistics.js";
import { listTabs } from "./tabs.js";
import { unmappedSection } from "./unmapped.js";

/**
 * The version's mapping: a table for each mask, editable in a draft, with what the masks of all frames come to.
 * @param {VersionTab} tab
 * @param {MaskLabels | null} [edited] a mapping with changes that are not saved yet
 */
export async function mountLabels(tab, edited = null) {
  const { root, api, query } = tab;
  // What is shown now ends when it is read anew, after saving and discarding.
  const leave = new AbortController();
  const signal = AbortSignal.any([tab.signal, leave.signal]);
  if (!root.hasChildNodes()) fill(root, h("div", { class: "skeleton block", role: "status", "aria-label": "Loading" }));
  // The newest, whatever was loaded when the page was; the tag first, so that it is never newer than what is edited.
  const { labels: resolved, tag } = await api.maskLabels(tab.version.get().id, signal);
  const version = await api.version(tab.version.get().id, signal);
  tab.version.set(version);
  const editor = new MappingEditor(version.metadata.mask_labels, resolved, edited);
  const editable = version.status === "draft" && mayWrite(tab.session);
  const { store: statistics, first } = followStatistics(tab, signal);
  // What to say in place of labels depends on whether frames bring some.
  if (editor.state.get().lists.length === 0) await first;
  if (signal.aborted) return;
  const counts = createStore(/** @type {Counts | null} */ (null));
  const order = createStore(readOrder(query.get("sort")));
  order.subscribe((now) => query.set({ sort: writeOrder(now) }), signal);

  const lists = h("div", { class: "label-lists" });
  /** @type {Map<string, ReturnType<typeof listSection>>} */
  const sections = new Map();
  const tabs = listTabs(editor, (mask) => query.set({ list: mask }));
  const own = ownSection();
  const unmapped = unmappedSection({ editable, onAdd: declare });

  function chosenList() {
    const masks = editor.state.get().lists.map(({ mask }) => mask);
    const wanted = query.get("list");
    return wanted !== null && masks.includes(wanted) ? wanted : masks[0];
  }

  function showList() {
    const chosen = chosenList();
    tabs.show(chosen ?? "");
    if (chosen === undefined) {
      fill(lists, nothing(editable, bringLabels(statistics.get()), () => editor.addList(ALL_MASKS)));
      return;
    }
    const section = sections.get(chosen) ?? listSection(chosen, editor, { editable, counts, order, signal });
    sections.set(chosen, section);
    if (lists.firstElementChild !== section.element) fill(lists, section.element);
  }

  function recount() {
    const known = statistics.get();
    counts.set(known && countsFor(known, editor.state.get().lists));
    unmapped.show(counts.get()?.unmapped ?? []);
    own.show(known);
  }

  /**
   * @param {{ mask: string, value: import("../types.js").MaskValue }[]} values
   * @param {boolean} isNamed
   */
  function declare(values, isNamed) {
    const [first] = values.map(({ mask, value }) => editor.declare(mask, value, isNamed));
    if (first === undefined) return;
    query.set({ list: first.list });
    sections.get(first.list)?.reveal(first.key, ".chips-input");
  }

  function reload(/** @type {MaskLabels | null} */ merged = null) {
    leave.abort();
    if (!tab.signal.aborted) mountLabels(tab, merged).catch((error) => showError(root, error, () => reload(merged)));
  }

  async function saveAll() {
    const wrong = await saveMapping(tab, editor, tag, reload);
    const faulty = editor.state.get().lists.find(({ rows }) => rows.some(({ key }) => editor.state.get().faults.some((fault) => fault.key === key)));
    if (faulty) query.set({ list: faulty.mask });
    if (wrong) lists.querySelector("td .field-problem")?.scrollIntoView({ block: "center" });
    return wrong;
  }

  watchPart(editor.state, ({ lists: now, faults }) => `${now.map(({ mask, rows }) => `${mask} ${rows.length}`)} ${faults.length}`, showList, signal);
  query.subscribe(showList, signal);
  watchPart(editor.state, ({ lists: now }) => now, recount, signal);
  watch(statistics, recount, signal);
  const bar = editable ? saveBar(editor, { statistics, save: saveAll, reload: () => reload(), router: tab.router, signal }) : [];
  fill(root, note(tab, editable), countingNote(statistics, signal), tabs.element, lists, own.element, unmapped.element, ...bar);
  if (editable) addFromLink();

  /** The viewer sends here with the values of a mask that looks like one of classes. */
  function addFromLink() {
    const { mask, values } = { mask: query.get("mask"), values: query.get("add") };
    if (mask === null || values === null) return;
    query.set({ mask: null, add: null });
    const known = new Set(editor.state.get().lists.flatMap(({ rows }) => rows.map(({ declared }) => String(declared.value))));
    const numbers = [...new Set(values.split(","))].filter((text) => /^\d{1,5}$/.test(text) && !known.has(text));
    declare(numbers.map((text) => ({ mask, value: Number(text) })), true);
  }
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
 * @param {boolean} isBrought whether frames bring labels
 * @param {() => void} begin
 */
function nothing(editable, isBrought, begin) {
  if (isBrought) {
    const add = h("button", { type: "button", class: "button", on: { click: begin } }, icon("plus"), "Add labels for all frames");
    return h("div", { class: "labels-brought" }, h("p", { class: "hint" }, "The version has no labels of its own: its frames bring theirs."), editable ? add : null);
  }
  return emptyState({
    title: "No labels yet",
    text: "Masks without labels are shown as alpha masks: their values are opacities. Say what the values mean, and each label gets a colour of its own.",
    action: editable ? h("button", { type: "button", class: "button button-primary", on: { click: begin } }, "Add the first label") : null,
  });
}
