/** @import { Api } from "../api.js" */
/** @import { Dataset } from "../types.js" */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { countsBar } from "./counts.js";
import { counted } from "./numbers.js";
import { timeAgo } from "./time.js";

const PICTURES = 3;

/** Frames to choose from: neighbours look alike. */
const CHOICE = 60;
const SKELETONS = 6;

/**
 * A dataset in a list: a glimpse of its newest frames, what it is, how it stands.
 * @param {Dataset} dataset
 * @param {Api} api
 * @param {AbortSignal} signal
 */
export function datasetCard(dataset, api, signal) {
  const glimpse = h("div", { class: "glimpse", "aria-hidden": "true" }, icon("folder"));
  if (dataset.latest_version_id && (dataset.previews.ready || dataset.previews.partial)) {
    whenNear(glimpse, () => void showPictures(glimpse, dataset, api, signal), signal);
  }
  return h(
    "article",
    { class: "card dataset-card" },
    glimpse,
    h(
      "div",
      { class: "dataset-card-text" },
      h("h2", null, h("a", { href: path`/datasets/${dataset.id}` }, dataset.name)),
      dataset.description ? h("p", { class: "dataset-card-about" }, dataset.description) : null,
      h(
        "p",
        { class: "facts" },
        h("span", null, counted(dataset.version_count, "version")),
        h("span", null, counted(dataset.frame_count, "frame")),
        timeAgo(dataset.updated_at),
      ),
      dataset.tags.length ? h("ul", { class: "tags" }, dataset.tags.map((tag) => h("li", { class: "badge" }, tag))) : null,
    ),
    countsBar(dataset.previews),
  );
}

/** What stands in for cards that are on their way. */
export function skeletonCards() {
  const card = () =>
    h(
      "li",
      { class: "card dataset-card" },
      h("div", { class: "glimpse skeleton" }),
      h("div", { class: "dataset-card-text" }, h("div", { class: "skeleton line" }), h("div", { class: "skeleton line" })),
    );
  return h("ul", { class: "cards", "aria-label": "Loading" }, Array.from({ length: SKELETONS }, card));
}

/**
 * @param {HTMLElement} glimpse
 * @param {Dataset} dataset
 * @param {Api} api
 * @param {AbortSignal} signal
 */
async function showPictures(glimpse, dataset, api, signal) {
  const query = { limit: CHOICE, state: dataset.previews.ready ? "ready" : "partial" };
  const page = await api.frames(dataset.latest_version_id ?? "", query, signal).catch(() => null);
  if (signal.aborted || !page?.frames.length) return;
  const apart = (page.frames.length - 1) / (PICTURES - 1);
  const places = new Set(Array.from({ length: PICTURES }, (_, place) => Math.round(place * apart)));
  const chosen = page.frames.filter((_, place) => places.has(place));
  glimpse.replaceChildren(...chosen.map((frame) => h("img", { src: frame.preview.url, alt: "", decoding: "async" })));
}

/**
 * @param {HTMLElement} element
 * @param {() => void} act
 * @param {AbortSignal} signal
 */
function whenNear(element, act, signal) {
  const observer = new IntersectionObserver(
    ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      act();
    },
    { rootMargin: "300px" },
  );
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
