/** @import { View } from "./address.js" */
/** @import { ToolbarParts } from "./toolbar.js" */
import { wholeNumber } from "../components/numbers.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { watch } from "../store.js";

/** Says that no context is chosen: a context itself may have any name, the empty one too. */
const ALL = "all";
const MORE = "more";

/**
 * Choose a context; offered where there are several.
 * @param {ToolbarParts} parts
 * @param {(part: Partial<View>) => void} change
 */
export function contextChoice({ view, known, moreContexts, signal }, change) {
  const select = h("select", { class: "input choice", "aria-label": "Context" });
  select.addEventListener("change", () => {
    if (select.value !== MORE) return change({ context: select.value === ALL ? null : select.value.slice(1) });
    // Nothing is chosen by it: the list is there again, longer.
    select.disabled = true;
    void moreContexts().then(() => {
      select.disabled = false;
      show();
      select.focus();
    });
  });
  let offered = known.get().contexts;
  const show = () => {
    const { contexts } = known.get();
    const { context } = view.get();
    const isMissing = context !== null && !contexts.groups.some(({ id }) => id === context);
    if (contexts !== offered || !select.options.length || isMissing) {
      offered = contexts;
      fill(
        select,
        h("option", { value: ALL }, contexts.isComplete ? `All ${wholeNumber(contexts.groups.length)} contexts` : "All contexts"),
        isMissing && h("option", { value: `=${context}` }, nameOf(context)),
        contexts.groups.map(({ id, frame_count }) => h("option", { value: `=${id}` }, `${nameOf(id)} (${wholeNumber(frame_count)})`)),
        contexts.next !== null && h("option", { value: MORE }, `More than these ${wholeNumber(contexts.groups.length)}…`),
      );
    }
    select.value = context === null ? ALL : `=${context}`;
    select.hidden = contexts.groups.length < 2 && context === null;
  };
  watch(known, show, signal);
  watch(view, show, signal);
  return select;
}

/**
 * Put frames of one context under a heading, or not.
 * @param {ToolbarParts} parts
 * @param {(part: Partial<View>) => void} change
 */
export function groupSwitch({ known, signal }, change) {
  const button = h(
    "button",
    {
      type: "button", class: "icon-button", title: "Group by context", "aria-label": "Group by context",
      on: { click: () => change({ group: known.get().isGrouped ? "none" : "context" }) },
    },
    icon("rows"),
  );
  watch(known, ({ contexts, canGroup, isGrouped }) => {
    button.setAttribute("aria-pressed", String(isGrouped));
    button.hidden = !canGroup && contexts.isComplete;
    button.disabled = !canGroup;
    button.title = canGroup ? "Group by context" : "There are too many contexts to group by them";
  }, signal);
  return button;
}

/**
 * Choose which source of frame groups is shown; offered where there are frames with several.
 * @param {ToolbarParts} parts
 * @param {(part: Partial<View>) => void} change
 */
export function sourceChoice({ view, known, signal }, change) {
  const select = h("select", { class: "input choice", "aria-label": "Source" });
  select.addEventListener("change", () => change({ source: select.value }));
  const show = () => {
    const { source } = view.get();
    const { sources } = known.get();
    const ids = source && !sources.includes(source) ? [source, ...sources] : sources;
    select.hidden = !ids.length;
    const text = ids.join("\n");
    if (select.dataset.ids !== text) {
      select.dataset.ids = text;
      fill(select, h("option", { value: "" }, "First source"), ids.map((id) => h("option", { value: id }, `Source ${id}`)));
    }
    select.value = source;
  };
  watch(known, show, signal);
  watch(view, show, signal);
  return select;
}

/**
 * Name a context.
 * @param {string} id
 */
export function nameOf(id) {
  return id || "No context";
}
