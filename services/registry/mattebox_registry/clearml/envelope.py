"""Answers as ClearML's SDK reads them: `data`, and in `meta` how it went."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from aiohttp import hdrs, web

from mattebox_registry.errors import BodyTooLarge, InvalidInput, OverQuota, RegistryError
from mattebox_registry.http.bodies import answer_json
from mattebox_registry.http.problems import INTERNAL_ERROR, KINDS, Kind

_ERRORS_TOLD = 10


class NotPartOfMattebox(Exception):
    """A call of ClearML's that is not answered here."""

    def __init__(self, call: str) -> None:
        super().__init__(f"{call} is not part of Mattebox, which keeps datasets, versions, frames and masks.")


_NOT_PART = Kind(404, "not_part_of_mattebox", "Not part of Mattebox")


class Endpoint(NamedTuple):
    """The call that is answered."""

    name: str
    version: str
    request_id: str


def success(endpoint: Endpoint, data: Mapping[str, Any]) -> web.Response:
    """Answer what was asked."""
    return _answer(endpoint, 200, "OK", data, {})


def refusal(endpoint: Endpoint, error: RegistryError | NotPartOfMattebox) -> web.Response:
    """Say why not, and which fields are wrong."""
    kind = _NOT_PART if isinstance(error, NotPartOfMattebox) else KINDS[type(error)]
    message = str(error) or str(type(error).__doc__)
    if isinstance(error, BodyTooLarge):
        message += " Give add_data_entries a smaller max_request_size_mb."
    data: dict[str, Any] = {"code": kind.code}
    if isinstance(error, OverQuota):
        data["code"] = error.code
    if isinstance(error, InvalidInput):
        data = {"code": error.code, "errors": [fault._asdict() for fault in error.errors]}
        message = " ".join([message, *(f"{fault.loc}: {fault.message}" for fault in error.errors[:_ERRORS_TOLD])])
    # The SDK takes 501 and more for a broken connection and tries again for ever, but for 503, before which it waits.
    code = kind.status if kind.status <= 503 else 500
    response = _answer(endpoint, code, message, {}, {"error_data": data})
    if isinstance(error, OverQuota):
        # The SDK waits, and asks again.
        response.headers[hdrs.RETRY_AFTER] = str(error.retry_after_s)
    return response


def failure(endpoint: Endpoint) -> web.Response:
    """Answer a fault of ours; what happened is in the log, under the id of the answer."""
    return _answer(endpoint, INTERNAL_ERROR.status, f"{INTERNAL_ERROR.title}: see its log.", {}, {})


def _answer(
    endpoint: Endpoint, code: int, message: str, data: Mapping[str, Any], more: Mapping[str, Any]
) -> web.Response:
    meta = {
        "id": endpoint.request_id,
        "trx": endpoint.request_id,
        "endpoint": {
            "name": endpoint.name,
            "requested_version": endpoint.version,
            "actual_version": endpoint.version,
        },
        "result_code": code,
        "result_subcode": 0,
        "result_msg": message,
        "error_stack": "",
        **more,
    }
    return answer_json({"meta": meta, "data": data}, status=code)
