/** @import { Page } from "../router.js" */
/** @import { Dataset } from "../types.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { datasetCard, skeletonCards } from "../components/dataset-card.js";
import { emptyState } from "../components/empty.js";
import { showError } from "../components/problem.js";

const PAGE = 24;
const TYPING_MS = 200;

const IMPORT = "mattebox import folder IMAGES --masks MASKS --dataset NAME";

/**
 * All datasets, or those that hold a text.
 * @param {Page} page
 */
export function mount(page) {
  const { root, query, signal, setTitle } = page;
  setTitle("");
  const results = h("div", { class: "datasets", "aria-live": "polite" });
  fill(root, h("div", { class: "page-head" }, h("h1", null, "Datasets"), searchField(page)), results);
  let leave = new AbortController();

  function show() {
    leave.abort();
    leave = new AbortController();
    const shown = AbortSignal.any([signal, leave.signal]);
    list(page, results, query.get("search"), shown).catch((error) => {
      if (!shown.aborted) showError(results, error, show);
    });
  }

  query.subscribe(show);
  show();
}

/** @param {Page} page */
function searchField({ query, signal }) {
  /** @type {ReturnType<typeof setTimeout>} */
  let waiting;
  const field = h("input", {
    type: "search", class: "input", placeholder: "Search", "aria-label": "Search datasets", autocomplete: "off",
    spellcheck: "false", value: query.get("search") ?? "",
    on: {
      input: () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => query.set({ search: field.value.trim() || null }), TYPING_MS);
      },
    },
  });
  signal.addEventListener("abort", () => clearTimeout(waiting), { once: true });
  return h("div", { class: "search", role: "search" }, icon("search"), field);
}

/**
 * @param {Page} page
 * @param {HTMLElement} results
 * @param {string | null} search
 * @param {AbortSignal} signal
 */
async function list({ api }, results, search, signal) {
  const cards = h("ul", { class: "cards" });
  // Only the first time: while somebody types, what was found before stays until there is more.
  if (!results.hasChildNodes()) fill(results, skeletonCards());
  const first = await api.datasets({ search, limit: PAGE }, signal);
  fill(results, first.datasets.length ? cards : nothing(search));
  cards.append(...first.datasets.map(card));
  let cursor = first.next_cursor;
  if (!cursor) return;

  const end = h("li", { class: "cards-end" });
  const more = new IntersectionObserver(
    async ([entry]) => {
      if (!entry?.isIntersecting || !cursor) return;
      more.unobserve(end);
      const next = await api.datasets({ search, limit: PAGE, cursor }, signal).catch(() => null);
      if (signal.aborted || !next) return;
      end.before(...next.datasets.map(card));
      cursor = next.next_cursor;
      if (cursor) more.observe(end);
      else end.remove();
    },
    { rootMargin: "600px" },
  );
  signal.addEventListener("abort", () => more.disconnect(), { once: true });
  cards.append(end);
  more.observe(end);

  /** @param {Dataset} dataset */
  function card(dataset) {
    return h("li", null, datasetCard(dataset, api, signal));
  }
}

/** @param {string | null} search */
function nothing(search) {
  if (search) {
    return emptyState({
      title: "Nothing found",
      text: `No dataset has “${search}” in its name, description, tags or project.`,
    });
  }
  return emptyState({
    title: "No datasets yet",
    text: "Bring in a folder of pictures and one of masks, paired by file name:",
    command: IMPORT,
    action: h("p", { class: "hint" }, "Or look around in a drawn one: ", h("code", null, "mattebox demo")),
  });
}
