"""Refusals as `application/problem+json` (RFC 9457): the one file that knows which status each one gets."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from aiohttp import web

from mattebox_registry.errors import (
    BodyTooLarge,
    FieldError,
    HasChildren,
    HasPublishedVersions,
    InvalidInput,
    LabelsChanged,
    LoginRefused,
    NameTaken,
    NotFound,
    NotReady,
    OverQuota,
    ParentNotPublished,
    PreviewRefused,
    RegistryError,
    StorageBusy,
    StorageFull,
    StyleChanged,
    TooManyAncestors,
    VersionPublished,
)
from mattebox_registry.http.refusals import (
    BodyBroken,
    BodyTimeout,
    NotAuthenticated,
    ScopeMissing,
    WrongContentEncoding,
    WrongContentType,
    WrongOrigin,
)

CONTENT_TYPE = "application/problem+json"

RETRY_AFTER_S = 1


class Kind(NamedTuple):
    """What every problem of a class has in common."""

    status: int
    code: str
    title: str


KINDS: Mapping[type[RegistryError], Kind] = {
    NotFound: Kind(404, "not_found", "Not found"),
    NameTaken: Kind(409, "name_taken", "The name is taken"),
    VersionPublished: Kind(409, "version_published", "The version is read-only"),
    LabelsChanged: Kind(412, "labels_changed", "The mask labels were changed meanwhile"),
    ParentNotPublished: Kind(409, "parent_not_published", "The parent is a draft"),
    TooManyAncestors: Kind(409, "too_many_ancestors", "The lineage is too long"),
    HasPublishedVersions: Kind(409, "has_published_versions", "The dataset has published versions"),
    HasChildren: Kind(409, "has_children", "The version has children"),
    InvalidInput: Kind(400, "invalid_input", "The request cannot be used"),
    PreviewRefused: Kind(422, "preview_refused", "There is no preview"),
    OverQuota: Kind(429, "over_quota", "Too much at a time"),
    NotReady: Kind(503, "not_ready", "The registry is not ready"),
    StyleChanged: Kind(503, "style_changed", "The version's labels keep changing"),
    StorageFull: Kind(507, "storage_full", "The registry's disk is full"),
    StorageBusy: Kind(503, "storage_busy", "The registry's database is busy"),
    NotAuthenticated: Kind(401, "not_authenticated", "A token is needed"),
    LoginRefused: Kind(401, "login_refused", "Not signed in"),
    WrongOrigin: Kind(403, "wrong_origin", "The request comes from another server's page"),
    ScopeMissing: Kind(403, "scope_missing", "The token does not allow this"),
    WrongContentType: Kind(415, "wrong_content_type", "The content type is not read here"),
    WrongContentEncoding: Kind(415, "wrong_content_encoding", "The content encoding is not read here"),
    BodyTooLarge: Kind(413, "body_too_large", "The body is too large"),
    BodyTimeout: Kind(408, "body_timeout", "The body did not come"),
    BodyBroken: Kind(400, "body_broken", "The body is damaged"),
}

_HTTP_CODES: Mapping[int, Kind] = {
    404: Kind(404, "no_such_path", "There is nothing at this path"),
    405: Kind(405, "method_not_allowed", "The method is not allowed here"),
    413: Kind(413, "body_too_large", "The body is too large"),
}

INTERNAL_ERROR = Kind(500, "internal_error", "The registry failed")


def problem(
    kind: Kind,
    detail: str,
    *,
    members: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Build the answer; `members` are further fields of the problem, `errors` its faults by field."""
    body: dict[str, Any] = {
        "type": f"urn:mattebox:problem:{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "code": kind.code,
        **(members or {}),
    }
    if errors:
        body["errors"] = [error._asdict() for error in errors]
    return web.Response(status=kind.status, body=msgspec.json.encode(body), content_type=CONTENT_TYPE, headers=headers)


def refusal_problem(error: RegistryError) -> web.Response:
    """Answer a refusal of the rules, the store or the HTTP edge."""
    kind = KINDS[type(error)]
    errors: Sequence[FieldError] = ()
    if isinstance(error, InvalidInput):
        kind, errors = kind._replace(code=error.code), error.errors
    elif isinstance(error, PreviewRefused | OverQuota):
        kind = kind._replace(code=error.code)
    # Adapters raise some refusals bare; the sentence of the class says it then.
    detail = str(error) or str(type(error).__doc__)
    members = {**_members(error), **(error.stored or {})}
    response = problem(kind, detail, members=members, errors=errors, headers=_headers(error))
    if isinstance(error, BodyBroken | BodyTimeout):
        # What follows on the connection cannot be trusted to begin with a request.
        response.force_close()
    return response


def _members(error: RegistryError) -> dict[str, Any]:
    match error:
        case NotFound():
            return {"kind": error.kind, "id": error.id}
        case NameTaken():
            return {"existing_id": error.existing_id}
        case PreviewRefused():
            members = {"state": error.state, "key": error.key.hex()}
            return members | {"mask": error.mask} if error.mask else members
        case NotReady():
            return {"checks": dict(error.checks)}
        case WrongContentType():
            return {"allowed": list(error.allowed)}
        case _:
            return {}


def _headers(error: RegistryError) -> dict[str, str]:
    match error:
        case WrongContentType():
            return {"Accept": ", ".join(error.allowed)}
        case WrongContentEncoding():
            return {"Accept-Encoding": "gzip, identity"}
        case NotAuthenticated() | LoginRefused():
            return {"WWW-Authenticate": 'Bearer realm="mattebox"'}
        case OverQuota():
            return {"Retry-After": str(error.retry_after_s)}
        case StorageBusy() | StyleChanged() | NotReady():
            return {"Retry-After": str(RETRY_AFTER_S)}
        case _:
            return {}


def http_problem(error: web.HTTPException) -> web.Response:
    """Answer what aiohttp refused before a handler ran."""
    kind = _HTTP_CODES.get(error.status, Kind(error.status, "http_error", error.reason))
    allow = error.headers.get("Allow")
    detail = f"Allowed: {allow.replace(',', ', ')}." if allow else "See /api/v1/openapi.json for what there is."
    return problem(kind, detail, headers={"Allow": allow} if allow else None)


def internal_problem() -> web.Response:
    """Answer a fault of ours; what happened is in the log, under the request's id."""
    return problem(INTERNAL_ERROR, "The fault is in the registry's log, under the X-Request-Id of this answer.")
