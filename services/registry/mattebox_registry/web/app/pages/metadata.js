/** @import { VersionTab } from "./version.js" */
import { fill, h } from "../dom.js";
import { watch } from "../store.js";
import { copyButton } from "../components/copy.js";
import { emptyState } from "../components/empty.js";
import { jsonTree } from "../components/json-tree.js";

const EXAMPLE = `curl -X PATCH -H "Authorization: Bearer $MATTEBOX_TOKEN" --json '{"metadata": {"camera": "front"}}' `;

/** Branches that are open at first: those of the mapping, down to its entries. */
const OPEN_DEPTH = 3;

/**
 * The version's metadata as JSON, `mask_labels` among it.
 * @param {VersionTab} tab
 */
export function mountMetadata({ root, version, signal }) {
  watch(version, ({ id, metadata }) => {
    if (!Object.keys(metadata).length) {
      fill(root, emptyState({
        title: "No metadata",
        text: "Any JSON can be kept here. The labels of the masks are kept as mask_labels, and set in the tab before this one.",
        command: `${EXAMPLE}${location.origin}/api/v1/versions/${id}`,
      }));
      return;
    }
    const text = () => JSON.stringify(metadata, null, 2);
    fill(
      root,
      h(
        "section",
        { class: "card metadata", "aria-label": "Metadata" },
        h("div", { class: "card-tools" }, copyButton(text, { label: "Copy as JSON", class: "button", showLabel: true })),
        jsonTree(metadata, { open: (depth) => depth < OPEN_DEPTH }),
      ),
    );
  }, signal);
}
