/** @import { Session } from "./types.js" */
import { Api, ApiError } from "./api.js";
import { createStore } from "./store.js";
import { mountShell } from "./shell.js";
import { Router } from "./router.js";
import { routes } from "./routes.js";
import { showError } from "./components/problem.js";
import { signInAgain } from "./components/sign-in-again.js";
import { mount as missing } from "./pages/missing.js";

const session = createStore(/** @type {Session | null} */ (null));

/** @type {Api} */
const api = new Api({ onSignedOut });

/** @type {Promise<boolean> | null} one dialog for all requests that wait for it */
let asked = null;

/** Whoever was signed in is asked on the spot, so that nothing is lost. @returns {Promise<boolean>} */
function onSignedOut() {
  asked ??= signInAgain(api).then((again) => {
    asked = null;
    if (again !== null) session.set(again);
    // Who has nothing to lose goes where one signs in.
    else if (router.mayLeave === null) void router.go(loginAddress(), { replace: true });
    return again !== null;
  });
  return asked;
}

function loginAddress() {
  return `/login?${new URLSearchParams({ next: location.pathname + location.search })}`;
}

async function signOut() {
  if (!(await router.agree())) return;
  await api.signOut().catch((error) => {
    // A session that has ended already is no reason to stay.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  session.set(null);
  void router.go("/login", { isAgreed: true });
}

const shell = mountShell(document.body, { session, signOut });
const router = new Router(routes, { ...shell, api, session, onError: showError, missing });

/** Nothing can be shown before it is known who looks; the login page asks itself. */
async function start() {
  router.prepare();
  if (location.pathname !== "/login") {
    try {
      session.set(await api.session());
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) {
        showError(shell.container, error, () => void start());
        return;
      }
      history.replaceState(null, "", loginAddress());
    }
  }
  await router.start();
}

await start();
