/** Says on the stage how the frame stands where that is not simply ready: waiting, partial, failed, unsupported. */

/** @import { Store } from "../store.js" */
/** @import { OpenFrame } from "./open_frame.js" */
import { ApiError } from "../api.js";
import { toast } from "../components/toast.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { remedyOf } from "../masks/advice.js";
import { watchPart } from "../store.js";
import { UnknownSource } from "./open_frame.js";

/** A frame group may have a hundred. */
const MOST_SOURCES = 12;

/**
 * @param {{ open: Store<OpenFrame | null>, problem: Store<unknown>, mayWrite: () => boolean, retry: () => Promise<void>,
 *   reopen: () => void, chooseSource: (source: string | null) => void, frames: string, signal: AbortSignal }} parts
 */
export function notice({ open, problem, mayWrite, retry, reopen, chooseSource, frames, signal }) {
  const element = h("div", { class: "frame-notices", role: "status" });
  const show = () => {
    const error = problem.get();
    const status = open.get()?.status ?? null;
    if (error instanceof UnknownSource) fill(element, sourceless(error, chooseSource));
    else if (error !== null && status !== null && !isMissing(error)) fill(element, interrupted(error, reopen));
    else if (error !== null) fill(element, broken(error, reopen, frames));
    else if (status === null) fill(element);
    else fill(element, told(/** @type {OpenFrame} */ (open.get()), mayWrite() ? retryButton(retry) : null));
  };
  watchPart(open, (it) => it?.status ?? null, show, signal);
  problem.subscribe(show, signal);
  return element;
}

/**
 * @param {OpenFrame} open
 * @param {HTMLElement | null} again
 */
function told({ status, source }, again) {
  if (status === null || status.state === "ready") return null;
  const { state, error } = status;
  if (state === "pending") {
    return card(state, "Waiting to be drawn", "It is drawn ahead of everything else. This page shows it as soon as it is ready.", null);
  }
  if (state === "partial") {
    const words = error ? `${error.mask ?? "A mask"}: ${error.detail}` : "";
    return h("div", { class: "frame-notice is-partial" }, icon("warning"), h("span", null, "Drawn without a mask that could not be read. ", words), again);
  }
  const title = state === "unsupported" ? "This frame has no picture" : "This frame could not be drawn";
  const reason = error ? `${error.detail} (${error.code})` : "";
  return card(state, title, [reason, h("br", null), h("code", null, source.uri), h("br", null), error ? remedyOf(error.code) : ""], state === "failed" ? again : null);
}

/**
 * @param {string} state
 * @param {string} title
 * @param {import("../dom.js").Child} text
 * @param {HTMLElement | null} action
 */
function card(state, title, text, action) {
  return h("div", { class: "frame-card", data: { state } }, h("h2", null, title), h("p", null, text), action);
}

/**
 * @param {unknown} error
 * @param {() => void} reopen
 * @param {string} frames the address of all frames
 */
function broken(error, reopen, frames) {
  if (isMissing(error)) {
    return card("failed", "There is nothing here", wordsOf(error), h("a", { class: "button", href: frames }, "All frames"));
  }
  return card("failed", "That did not work", wordsOf(error), againButton(reopen));
}

/**
 * A frame that is open stays in sight: it can be looked at, as far as it got.
 * @param {unknown} error
 * @param {() => void} reopen
 */
function interrupted(error, reopen) {
  return h("div", { class: "frame-notice is-failed" }, icon("warning"), h("span", null, wordsOf(error)), againButton(reopen));
}

/** @param {() => void} reopen */
function againButton(reopen) {
  return h("button", { type: "button", class: "button", on: { click: reopen } }, "Try again");
}

/** @param {unknown} error */
function isMissing(error) {
  return error instanceof ApiError && error.status === 404;
}

/** @param {unknown} error */
function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * @param {UnknownSource} error
 * @param {(source: string | null) => void} choose
 */
function sourceless({ message, known }, choose) {
  const buttons = known.slice(0, MOST_SOURCES).map((id, i) =>
    h("button", { type: "button", class: "button", on: { click: () => choose(i === 0 ? null : id) } }, id),
  );
  const more = known.length > MOST_SOURCES ? ` ${known.length - MOST_SOURCES} more are in the panel then.` : "";
  const words = `${message} The link may be one of another frame, or the source was renamed. These are there:${more}`;
  return card("failed", "There is no such source", words, h("div", { class: "source-buttons" }, buttons));
}

/** @param {() => Promise<void>} retry */
function retryButton(retry) {
  const button = h("button", { type: "button", class: "button" }, icon("refresh"), "Draw it again");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await retry();
    } catch (error) {
      toast(wordsOf(error));
    }
    button.disabled = false;
  });
  return button;
}
