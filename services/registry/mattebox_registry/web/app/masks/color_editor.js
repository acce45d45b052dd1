/** Colour and opacity of a label: drawn at once for this viewer alone, and, in a draft, saved for everybody. */

/** @import { Row } from "./legend.js" */
/** @import { Parts } from "./parts.js" */
import { ApiError, NetworkError } from "../api.js";
import { toast } from "../components/toast.js";
import { h } from "../dom.js";
import { isColor } from "./colors.js";
import { isDeclared, recolored } from "./mapping.js";
import { withKey } from "./view.js";

export class ColorEditor {
  /**
   * @param {Row} row
   * @param {Parts} parts
   * @param {() => void} close
   */
  constructor(row, parts, close) {
    this.row = row;
    this.parts = parts;
    this.color = h("input", { type: "color", class: "color-well", "aria-label": "Colour", on: { input: () => this.#paint(this.color.value) } });
    this.text = h("input", {
      class: "input mono color-text", "aria-label": "Colour as #rrggbb", maxlength: 7, spellcheck: "false", autocomplete: "off",
      on: { input: () => isColor(this.text.value) && this.#paint(this.text.value.toLowerCase()) },
    });
    this.opacity = h("input", {
      type: "range", class: "slider", min: 0, max: 100, "aria-label": "Opacity of the label",
      on: { input: () => this.#weigh(Number(this.opacity.value) / 100) },
    });
    this.percent = h("output", { class: "mask-percent number" });
    this.reset = h("button", { type: "button", class: "button", on: { click: () => this.#forget() } }, "Reset");
    this.save = h("button", { type: "button", class: "button button-primary", on: { click: () => void this.#save() } }, "Save for all");
    this.done = h("button", { type: "button", class: "button", on: { click: close } }, "Done");
    this.note = h("p", { class: "panel-note", role: "status" });
    this.element = h(
      "div",
      { class: "color-editor", role: "group", "aria-label": `Colour and opacity of ${row.title}` },
      h("div", { class: "color-line" }, this.color, this.text, this.opacity, this.percent),
      this.note,
      h("div", { class: "color-actions" }, this.reset, this.save, this.done),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    this.show(row);
  }

  focus() {
    this.color.focus();
  }

  /** @param {Row} row */
  show(row) {
    this.row = row;
    this.color.value = row.color;
    if (document.activeElement !== this.text) this.text.value = row.color;
    const percent = Math.round(row.opacity * 100);
    this.opacity.value = String(percent);
    this.opacity.style.setProperty("--filled", `${percent}%`);
    this.percent.value = `${percent} %`;
    const { view, version, mayWrite } = this.parts;
    const isOwn = view.get().colors.has(row.name) || view.get().strengths.has(row.name);
    const obstacle = obstacleTo(version.get(), row, mayWrite());
    this.reset.disabled = !isOwn;
    this.save.disabled = !isOwn || obstacle !== null;
    this.save.hidden = obstacle !== null;
    this.note.textContent = isOwn ? `Only you see this colour. ${obstacle ?? ""}` : (obstacle ?? "");
  }

  /** @param {string} color */
  #paint(color) {
    this.parts.view.update((it) => ({ ...it, colors: withKey(it.colors, this.row.name, color) }));
  }

  /** @param {number} opacity */
  #weigh(opacity) {
    this.parts.view.update((it) => ({ ...it, strengths: withKey(it.strengths, this.row.name, opacity) }));
  }

  #forget() {
    const { name } = this.row;
    this.parts.view.update((it) => ({
      ...it, colors: withKey(it.colors, name, null), strengths: withKey(it.strengths, name, null),
    }));
  }

  async #save() {
    const { api, version, reload } = this.parts;
    const { color, opacity } = this.row;
    this.save.disabled = true;
    try {
      // Somebody else may have changed other labels meanwhile. The tag first: it must not be newer than the labels.
      const { tag } = await api.maskLabels(version.get().id);
      const latest = await api.version(version.get().id);
      const labels = recolored(latest.metadata["mask_labels"], this.row.entries, { color, opacity });
      await api.setMaskLabels(latest.id, labels, tag);
      version.set(await api.version(latest.id));
      await reload();
      this.#forget();
      toast("Saved: everybody sees this colour.");
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
      this.note.textContent = `Not saved. ${error.message}`;
      this.save.disabled = false;
    }
  }
}

/**
 * Why a colour cannot be saved; null where it can.
 * @param {import("../types.js").Version} version
 * @param {Row} row
 * @param {boolean} mayWrite
 */
function obstacleTo(version, row, mayWrite) {
  if (version.status === "published") return "The version is published, so its colours stay as they are: yours is kept in the link.";
  if (!mayWrite) return "You may look, not change: your colour is kept in the link.";
  if (!isDeclared(version.metadata["mask_labels"], row.entries)) {
    return "This label comes with the frame itself, not with the version: your colour is kept in the link.";
  }
  return null;
}
