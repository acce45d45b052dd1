/** One line of the legend: colour, name, share of pixels, show or hide, alone. */

/** @import { Row } from "./legend.js" */
/** @import { Parts } from "./parts.js" */
/** @import { View } from "./view.js" */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { ColorEditor } from "./color_editor.js";
import { formatShare } from "./legend.js";
import { showLabel } from "./view.js";

export class LabelRow {
  /**
   * @param {string} mask
   * @param {Parts} parts
   */
  constructor(mask, parts) {
    this.mask = mask;
    this.parts = parts;
    /** @type {Row | null} */
    this.row = null;
    /** @type {ColorEditor | null} */
    this.editor = null;
    /** @type {boolean | null} */
    this.isEyeOpen = null;
    this.swatch = h("button", { type: "button", class: "label-swatch", "aria-expanded": "false", on: { click: () => this.#edit() } });
    this.name = h("span", { class: "label-name" });
    this.share = h("span", { class: "label-share number" });
    this.alone = h("button", { type: "button", class: "text-button label-alone", on: { click: () => this.#toggleSolo() } }, "only");
    this.eye = h("button", { type: "button", class: "icon-button icon-button-small", on: { click: () => this.#toggle() } });
    this.element = h(
      "li",
      { class: "label" },
      h("div", { class: "label-line" }, this.swatch, this.name, this.alone, this.share, this.eye),
    );
  }

  /**
   * @param {Row} row
   * @param {View} view
   */
  show(row, view) {
    this.row = row;
    const { title, color, opacity, share, pixels, shown, ignored, handle } = row;
    this.element.dataset["label"] = row.name;
    this.element.classList.toggle("is-off", !shown);
    this.swatch.style.setProperty("--swatch", color);
    this.swatch.style.setProperty("--strength", String(opacity));
    this.swatch.disabled = ignored;
    this.swatch.title = ignored ? "Ignored pixels are not painted" : "Change colour and opacity";
    this.swatch.setAttribute("aria-label", `Colour of ${title}: ${color}`);
    this.name.textContent = ignored ? `${title} (ignored)` : title;
    this.name.title = title;
    this.share.textContent = formatShare(share);
    this.share.title = `${pixels.toLocaleString("en")} pixels`;
    const isAlone = handle !== null && view.solo === handle;
    const isHideable = handle !== null && !ignored;
    this.alone.hidden = !isHideable;
    this.alone.setAttribute("aria-pressed", String(isAlone));
    this.alone.setAttribute("aria-label", `Show ${title} alone`);
    this.eye.hidden = !isHideable;
    this.eye.setAttribute("aria-pressed", String(shown));
    this.eye.setAttribute("aria-label", `Show ${title}`);
    this.eye.title = shown ? "Hide this label" : "Show this label";
    this.#showEye(shown);
    this.editor?.show(row);
  }

  /** @param {boolean} isOpen */
  #showEye(isOpen) {
    if (this.isEyeOpen === isOpen) return;
    this.isEyeOpen = isOpen;
    fill(this.eye, icon(isOpen ? "eye" : "eye-off"));
  }

  #toggle() {
    const { row } = this;
    if (row === null || row.handle === null) return;
    const { handle, shown, entries } = row;
    const labels = entries.flatMap((entry) => entry.labels);
    this.parts.view.update((it) => {
      if (!shown) return { ...it, solo: null, hide: it.hide.filter((label) => !labels.includes(label)) };
      return showLabel(it, handle, false);
    });
  }

  #toggleSolo() {
    const handle = this.row?.handle ?? null;
    this.parts.view.update((it) => ({ ...it, solo: it.solo === handle ? null : handle }));
  }

  #edit() {
    if (this.row === null) return;
    this.editor = this.editor === null ? new ColorEditor(this.row, this.parts, () => this.#edit()) : this.#close(this.editor);
    this.swatch.setAttribute("aria-expanded", String(this.editor !== null));
    if (this.editor === null) return;
    this.element.append(this.editor.element);
    this.editor.focus();
    this.editor.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {ColorEditor} editor
   * @returns {null}
   */
  #close(editor) {
    editor.element.remove();
    this.swatch.focus();
    return null;
  }
}
