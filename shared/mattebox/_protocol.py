"""How requests and answers look, and when to ask again: no I/O, so that any HTTP client can carry it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, Literal, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct, field

from mattebox._version import __version__
from mattebox.config import Connection
from mattebox.errors import (
    ApiError,
    MatteboxError,
    RateLimited,
    ServerUnavailable,
    UnexpectedAnswer,
    error_class,
    problem_of,
)

API = "/api/v1"

T = TypeVar("T")

Repeat = Literal["always", "if_refused"]
"""`always`: twice is the same as once. `if_refused`: only while it had no effect."""


class Request(Struct, Generic[T], frozen=True):
    """One request, and how to read its answer."""

    method: str
    path: str
    returns: type[T]
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    repeat: Repeat = "always"
    refusals: dict[int, type[ApiError]] = field(default_factory=dict)
    """Error statuses that mean something special here."""
    accepts: frozenset[int] = frozenset()
    """Error statuses that are good answers here."""

    @property
    def line(self) -> str:
        """Method and path, for messages."""
        return f"{self.method} {self.path}"


class Answer(NamedTuple):
    """What came back; `headers` are looked up without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RetryPolicy(Struct, frozen=True):
    """How often to ask again, and how long to wait in between: doubling, with jitter, or as Retry-After says."""

    attempts: int = 6
    first_delay_s: float = 0.2
    longest_delay_s: float = 8.0
    longest_retry_after_s: float = 60.0
    """A server that asks for more patience than this gets its error told at once."""


def path(*segments: str) -> str:
    """Build a path under the API's base from segments, each percent-encoded as a whole."""
    return "/".join((API, *(_segment(segment) for segment in segments)))


def _segment(text: str) -> str:
    # A segment of dots alone would be taken for "this folder" or "the folder above" on the way.
    return quote(text, safe="") if text.strip(".") else "%2E" * len(text)


def url_of(connection: Connection, request: Request[Any]) -> str:
    """Give the whole, already encoded URL of a request."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    return f"{connection.url}{request.path}{query}"


def headers_of(connection: Connection, request: Request[Any]) -> dict[str, str]:
    """Give all headers of a request."""
    headers = {"User-Agent": f"mattebox/{__version__}", "Accept": "application/json", **request.headers}
    if connection.token:
        headers["Authorization"] = f"Bearer {connection.token}"
    return headers


def json_request(method: str, path: str, returns: type[T], body: Any, *, repeat: Repeat = "if_refused") -> Request[T]:
    """Build a request with a JSON body."""
    return Request(
        method,
        path,
        returns,
        body=msgspec.json.encode(body),
        headers={"Content-Type": "application/json"},
        repeat=repeat,
    )


def decipher(request: Request[T], answer: Answer) -> T:
    """Read a good answer.

    Raises:
        UnexpectedAnswer: it is not what a registry answers.
        ApiError, ServerUnavailable: it is a refusal.
    """
    check(request, answer)
    result: T = _read(request, answer)
    return result


def _read(request: Request[Any], answer: Answer) -> Any:
    if request.returns is type(None):
        return None
    if request.returns is bytes:
        return answer.body
    try:
        return msgspec.json.decode(answer.body, type=request.returns)
    except msgspec.DecodeError as error:
        raise _not_a_registry(request, answer) from error


def check(request: Request[Any], answer: Answer) -> None:
    """Raise what a refusal stands for; a good answer passes."""
    if answer.status < 400 or answer.status in request.accepts:
        return
    if answer.status in (502, 503, 504):
        raise _unavailable(request, answer)
    fields = _problem_fields(answer)
    if fields is None and request.method != "HEAD" and answer.status not in (401, 403, 413, 429):
        raise _not_a_registry(request, answer)
    if fields is not None and fields.get("code") == "no_such_path":
        raise _not_a_registry(request, answer)
    kind = request.refusals.get(answer.status, error_class(answer.status))
    raise kind(problem_of(fields or {}, answer.status), request.line, retry_after_s(answer.headers))


def _problem_fields(answer: Answer) -> dict[str, Any] | None:
    try:
        fields = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return None
    return fields if isinstance(fields, dict) else None


def _unavailable(request: Request[Any], answer: Answer) -> ServerUnavailable:
    detail = problem_of(_problem_fields(answer) or {}, answer.status).detail
    message = detail or f"The registry cannot take requests now (HTTP {answer.status}): try again later."
    return ServerUnavailable(
        message,
        request=request.line,
        refused=answer.status == 503,
        retry_after_s=retry_after_s(answer.headers),
    )


def _not_a_registry(request: Request[Any], answer: Answer) -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"{request.line} was answered with {answer.status}, but not in the way of a Mattebox registry: "
        "check MATTEBOX_URL, and whether a proxy stands in between.",
        request=request.line,
    )


def unreachable(connection: Connection, request: Request[Any]) -> ServerUnavailable:
    """The error for a registry that no connection could be made to."""
    return ServerUnavailable(
        f"No registry answers at {connection.url}: start one with `mattebox up`, or set MATTEBOX_URL.",
        request=request.line,
        refused=True,
    )


def broken_off(connection: Connection, request: Request[Any]) -> ServerUnavailable:
    """The error for a connection that ended, or fell silent, before the answer was complete."""
    return ServerUnavailable(
        f"The registry at {connection.url} broke off or fell silent during {request.line}: try again.",
        request=request.line,
        refused=False,
    )


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After, in seconds or as a date."""
    text = headers.get("Retry-After", "")
    if not text:
        return None
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def may_repeat(request: Request[Any], error: BaseException, policy: RetryPolicy) -> bool:
    """Tell whether asking again is safe and may help."""
    if not isinstance(error, ServerUnavailable | RateLimited):
        return False
    if (error.retry_after_s or 0) > policy.longest_retry_after_s:
        return False
    return request.repeat == "always" or isinstance(error, RateLimited) or error.refused


def delay_s(error: BaseException | None) -> float | None:
    """How long the registry asked to wait, if it did."""
    return getattr(error, "retry_after_s", None) if isinstance(error, MatteboxError) else None
