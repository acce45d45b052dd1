"""Everything the SDK raises on purpose. The message of each says what to do next.

MatteboxError
 +-- ConfigurationError     the URL or the token cannot be used
 +-- InputError             a local file or folder cannot be used
 +-- UsageError             a call lacks an argument, or has two that exclude each other
 +-- ServerUnavailable      no registry answers, it broke off, or it cannot take requests now
 +-- UnexpectedAnswer       what answers at the URL does not speak as a registry does
 +-- PreviewPending         a preview, or a version's previews, took longer than the caller wanted to wait
 +-- ApiError               the registry refused the request: `status`, `code`, `detail`, `errors`, `request`
      +-- Invalid           400, 408, 413, 415: the request breaks the contract, `errors` names the fields
      +-- Unauthorized      401: no token, or one the registry does not know
      +-- Forbidden         403: the token lacks the scope
      +-- NotFound          404: no such dataset, version, frame, source, mask, token or blob
      +-- Conflict          409: the name is taken (`existing_id`), or the version is published
      |    +-- AlreadyExists     what `raise_if_exists` asks for; a ValueError too
      +-- RateLimited       429: over quota, after all retries
      +-- PreviewFailed     422 of a preview: it can never be drawn as things are, `code` says why
      +-- StorageFull       507: the registry's disk is full; nothing of the request was stored
      +-- ServerFault       500: a fault of the registry
"""

from typing import Any

from msgspec import Struct, field

from mattebox.reasons import explain


class FieldFault(Struct, frozen=True):
    """One fault of an input: where it is, and what to do about it."""

    loc: str
    message: str

    def __str__(self) -> str:
        return f"{self.loc}: {self.message}" if self.loc else self.message


class Problem(Struct, frozen=True):
    """An `application/problem+json` body."""

    status: int
    title: str = ""
    detail: str = ""
    code: str = ""
    errors: list[FieldFault] = field(default_factory=list)
    existing_id: str | None = None
    mask: str | None = None


class MatteboxError(Exception):
    """Base of all errors of the SDK."""


class ConfigurationError(MatteboxError):
    """The URL or the token cannot be used."""


class InputError(MatteboxError):
    """A local file or folder cannot be used."""


class UsageError(MatteboxError, ValueError):
    """A call lacks an argument, or has two that exclude each other."""


class ServerUnavailable(MatteboxError):
    """No registry answers, it broke off, or it cannot take requests now.

    `refused` tells that the request had no effect: it never arrived, or was turned away unread.
    """

    def __init__(self, message: str, *, request: str, refused: bool, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.request = request
        self.refused = refused
        self.retry_after_s = retry_after_s


class UnexpectedAnswer(MatteboxError):
    """What answers at the URL does not speak as a registry does."""

    def __init__(self, message: str, *, request: str) -> None:
        super().__init__(message)
        self.request = request


class PreviewPending(MatteboxError, TimeoutError):
    """Not drawn within the time the caller wanted to wait; asking again later is fine."""


class ApiError(MatteboxError):
    """The registry refused the request."""

    hint = ""

    def __init__(self, problem: Problem, request: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(problem, request, retry_after_s)
        self.status = problem.status
        self.code = problem.code
        self.detail = problem.detail
        self.errors = problem.errors
        self.existing_id = problem.existing_id
        self.request = request
        """Method and path, as in `GET /api/v1/datasets`."""
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        problem: Problem = self.args[0]
        sentence = problem.detail or problem.title or f"The registry answered {problem.status}."
        faults = "; ".join(str(fault) for fault in problem.errors)
        return " ".join(part for part in (sentence, faults, self.hint) if part)


class Invalid(ApiError):
    """The request breaks the contract; `errors` names the fields."""


class Unauthorized(ApiError):
    """No token was sent, or one the registry does not know."""

    hint = "Set MATTEBOX_TOKEN, or pass a token."

    def __str__(self) -> str:
        return self.hint


class Forbidden(ApiError):
    """The token lacks the scope that the request needs."""

    hint = "Ask for a token with the scope: mattebox token create NAME --scope read --scope ingest."


class NotFound(ApiError):
    """There is no such thing."""


class Conflict(ApiError):
    """The name is taken (`existing_id` is the holder's), or the version is published."""

    def __str__(self) -> str:
        return _PUBLISHED if self.code == "version_published" else super().__str__()


_PUBLISHED = (
    "The version is published and read-only: to change something, make a child of it, "
    "DatasetVersion.create_version(..., parent_version_names=[...]). Deleting it takes force=True."
)


class AlreadyExists(Conflict, ValueError):
    """The name is taken, and the caller asked for an error then; `existing_id` is the holder's."""


class RateLimited(ApiError):
    """Over quota, after all retries."""


class PreviewFailed(ApiError):
    """The preview can never be drawn as things are; `code` is the reason, see `mattebox.reasons`."""

    def __str__(self) -> str:
        return f"{explain(self.code)} ({self.code})"


class StorageFull(ApiError):
    """The registry's disk is full; nothing of the request was stored."""

    hint = "Free some space on the registry's disk, then try again."


class ServerFault(ApiError):
    """A fault of the registry."""

    hint = "This is a fault of the registry: its log tells more."


_BY_STATUS: dict[int, type[ApiError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
    507: StorageFull,
}


def error_class(status: int) -> type[ApiError]:
    """Choose the class that an HTTP status stands for."""
    return _BY_STATUS.get(status, ServerFault if status >= 500 else Invalid)


def problem_of(fields: dict[str, Any], status: int) -> Problem:
    """Read a problem, as tolerant as can be: a fault in an error must not hide the error."""
    faults = fields.get("errors")
    return Problem(
        status=status,
        title=str(fields.get("title") or ""),
        detail=str(fields.get("detail") or ""),
        code=str(fields.get("code") or ""),
        errors=[
            FieldFault(str(fault.get("loc", "")), str(fault.get("message", "")))
            for fault in (faults if isinstance(faults, list) else [])
            if isinstance(fault, dict)
        ],
        existing_id=fields.get("existing_id"),
        mask=fields.get("mask"),
    )
