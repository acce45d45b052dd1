"""Signing in at the web viewer."""

from mattebox.answers import LoginCode, Session
from mattebox_registry.http.openapi.model import JSON, NO_CONTENT, Body, Operation, Part, answer
from mattebox_registry.http.sessions import Proof

_COOKIE = {"Set-Cookie": "The session's secret: HttpOnly, SameSite=Strict, and Secure over HTTPS."}

SESSIONS = Part(
    "Sessions",
    "How a browser signs in. A session may do what the token that opened it may, ends with it, and after seven days.",
    (
        Operation(
            "POST", "/api/v1/login-codes", "Make a login code", "read",
            {201: answer("The code, and the path that a browser opens.", LoginCode)},
            description="Asked for with a token, never with a session. The code opens one session within ten minutes.",
        ),
        Operation(
            "POST", "/api/v1/session", "Sign in", None,
            {201: answer("What the session may do; its secret is in the cookie alone.", Session, **_COOKIE)},
            body=Body("A one-time code, or a token.", {JSON: Proof}, {"code": "yJ2v..."}),
            problems={400: "invalid_body, bad_json", 401: "login_refused", 403: "wrong_origin",
                      415: "wrong_content_type", 503: "storage_busy"},
        ),
        Operation(
            "GET", "/api/v1/session", "Read the session", "read",
            {200: answer("What the caller may do, by token or session.", Session)},
        ),
        Operation("DELETE", "/api/v1/session", "Sign out", "read", {204: NO_CONTENT}),
    ),
)  # fmt: skip
