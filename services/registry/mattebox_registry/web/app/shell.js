/** @import { Crumb } from "./router.js" */
/** @import { Session } from "./types.js" */
/** @import { Store } from "./store.js" */
import { fill, h } from "./dom.js";
import { icon, mark } from "./icons.js";
import { watch } from "./store.js";
import { chooseTheme, theme } from "./theme.js";

/**
 * Build what surrounds every page.
 * @param {HTMLElement} body
 * @param {{ session: Store<Session | null>, signOut: () => Promise<void> }} parts
 */
export function mountShell(body, { session, signOut: onSignOut }) {
  const crumbs = h("ol", { class: "crumbs" });
  const container = h("main", { id: "main", class: "main", tabindex: "-1" });
  const signOut = h(
    "button",
    {
      type: "button", class: "icon-button", title: "Sign out", "aria-label": "Sign out",
      on: { click: () => void onSignOut() },
    },
    icon("sign-out"),
  );
  watch(session, (known) => signOut.toggleAttribute("hidden", known === null));
  body.append(
    skipLink(container),
    h(
      "header",
      { class: "header" },
      h("a", { class: "brand", href: "/", "aria-label": "Mattebox: all datasets" }, mark(), h("span", null, "Mattebox")),
      h("nav", { class: "header-crumbs", "aria-label": "Where you are" }, crumbs),
      h("div", { class: "header-tools" }, docsLink(), themeButton(), signOut),
    ),
    container,
  );

  /**
   * @param {string} title
   * @param {Crumb[]} [above]
   */
  function setTitle(title, above = []) {
    document.title = title ? `${title} · Mattebox` : "Mattebox";
    const links = above.map(({ text, href }) => h("li", null, h("a", { href }, text)));
    fill(crumbs, links, title && above.length ? h("li", { "aria-current": "page" }, title) : null);
  }

  return { container, setTitle };
}

/** @param {HTMLElement} container */
function skipLink(container) {
  const skip = (/** @type {Event} */ event) => {
    // Not by the fragment, which is no part of a view's address.
    event.preventDefault();
    container.focus();
  };
  return h("a", { class: "skip-link", href: "#main", on: { click: skip } }, "Skip to the content");
}

function docsLink() {
  return h("a", { class: "icon-button", href: "/docs", title: "HTTP API", "aria-label": "HTTP API" }, icon("book"));
}

function themeButton() {
  const names = { system: "as the system", dark: "dark", light: "light" };
  const following = /** @type {const} */ ({ system: "dark", dark: "light", light: "system" });
  const icons = { system: "contrast", dark: "moon", light: "sun" };
  const button = h("button", {
    type: "button", class: "icon-button", on: { click: () => chooseTheme(following[theme.get()]) },
  });
  watch(theme, (chosen) => {
    button.setAttribute("aria-label", `Colours: ${names[chosen]}`);
    button.title = `Colours: ${names[chosen]}. Click for ${names[following[chosen]]}.`;
    fill(button, icon(icons[chosen]));
  });
  return button;
}
