/** @import { Child } from "../dom.js" */
/** @import { Version } from "../types.js" */
/** @import { VersionTab } from "./version.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { watch } from "../store.js";
import { statusBadge } from "../components/badge.js";
import { copyButton } from "../components/copy.js";
import { confirmDialog } from "../components/dialog.js";
import { counted } from "../components/numbers.js";
import { mayWrite } from "../components/session.js";
import { exactTime, relativeTime } from "../components/time.js";
import { toast } from "../components/toast.js";
import { versionDeeds } from "./version-deeds.js";

/**
 * What a version is, where it comes from, and what can be done to it.
 * @param {VersionTab} tab
 */
export async function mountInfo(tab) {
  const { root, api, signal, version } = tab;
  fill(root, h("div", { class: "skeleton block", role: "status", "aria-label": "Loading" }));
  const family = await api.versions(tab.dataset.id, signal);
  watch(version, (known) => {
    const deeds = h("div", { class: "info-deeds" }, publishing(tab, known), versionDeeds(tab, known, family));
    fill(root, h("div", { class: "info" }, facts(tab, known, family), deeds));
  }, signal);
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 * @param {Version[]} family
 */
function facts({ dataset }, version, family) {
  const parent = family.find(({ id }) => id === version.parent_id);
  const children = family.filter(({ parent_id: id }) => id === version.id);
  return h(
    "dl",
    { class: "card facts-list" },
    fact("Version id", withCopy(version.id)),
    fact("Dataset", h("a", { href: path`/datasets/${dataset.id}` }, dataset.name)),
    fact("Dataset id", withCopy(dataset.id)),
    fact("State", statusBadge(version.status)),
    fact("Frames", counted(version.frame_count, "frame")),
    fact("Comes from", parent ? versionLink(parent) : "no other version"),
    children.length ? fact("Led to", children.map((child) => h("div", null, versionLink(child)))) : null,
    fact("Created", time(version.created_at)),
    fact("Last changed", time(version.updated_at)),
    version.published_at ? fact("Published", time(version.published_at)) : null,
    version.description ? fact("Description", version.description) : null,
  );
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 */
function publishing(tab, version) {
  if (version.status === "published") {
    const text = "It is read-only: frames, labels and metadata stay as they are. New versions can come from it.";
    return h("section", { class: "card note" }, h("h2", null, "This version is published"), h("p", null, text));
  }
  const allowed = mayWrite(tab.session);
  const button = h(
    "button",
    { type: "button", class: "button button-primary", disabled: !allowed, on: { click: () => void publish(tab, version) } },
    icon("lock"),
    "Publish",
  );
  return h(
    "section",
    { class: "card note" },
    h("h2", null, "Publish this version"),
    h("p", null, "Its frames, labels and metadata become read-only, and new versions can come from it. This cannot be undone."),
    button,
    allowed ? null : h("p", { class: "hint" }, "Your token may only read: publishing needs the scope ingest."),
  );
}

/**
 * @param {VersionTab} tab
 * @param {Version} version
 */
async function publish({ api, version: store, signal }, version) {
  const published = await confirmDialog({
    title: `Publish ${version.name}?`,
    text: `${counted(version.frame_count, "frame")} and their labels become read-only. This cannot be undone.`,
    verb: "Publish",
    action: () => api.publish(version.id),
  });
  if (!published || signal.aborted) return;
  store.set(published);
  toast("Published.");
}

/**
 * @param {string} name
 * @param {Child} value
 */
function fact(name, value) {
  return h("div", { class: "fact" }, h("dt", null, name), h("dd", null, value));
}

/** @param {string} id */
function withCopy(id) {
  return h("span", { class: "with-copy" }, h("code", null, id), copyButton(() => id, { label: "Copy the id" }));
}

/** @param {Version} version */
function versionLink(version) {
  return h("a", { href: path`/versions/${version.id}/info` }, version.name);
}

/** @param {string} when */
function time(when) {
  return h("time", { datetime: when }, exactTime(when), h("span", { class: "aside" }, ` · ${relativeTime(when)}`));
}
