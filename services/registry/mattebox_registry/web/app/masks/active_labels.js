/** The active labels: what is visible in this frame, by mask. */

/** @import { LabelMap } from "./entries.js" */
/** @import { Row } from "./legend.js" */
/** @import { OpenFrame } from "../viewer/open_frame.js" */
/** @import { Parts } from "./parts.js" */
/** @import { View } from "./view.js" */
import { wholeNumber } from "../components/numbers.js";
import { arrange, fill, h } from "../dom.js";
import { watch } from "../store.js";
import { maskIds, reportOf } from "../viewer/open_frame.js";
import { countPixels } from "./counting.js";
import { hiddenLabels } from "./hiding.js";
import { LabelRow } from "./label_row.js";
import { findRows, legendDiffers, legendRows } from "./legend.js";
import { shownMasks } from "./view.js";

const UNDECLARED = "Nothing says what the values of these pixels mean: add labels under Masks & labels.";

/** Rows of a mask that are built at first: one of instances may have thousands of labels. */
const CHUNK = 100;

/** From so many rows on there is a field to find one. */
const MANY = 60;

const SKELETON_WIDTHS = ["70%", "55%", "80%", "60%", "45%"];

/** @param {Parts} parts */
export function activeLabels(parts) {
  const { view, own, open, maps, problem, signal } = parts;
  const body = h("div", { class: "labels" });
  const all = h("button", { type: "button", class: "text-button", on: { click: showAll } }, "Show all labels");
  const mine = h("button", { type: "button", class: "text-button", title: "Show the colours that you chose in this version", on: { click: own.take } }, "My colours");
  watch(own.areLeftOut, (areLeftOut) => {
    mine.hidden = !areLeftOut;
  }, signal);
  const finder = h("input", { type: "search", class: "input label-finder", placeholder: "Find a label or value", "aria-label": "Find a label or value of this frame", on: { input: show } });
  /** @type {Map<string, LabelRow>} by mask and name, kept so that what has the focus stays */
  const rows = new Map();
  /** @type {Map<string, number>} by mask, how many rows are wanted */
  const wanted = new Map();

  open.subscribe((now, before) => {
    if (now?.frame.id !== before?.frame.id) wanted.clear();
    show();
  }, signal);
  maps.subscribe(show, signal);
  problem.subscribe(show, signal);
  view.subscribe((now, before) => {
    if (legendDiffers(now, before)) show();
  }, signal);
  show();
  const head = h("div", { class: "panel-head" }, h("h2", { class: "panel-title" }, "Active labels"), mine, all);
  return h("section", { class: "panel-part", "aria-label": "Active labels" }, head, finder, body);

  function showAll() {
    view.update((it) => ({ ...it, hide: [], solo: null }));
  }

  function show() {
    const now = view.get();
    const groups = groupsOf(parts, now);
    const words = groups.length > 0 ? "" : emptyWords(parts, now);
    // From frame to frame the labels of the one before stay until those of the next are known: nothing jumps.
    const frame = open.get();
    const isStale = groups.length === 0 && words === "" && frame !== null && frame.status?.state !== "pending" && rows.size > 0;
    body.classList.toggle("is-stale", isStale);
    if (isStale) return;
    all.hidden = now.hide.length === 0 && now.solo === null;
    finder.hidden = groups.every(({ rows: found }) => found.length < MANY);
    const seen = new Set();
    const elements = groups.map(({ mask, rows: every }) => {
      const found = finder.hidden ? every : findRows(every, finder.value);
      const shown = wanted.get(mask) ?? CHUNK;
      const lines = found.slice(0, shown).map((row) => {
        const key = JSON.stringify([mask, row.name]);
        seen.add(key);
        const line = rows.get(key) ?? new LabelRow(mask, parts);
        rows.set(key, line);
        line.show(row, now);
        return line.element;
      });
      return { mask, list: lines, more: found.length > shown ? moreButton(mask, found.length - shown) : null };
    });
    for (const key of rows.keys()) if (!seen.has(key)) rows.delete(key);
    place(body, elements, groups.length > 1);
    if (groups.length === 0) fill(body, words === "" ? skeleton() : h("p", { class: "panel-note" }, words));
    else if (groups.every(({ rows: found }) => found.length === 0)) fill(body, h("p", { class: "panel-note" }, UNDECLARED));
  }

  /**
   * @param {string} mask
   * @param {number} left
   */
  function moreButton(mask, left) {
    const grow = () => {
      wanted.set(mask, (wanted.get(mask) ?? CHUNK) + 5 * CHUNK);
      show();
    };
    return h("button", { type: "button", class: "text-button", on: { click: grow } }, `${wholeNumber(left)} more`);
  }
}

/**
 * @param {Parts} parts
 * @param {View} view
 * @returns {{ mask: string, rows: Row[] }[]}
 */
function groupsOf({ open, maps }, view) {
  const frame = open.get();
  if (frame === null) return [];
  const shown = shownMasks(view, maskIds(frame));
  const labelMaps = shown.flatMap((id) => {
    const map = maps.get().get(id);
    return map?.kind === "labels" ? [/** @type {[string, LabelMap]} */ ([id, map])] : [];
  });
  const hidden = new Set(hiddenLabels(view, labelMaps.flatMap(([, map]) => map.entries)));
  return labelMaps.map(([mask, map]) => {
    const report = reportOf(frame, mask);
    const counted = report?.["mode"] === "segmentation" ? [...report["labels"], ...report["ignored"].values] : countPixels(map);
    return { mask, rows: legendRows(map.entries, counted, view, hidden) };
  });
}

/**
 * Put the lines in their place without taking out those that are there already.
 * @param {HTMLElement} body
 * @param {{ mask: string, list: HTMLElement[], more: HTMLElement | null }[]} groups
 * @param {boolean} isTitled
 */
function place(body, groups, isTitled) {
  const lists = groups.map(({ mask, list, more }) => {
    const known = [...body.children].find((child) => child instanceof HTMLElement && child.dataset["mask"] === mask);
    const group = known ?? h("div", { class: "label-group", data: { mask } }, h("h3", null, mask), h("ul", { class: "label-rows" }), h("div"));
    group.classList.toggle("is-titled", isTitled);
    const [, rows, rest] = /** @type {[Element, Element, HTMLElement]} */ ([...group.children]);
    fill(rest, more);
    arrange(rows, list);
    return group;
  });
  arrange(body, lists);
}

function skeleton() {
  return h("div", null, SKELETON_WIDTHS.map((width) => h("div", { class: "skeleton label-skeleton", style: { "--width": width } })));
}

/**
 * What stands in place of labels; empty while it is not known what they are.
 * @param {Parts} parts
 * @param {View} view
 */
function emptyWords({ open, maps, problem }, view) {
  const frame = open.get();
  const known = frame === null ? "" : wordsOf(frame, maps.get().size, view);
  return known === "" && problem.get() !== null ? "What is in the masks is not known yet." : known;
}

/**
 * @param {OpenFrame} frame
 * @param {number} maps that are drawn
 * @param {View} view
 */
function wordsOf(frame, maps, view) {
  if (frame.masks.length === 0) return "Without masks there are no labels.";
  if (shownMasks(view, maskIds(frame)).length === 0) return "All masks are hidden.";
  const { state = "pending" } = frame.status ?? {};
  if (state === "failed" || state === "unsupported") return "Nothing was drawn, so there is nothing to count.";
  if (shownMasks(view, maskIds(frame)).every((id) => reportOf(frame, id)?.["error"])) return "No mask that is shown could be read.";
  return maps > 0 ? "The masks that are shown are applied as alpha: they have no labels." : "";
}
