/** @import { Api } from "../api.js" */
/** @import { Session } from "../types.js" */
import { ApiError, NetworkError } from "../api.js";
import { fill, h } from "../dom.js";
import { openDialog } from "./dialog.js";

/**
 * Ask who is at work to sign in again, over the page: what was typed stays. Resolves to the session, or to null where the
 * dialog was closed.
 * @param {Api} api
 * @returns {Promise<Session | null>}
 */
export function signInAgain(api) {
  return new Promise((resolve) => {
    /** @type {Session | null} */
    let session = null;
    const problem = h("p", { class: "field-problem", role: "alert" });
    const token = h("input", {
      id: "token-again", class: "input", type: "password", autocomplete: "off", spellcheck: "false",
      "aria-describedby": "token-again-hint",
    });
    const button = h("button", { class: "button button-primary", form: "sign-in-again" }, "Sign in");

    async function submit(/** @type {SubmitEvent} */ event) {
      event.preventDefault();
      button.disabled = true;
      try {
        session = await (token.value ? api.signIn({ token: token.value }) : api.session());
        dialog.close();
      } catch (error) {
        if (!(error instanceof ApiError || error instanceof NetworkError)) throw error;
        fill(problem, token.value || error instanceof NetworkError ? error.message : "Nobody has signed in yet.");
        button.disabled = false;
        token.focus();
      }
    }

    const dialog = openDialog({
      title: "Your session has ended",
      content: h(
        "form",
        { id: "sign-in-again", class: "sign-in-again", on: { submit } },
        h("p", null, "Sign in again to go on. What you have typed is still here, and what you asked for is done then."),
        h("label", { for: "token-again" }, "A token of this server"),
        token,
        h("p", { id: "token-again-hint", class: "hint" }, "Or open the link of ", h("code", null, "mattebox login"), " in another tab, and leave this empty."),
        problem,
      ),
      actions: [h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Not now"), button],
    });
    dialog.addEventListener("close", () => resolve(session));
    token.focus();
  });
}
