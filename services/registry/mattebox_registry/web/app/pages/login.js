/** @import { Page } from "../router.js" */
import { ApiError } from "../api.js";
import { fill, h } from "../dom.js";

/**
 * Sign in with the code of a link (`/login#<code>`), or with a token that is pasted.
 * @param {Page} page
 */
export async function mount({ root, api, session, query, router, setTitle }) {
  setTitle("Sign in");
  const next = ownAddress(query.get("next"));
  const problem = h("p", { class: "problem", role: "alert" });

  /** @param {{ code: string } | { token: string }} proof */
  async function signIn(proof) {
    try {
      session.set(await api.signIn(proof));
      await router.go(next, { replace: true });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(problem, error.message);
    }
  }

  const code = location.hash.slice(1);
  if (code) {
    // Out of the address and the history before anything else happens.
    history.replaceState(null, "", location.pathname + location.search);
    await signIn({ code });
    if (session.get()) return;
  }
  const token = h("input", { id: "token", type: "password", autocomplete: "off", required: true, spellcheck: "false" });
  fill(
    root,
    h("h1", null, "Sign in"),
    problem,
    h(
      "form",
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            void signIn({ token: token.value });
          },
        },
      },
      h("label", { for: "token" }, "Token"),
      token,
      h("button", { class: "button button-primary" }, "Sign in"),
    ),
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
