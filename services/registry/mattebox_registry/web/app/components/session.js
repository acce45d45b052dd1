/** @import { Session } from "../types.js" */
/** @import { Store } from "../store.js" */

/**
 * Tell whether who is signed in may change datasets.
 * @param {Store<Session | null>} session
 */
export function mayWrite(session) {
  const scopes = session.get()?.scopes ?? [];
  return scopes.includes("ingest") || scopes.includes("admin");
}
