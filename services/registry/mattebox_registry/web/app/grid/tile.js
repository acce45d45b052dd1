/** @import { FrameBrief } from "./frames.js" */
/** @import { GridContext, Item } from "./item.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { path } from "../router.js";
import { sourceShown } from "./item.js";
import { Picture } from "./picture.js";
import { retryButton } from "./retry.js";
import { nameOf, reasonOf, STATES } from "./words.js";

/**
 * A frame as a picture with its name below.
 * @param {GridContext} context
 * @returns {Item}
 */
export function createTile(context) {
  const picture = new Picture(context);
  const name = h("span", { class: "tile-name" });
  const badge = h("span", { class: "tile-badge" });
  const link = h("a", { class: "tile-link", tabindex: "-1" }, picture.element, h("span", { class: "tile-caption" }, name, badge));
  const extras = h("div", { class: "tile-extras" });
  const element = h("div", { class: "tile", role: "listitem" }, link, extras);
  /** @type {FrameBrief | undefined} */
  let shown;
  let source = "";
  let isActive = false;

  /** @param {FrameBrief | undefined} frame */
  function describe(frame) {
    element.dataset.state = frame?.state ?? "loading";
    name.textContent = frame?.id ?? "";
    link.setAttribute("aria-label", frame ? nameOf(frame) : "Loading");
    if (!frame) {
      link.removeAttribute("href");
      link.removeAttribute("title");
      return;
    }
    link.href = path`/versions/${context.version}/frames/${frame.id}` + (source ? `?${new URLSearchParams({ source })}` : "");
    link.title = frame.state === "ready" ? frame.id : `${frame.id}\n${STATES[frame.state].title}: ${reasonOf(frame)}`;
    const said = frame.state === "partial" && [icon(STATES.partial.icon), STATES.partial.title];
    fill(badge, said || []);
    badge.hidden = !said;
  }

  /** @param {FrameBrief} frame */
  function chooser(frame) {
    const ids = frame.sources.map(({ id }) => id);
    const index = Math.max(0, ids.indexOf(source));
    const label = `${ids[index]}, source ${index + 1} of ${ids.length}: show the next`;
    const next = () => {
      context.chosen.set(frame.id, ids[(index + 1) % ids.length] ?? "");
      source = sourceShown(frame, context);
      render(frame);
    };
    return h(
      "button",
      { type: "button", class: "tile-source", title: label, "aria-label": label, tabindex: isActive ? "0" : "-1", on: { click: next } },
      icon("layers"),
      h("span", { class: "tile-source-name" }, ids[index]),
      h("span", { class: "number" }, `${index + 1}/${ids.length}`),
    );
  }

  /** @param {FrameBrief | undefined} frame */
  function render(frame) {
    const hadFocus = extras.contains(document.activeElement);
    describe(frame);
    picture.show(frame, source);
    fill(
      extras,
      frame && frame.sources.length > 1 && chooser(frame),
      frame?.state === "failed" && !source && context.mayRetry && retryButton(context, frame, isActive),
    );
    // What had the focus was replaced.
    if (hadFocus) (extras.querySelector("button") ?? link).focus({ preventScroll: true });
  }

  return {
    element,
    focusable: link,
    show(frame, position, count) {
      element.setAttribute("aria-posinset", String(position + 1));
      element.setAttribute("aria-setsize", String(count));
      if (frame === shown && frame) return;
      source = frame ? sourceShown(frame, context) : "";
      shown = frame;
      render(frame);
    },
    setActive(wanted) {
      if (wanted === isActive) return;
      isActive = wanted;
      for (const target of [link, ...extras.querySelectorAll("button")]) target.setAttribute("tabindex", wanted ? "0" : "-1");
    },
    release: () => picture.release(),
  };
}
