"""The path of every call: from HTTP to the call's own function, and back in an envelope."""

import structlog
from aiohttp import web

from mattebox_registry.clearml import datasets, frames, projects, versions, views
from mattebox_registry.clearml.caller import Answer, Call, Caller
from mattebox_registry.clearml.envelope import Endpoint, NotPartOfMattebox, failure, refusal, success
from mattebox_registry.clearml.logins import API_VERSION, log_in, sign_in
from mattebox_registry.errors import RegistryError
from mattebox_registry.http.bodies import JSON, content_type, decode_body, read_bytes
from mattebox_registry.http.headers import REQUEST_ID
from mattebox_registry.http.refusals import BodyBroken, BodyTimeout
from mattebox_registry.keys import SETTINGS

CALLS: dict[str, Call] = {
    **{f"projects.{name}": call for name, call in projects.CALLS.items()},
    **{f"datasets.{name}": call for part in (datasets, versions, frames) for name, call in part.CALLS.items()},
    **{f"frames.{name}": call for name, call in views.CALLS.items()},
}

SERVICES = (
    *("async", "auth", "datasets", "dataviews", "events", "frames", "models", "organization", "pipelines", "projects"),
    *("queues", "reports", "server", "serving", "tasks", "users", "workers"),
)
"""The services of ClearML, which are called without a version, too."""

log = structlog.get_logger()


async def answer_call(request: web.Request) -> web.StreamResponse:
    """200 what the call gives, else the reason with its status, both in an envelope."""
    name = request.match_info["call"]
    endpoint = Endpoint(name, request.match_info.get("version", API_VERSION), request[REQUEST_ID])
    try:
        return success(endpoint, await _answer(request, name))
    except (RegistryError, NotPartOfMattebox) as error:
        response = refusal(endpoint, error)
        if isinstance(error, BodyBroken | BodyTimeout):
            response.force_close()
        return response
    except ConnectionResetError:
        raise
    except Exception:
        # The SDK repeats a call for ever whose answer has no envelope.
        log.exception("call failed", call=name)
        return failure(endpoint)


async def _answer(request: web.Request, name: str) -> Answer:
    if name == "auth.login":
        return log_in(request)
    caller = Caller(request.app, sign_in(request), f"{request.scheme}://{request.host}")
    call = CALLS.get(name)
    if call is None:
        raise NotPartOfMattebox(name)
    caller.need(call.scope)
    content_type(request, (JSON,))
    body = await read_bytes(request, request.app[SETTINGS].max_batch_bytes)
    return await call.answer(caller, decode_body(body or b"{}", call.body))
