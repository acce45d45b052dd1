/** @import { MappingEditor } from "./editor.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { ALL_MASKS } from "./mapping.js";

/**
 * Tabs over the lists of a mapping; one of them is shown.
 * @param {MappingEditor} editor
 * @param {(mask: string) => void} choose
 */
export function listTabs(editor, choose) {
  const element = h("div", { class: "list-tabs", role: "tablist", "aria-label": "Lists of labels" });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const tabs = [...element.querySelectorAll("button")];
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next?.click();
    element.querySelector("button[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    /** @type {HTMLElement | null} */ (element.querySelector("button[aria-selected=true]"))?.focus();
  });
  return {
    element,
    /** @param {string} chosen */
    show(chosen) {
      const { lists, faults } = editor.state.get();
      element.hidden = lists.length < 2;
      fill(element, lists.map(({ mask, rows }) => {
        const isFaulty = rows.some(({ key }) => faults.some((fault) => fault.key === key));
        return h(
          "button",
          {
            type: "button", role: "tab", class: "list-tab", "aria-selected": String(mask === chosen), tabindex: mask === chosen ? 0 : -1,
            on: { click: () => choose(mask) },
          },
          isFaulty ? h("span", { class: "list-tab-fault", role: "img", "aria-label": "Needs a look:" }, icon("warning")) : null,
          mask === ALL_MASKS ? "Every mask" : h("code", { title: mask }, mask),
          h("span", { class: "list-tab-count number" }, String(rows.length)),
        );
      }));
    },
  };
}
