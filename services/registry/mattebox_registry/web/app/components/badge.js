/** @import { PreviewState, Version } from "../types.js" */
import { h } from "../dom.js";
import { icon } from "../icons.js";

/**
 * Say whether a version can still be changed.
 * @param {Version["status"]} status
 */
export function statusBadge(status) {
  const words = { draft: "Draft", published: "Published" };
  return h("span", { class: ["badge", `badge-${status}`] }, icon(status === "draft" ? "pencil" : "lock"), words[status]);
}

/** What each state of a preview is called, in the order in which they are told. */
export const STATE_WORDS = /** @type {Record<PreviewState, string>} */ ({
  pending: "pending",
  ready: "ready",
  partial: "partial",
  failed: "failed",
  unsupported: "unsupported",
});

/**
 * Say how a preview stands.
 * @param {PreviewState} state
 */
export function stateBadge(state) {
  return h("span", { class: ["badge", "state"], data: { state } }, h("span", { class: "state-dot" }), STATE_WORDS[state]);
}
