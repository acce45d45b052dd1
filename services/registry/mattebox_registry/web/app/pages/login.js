/** @import { Page } from "../router.js" */
import { ApiError, NetworkError } from "../api.js";
import { fill, h } from "../dom.js";
import { mark } from "../icons.js";
import { commandBlock } from "../components/copy.js";

/**
 * Sign in with the code of a link (`/login#<code>`), or with a token that is pasted.
 * @param {Page} page
 */
export async function mount({ root, api, session, query, router, setTitle, signal }) {
  setTitle("Sign in");
  const problem = h("p", { class: "field-problem", id: "login-problem", role: "alert" });

  /** @param {{ code: string } | { token: string }} proof */
  async function signIn(proof) {
    try {
      session.set(await api.signIn(proof));
    } catch (error) {
      if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
      fill(problem, error.message);
      return false;
    }
    void router.go(ownAddress(query.get("next")), { replace: true });
    return true;
  }

  async function redeemLink() {
    const code = location.hash.slice(1);
    if (!code) return false;
    // Out of the address and the history before anything else happens.
    history.replaceState(null, "", location.pathname + location.search);
    return signIn({ code });
  }

  // Another link, pasted where this page is shown already, loads nothing.
  addEventListener("hashchange", () => void redeemLink(), { signal });
  if (await redeemLink()) return;
  fill(root, panel((token) => signIn({ token }), problem));
}

/**
 * @param {(token: string) => Promise<boolean>} signIn
 * @param {HTMLElement} problem
 */
function panel(signIn, problem) {
  const token = h("input", {
    id: "token", class: "input", type: "password", autocomplete: "off", required: true, spellcheck: "false",
    "aria-describedby": "login-problem",
  });
  const button = h("button", { class: "button button-primary" }, "Sign in");
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    button.disabled = true;
    if (!(await signIn(token.value))) {
      button.disabled = false;
      token.select();
    }
  };
  return h(
    "section",
    { class: "card login" },
    mark(),
    h("h1", null, "Sign in"),
    h("p", null, "Open the link that ", h("code", null, "mattebox up"), " printed, or get another one:"),
    commandBlock("mattebox login"),
    h("div", { class: "login-or" }, "or"),
    h("form", { on: { submit } }, h("label", { for: "token" }, "A token of this server"), token, button),
    problem,
  );
}

/**
 * Give the address if it is one of this server, else that of the first page.
 * @param {string | null} next
 */
export function ownAddress(next) {
  if (!next) return "/";
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return url?.origin === location.origin ? url.pathname + url.search : "/";
}
