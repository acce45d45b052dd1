"""The server itself: its limits, and what it says where a request cannot even be read."""

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from mattebox_registry.http.front import Front
from mattebox_registry.http.headers import add_common_headers, id_of_request
from mattebox_registry.http.problems import Kind, internal_problem, problem

KEEPALIVE_S = 15.0
"""Also how long a client may take to send a request's headers."""

MAX_URL_BYTES = 8_190
MAX_HEADER_BYTES = 16_380
"""Of one header; not `MAX_URL_BYTES`, which tells what was too long."""

_URL_TOO_LONG = Kind(414, "url_too_long", "The URL is too long")
_HEADER_TOO_LONG = Kind(431, "header_too_long", "A header is too long")
_BAD_REQUEST = Kind(400, "bad_request", "The request is no HTTP")

log = structlog.get_logger()


class RegistryRunner(web.AppRunner):
    """Runs the registry's application behind its front, on connections that refuse in the API's words."""

    async def _make_server(self) -> web.Server:
        behind = await super()._make_server()
        front = Front(self.app, behind.request_handler)
        return _Server(front, request_factory=behind.request_factory)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(
            self,
            loop=self._loop,
            access_log=None,  # type: ignore[arg-type]  # aiohttp asks whether there is one
            keepalive_timeout=KEEPALIVE_S,
            max_line_size=MAX_URL_BYTES,
            max_field_size=MAX_HEADER_BYTES,
            # aiohttp's own unpacking ignores encodings it does not know and bodies that end too early.
            auto_decompress=False,
        )


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,  # noqa: ARG002 - the signature is aiohttp's
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that could not be read, or a fault outside of the application."""
        response = _refusal(exc) if isinstance(exc, HttpProcessingError) else None
        if response is None:
            self.log_exception(message, exc_info=exc)
            response = internal_problem()
        else:
            # Only its kind: the text of the fault is the request, which may hold a token.
            log.info("request unreadable", status=response.status, fault=type(exc).__name__)
        if request.writer.output_size > 0:
            msg = "an answer is under way already"
            raise ConnectionError(msg)
        add_common_headers(response.headers, id_of_request(request.headers))
        response.force_close()
        return response

    def log_exception(self, *_args: object, **kw: object) -> None:
        """Log a fault as one event."""
        log.error("connection failed", exc_info=kw.get("exc_info"))


def _refusal(fault: HttpProcessingError) -> web.Response:
    if isinstance(fault, LineTooLong) and MAX_HEADER_BYTES in fault.args:
        return problem(_HEADER_TOO_LONG, f"Send headers of at most {MAX_HEADER_BYTES} bytes each.")
    if isinstance(fault, LineTooLong):
        return problem(_URL_TOO_LONG, f"Send a URL of at most {MAX_URL_BYTES} bytes.")
    detail = "Its method, URL, headers or length cannot be read: send HTTP/1.1, and no control characters in headers."
    return problem(_BAD_REQUEST, detail)
