/** @import { Session } from "./types.js" */
import { Api, ApiError } from "./api.js";
import { createStore } from "./store.js";
import { mountShell } from "./shell.js";
import { Router } from "./router.js";
import { routes } from "./routes.js";
import { showError } from "./components/problem.js";
import { mount as missing } from "./pages/missing.js";

const session = createStore(/** @type {Session | null} */ (null));

const api = new Api({
  onSignedOut() {
    session.set(null);
    if (location.pathname === "/login") return;
    const next = location.pathname + location.search;
    void router.go(`/login?${new URLSearchParams({ next })}`, { replace: true });
  },
});

const shell = mountShell(document.body, { api, session, leave: () => void router.go("/login") });
const router = new Router(routes, { ...shell, api, session, onError: showError, missing });

/** Nothing can be shown before it is known who looks; the login page asks itself. */
async function start() {
  if (location.pathname !== "/login") {
    try {
      session.set(await api.session());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return;
      showError(shell.container, error);
      return;
    }
  }
  await router.start();
}

await start();
