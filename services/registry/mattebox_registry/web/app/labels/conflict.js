/** @import { EntryChange } from "./merge.js" */
import { h } from "../dom.js";
import { openDialog } from "../components/dialog.js";
import { counted } from "../components/numbers.js";
import { relativeTime } from "../components/time.js";
import { ALL_MASKS, labelsOf, valueText } from "./mapping.js";

/** Changes that are listed one by one. */
const LISTED = 12;

/**
 * Say what somebody else changed meanwhile, and ask what becomes of it. "stay" leaves everything as it is on the screen.
 * @param {{ changes: EntryChange[], conflicts: EntryChange[], changedAt: string }} found
 * @returns {Promise<"merge" | "reload" | "stay">}
 */
export function askAboutConflict({ changes, conflicts, changedAt }) {
  return new Promise((resolve) => {
    /** @type {"merge" | "reload" | "stay"} */
    let answer = "stay";
    const choose = (/** @type {typeof answer} */ chosen) => () => {
      answer = chosen;
      dialog.close();
    };
    const merge = h("button", { type: "button", class: "button button-primary", on: { click: choose("merge") } }, "Merge both");
    const dialog = openDialog({
      title: "Somebody else changed the labels",
      content: [
        h("p", null, `${changes.length ? counted(changes.length, "change") : "Changes"} of the labels or encodings, saved ${relativeTime(changedAt)}. Nothing of yours is saved or lost yet.`),
        changeList(changes),
        conflicts.length
          ? h("div", null, h("p", { class: "conflict-title" }, "You changed these too. Merged, yours hold:"), changeList(conflicts))
          : null,
      ],
      actions: [
        h("button", { type: "button", class: "button", on: { click: choose("stay") } }, "Go on editing"),
        h("button", { type: "button", class: "button", on: { click: choose("reload") } }, "Drop mine, show theirs"),
        merge,
      ],
    });
    dialog.addEventListener("close", () => resolve(answer));
    merge.focus();
  });
}

/** @param {EntryChange[]} changes */
function changeList(changes) {
  const more = changes.length - LISTED;
  return h(
    "ul",
    { class: "change-list" },
    changes.slice(0, LISTED).map((change) => h("li", null, wordsOf(change))),
    more > 0 ? h("li", null, `and ${counted(more, "other")}`) : null,
  );
}

/** @param {EntryChange} change */
function wordsOf({ mask, value, before, after }) {
  const place = mask === ALL_MASKS ? "" : ` of mask ${mask}`;
  const name = h("code", null, valueText(value));
  if (after === null) return [name, `${place}: ${namesOf(before)} removed`];
  if (before === null) return [name, `${place}: ${namesOf(after)} added`];
  const fields = /** @type {const} */ (["labels", "color", "opacity", "ignore"]).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const words = fields.map((field) => (field === "labels" ? `${namesOf(before)} is now ${namesOf(after)}` : `${field} ${String(after[field] ?? "automatic")}`));
  return [name, `${place}: ${fields.includes("labels") ? "" : `${namesOf(after)}, `}${words.join(", ") || "changed"}`];
}

/** @param {import("../types.js").MaskLabel | null} entry */
function namesOf(entry) {
  return entry === null ? "" : labelsOf(entry).join(", ") || "an entry without labels";
}
