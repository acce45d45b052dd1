/** @import { VersionTab } from "../pages/version.js" */
/** @import { View } from "./address.js" */
import { ApiError, NetworkError } from "../api.js";
import { emptyState } from "../components/empty.js";
import { mayWrite } from "../components/session.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { nameOf } from "./choices.js";
import { quoted, STATES } from "./words.js";

/**
 * Say that a list is empty, and what to do next.
 * @param {VersionTab} tab
 * @param {View} view
 * @param {() => void} showAll takes the filters away
 */
export function emptyList(tab, view, showAll) {
  if (view.state || view.context !== null) {
    const what = view.state ? `${STATES[view.state].title.toLowerCase()} frames` : "frames";
    const where = view.context === null ? "in this version" : `in ${nameOf(view.context)}`;
    const action = h("button", { type: "button", class: "button", on: { click: showAll } }, "Show all frames");
    return emptyState({ title: `No ${what}`, text: `There are none ${where}.`, action });
  }
  const { name, status } = tab.version.get();
  if (status !== "draft") return emptyState({ title: "No frames", text: "This version was published without frames." });
  if (!mayWrite(tab.session)) return emptyState({ title: "No frames yet", text: "Whoever may write adds some by the API, the SDK or the command line." });
  return emptyState({
    title: "No frames yet",
    text: "Pair a folder of pictures with a folder of masks by their file names. Frames appear here as they come in.",
    command: `mattebox import folder photos/ --masks masks/ --dataset ${quoted(tab.dataset.name)} --version ${quoted(name)}`,
  });
}

/**
 * Say that frames could not be loaded.
 * @param {unknown} error
 * @param {() => void} again
 */
export function problemBanner(error, again) {
  const reason = error instanceof ApiError || error instanceof NetworkError ? error.message : "Something in this list is out of date.";
  return h(
    "div",
    { class: "banner", role: "alert" },
    icon("warning"),
    h("span", null, reason),
    h("button", { type: "button", class: "button", on: { click: again } }, icon("refresh"), "Load again"),
  );
}

/**
 * Say that the list is not what it was, without pulling it away from under the eyes.
 * @param {string} text
 * @param {() => void} show
 */
export function changedPill(text, show) {
  return h("button", { type: "button", class: "changed-pill", on: { click: show } }, icon("refresh"), text);
}
