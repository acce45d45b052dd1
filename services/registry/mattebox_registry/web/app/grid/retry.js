/** @import { FrameBrief } from "./frames.js" */
/** @import { VersionTab } from "../pages/version.js" */
/** @import { GridContext } from "./item.js" */
import { toast } from "../components/toast.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";

/**
 * A button that has a frame drawn once more.
 * @param {GridContext} context
 * @param {FrameBrief} frame
 * @param {boolean} isReachable by Tab
 */
export function retryButton(context, frame, isReachable) {
  const button = h(
    "button",
    {
      type: "button", class: "button retry", "aria-label": `Draw ${frame.id} again`, tabindex: isReachable ? "0" : "-1",
      on: {
        click: async () => {
          // Not `disabled`, which would take the focus away.
          if (button.getAttribute("aria-disabled") === "true") return;
          button.setAttribute("aria-disabled", "true");
          await context.retry(frame);
          button.removeAttribute("aria-disabled");
        },
      },
    },
    icon("refresh"),
    "Retry",
  );
  return button;
}

/**
 * Have a frame drawn once more, and say so.
 * @param {VersionTab} tab
 * @param {FrameBrief} frame
 * @param {(preview: { state: "pending", key: string }) => void} patch
 */
export async function retry(tab, frame, patch) {
  try {
    const { key } = await tab.api.refreshPreview(tab.version.get().id, frame.id);
    if (!tab.signal.aborted) patch({ state: "pending", key });
  } catch (error) {
    if (!tab.signal.aborted) toast(error instanceof Error ? error.message : String(error));
  }
}
