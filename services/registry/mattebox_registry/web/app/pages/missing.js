/** @import { Page } from "../router.js" */
import { fill, h } from "../dom.js";
import { emptyState } from "../components/empty.js";

/** @param {Page} page */
export function mount({ root, setTitle }) {
  setTitle("Nothing here");
  fill(
    root,
    emptyState({
      title: "There is no such page",
      text: "The address may be mistyped, or what it led to was deleted.",
      action: h("a", { class: "button", href: "/" }, "All datasets"),
    }),
  );
}
