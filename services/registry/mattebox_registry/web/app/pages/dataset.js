/** @import { Page } from "../router.js" */
/** @import { Dataset, Version } from "../types.js" */
/** @import { Kin } from "../components/lineage.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { statusBadge } from "../components/badge.js";
import { countsBar, countsLegend } from "../components/counts.js";
import { emptyState } from "../components/empty.js";
import { lineage } from "../components/lineage.js";
import { counted } from "../components/numbers.js";
import { showError } from "../components/problem.js";
import { timeAgo } from "../components/time.js";
import { datasetDeeds } from "./dataset-deeds.js";

/** Deeper descendants are not moved further to the right: a chain of nights would leave the page. */
const MAX_INDENT = 6;

/**
 * A dataset and its versions, each below the one it comes from.
 * @param {Page} page
 */
export async function mount(page) {
  const { root, params, api, signal, setTitle } = page;
  const { dataset: id = "" } = params;
  if (!root.hasChildNodes()) fill(root, skeleton());
  const [dataset, versions] = await Promise.all([api.dataset(id, signal), api.versions(id, signal)]);
  setTitle(dataset.name, [{ text: "Datasets", href: "/" }]);
  const reload = () => void mount(page).catch((error) => signal.aborted || showError(root, error, reload));
  fill(root, head(dataset, datasetDeeds(page, dataset, reload)), versions.length ? versionList(versions) : noVersions(dataset));
}

/**
 * @param {Dataset} dataset
 * @param {HTMLElement | null} deeds
 */
function head(dataset, deeds) {
  return h(
    "header",
    { class: "page-head page-head-tall" },
    h(
      "div",
      null,
      h("h1", null, dataset.name),
      dataset.description ? h("p", { class: "lead" }, dataset.description) : null,
      h(
        "p",
        { class: "facts" },
        h("span", null, counted(dataset.version_count, "version")),
        h("span", null, counted(dataset.frame_count, "frame")),
        dataset.project ? h("span", null, dataset.project) : null,
        h("span", null, "created ", timeAgo(dataset.created_at)),
      ),
      dataset.tags.length ? h("ul", { class: "tags" }, dataset.tags.map((tag) => h("li", { class: "badge" }, tag))) : null,
    ),
    deeds,
  );
}

/** @param {Version[]} versions */
function versionList(versions) {
  const names = new Map(versions.map(({ id, name }) => [id, name]));
  return h(
    "section",
    { class: "versions", "aria-labelledby": "versions" },
    h("h2", { id: "versions" }, "Versions"),
    h("ol", { class: "card version-list" }, lineage(versions).map((kin) => versionRow(kin, names))),
  );
}

/**
 * @param {Kin} kin
 * @param {Map<string, string>} names
 */
function versionRow({ version, depth }, names) {
  const parent = version.parent_id === null ? null : names.get(version.parent_id);
  return h(
    "li",
    { class: "version-row", style: { "--depth": String(Math.min(depth, MAX_INDENT)) } },
    h(
      "div",
      { class: "version-row-name" },
      depth ? icon("branch") : null,
      h("a", { href: path`/versions/${version.id}/frames` }, version.name),
      statusBadge(version.status),
    ),
    h(
      "p",
      { class: "facts" },
      h("span", null, counted(version.frame_count, "frame")),
      h("span", null, "changed ", timeAgo(version.updated_at)),
      parent ? h("span", null, "from ", parent) : null,
    ),
    h("div", { class: "version-row-counts" }, countsBar(version.previews), countsLegend(version.previews)),
  );
}

/** @param {Dataset} dataset */
function noVersions(dataset) {
  return emptyState({
    title: "No versions yet",
    text: "A version holds the frames. This makes the first one of a folder of pictures and one of masks:",
    command: `mattebox import folder IMAGES --masks MASKS --dataset ${quoted(dataset.name)}`,
  });
}

/**
 * Quote a word for a shell.
 * @param {string} word
 */
function quoted(word) {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function skeleton() {
  return h(
    "div",
    { role: "status", "aria-label": "Loading" },
    h("div", { class: "page-head" }, h("div", { class: "skeleton title" })),
    h("div", { class: "skeleton block" }),
  );
}
