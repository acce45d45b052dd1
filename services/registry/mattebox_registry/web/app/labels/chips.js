import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

/**
 * A list of names that can be taken out and added to. Enter adds what is typed, so a name may hold commas.
 * @param {{ names: string[], label: string, onChange: (names: string[]) => void }} options
 */
export function chipsInput({ names, label, onChange }) {
  let current = names;
  const list = h("ul", { class: "chips" });
  const input = h("input", {
    class: "chips-input", type: "text", "aria-label": `Add to ${label}`, placeholder: "add", autocomplete: "off", spellcheck: "false",
    on: {
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          add();
        } else if (event.key === "Backspace" && !input.value && current.length) {
          change(current.slice(0, -1));
        }
      },
      change: () => add(),
    },
  });

  function add() {
    const name = input.value.trim();
    input.value = "";
    if (name && !current.includes(name)) change([...current, name]);
  }

  /** @param {string[]} next */
  function change(next) {
    current = next;
    show();
    onChange(next);
  }

  function show() {
    fill(list, current.map((name) =>
      h(
        "li",
        { class: "chip" },
        name,
        h(
          "button",
          {
            type: "button", class: "chip-remove", "aria-label": `Remove ${name}`,
            on: {
              click: () => {
                change(current.filter((other) => other !== name));
                input.focus();
              },
            },
          },
          icon("x"),
        ),
      ),
    ));
  }

  show();
  return h("div", { class: "chips-field" }, list, input);
}

/**
 * Names that are only read.
 * @param {string[]} names
 */
export function chips(names) {
  return h("ul", { class: "chips" }, names.map((name) => h("li", { class: "chip" }, name)));
}
