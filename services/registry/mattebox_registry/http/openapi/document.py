"""Puts the parts together into one OpenAPI 3.1 document."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from mattebox import __version__
from mattebox.errors import Problem
from mattebox_registry.http.openapi.catalog import DATASETS, TOKENS, VERSIONS
from mattebox_registry.http.openapi.frames import FRAMES
from mattebox_registry.http.openapi.model import PROBLEM, Answer, Body, Operation, Parameter, Part, Schema
from mattebox_registry.http.openapi.previews import BLOBS, EVENTS, PREVIEWS
from mattebox_registry.http.openapi.service import SERVICE
from mattebox_registry.http.openapi.sessions import SESSIONS

PARTS: tuple[Part, ...] = (DATASETS, VERSIONS, FRAMES, PREVIEWS, EVENTS, BLOBS, TOKENS, SESSIONS, SERVICE)

_REF = "#/components/schemas/{name}"

_PATH_PARAMETERS = {
    "dataset": "Dataset id.",
    "version": "Version id.",
    "frame": "Frame id, percent-encoded.",
    "token": "Token id.",
    "sha256": "SHA-256 of the bytes, in 64 hexadecimal digits.",
}


def openapi_document() -> dict[str, Any]:
    """Describe the whole API."""
    operations = [(part, operation) for part in PARTS for operation in part.operations]
    types = [Problem, *_types(operation for _, operation in operations)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = {_name(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for part, operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(part, operation, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mattebox",
            "version": __version__,
            "summary": "Keeps the masks of image and video datasets, and shows them.",
            "description": "HEAD is answered wherever GET is, with the same headers.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": part.name, "description": part.description} for part in PARTS],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of this server."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "mattebox-8750",
                    "description": "A browser that is signed in. The cookie is named after the port, or "
                    "`__Host-mattebox` over HTTPS. With it, only pages of this server are answered "
                    "(`Sec-Fetch-Site: same-origin`, or an `Origin` that is the request's `Host`): `wrong_origin`.",
                },
            },
        },
    }


async def get_openapi(_request: web.Request) -> web.Response:
    """200 the document."""
    return web.json_response(body=msgspec.json.encode(openapi_document()))


def _types(operations: Iterable[Operation]) -> list[Any]:
    kinds: dict[str, Any] = {}
    for operation in operations:
        contents = [answer.content for answer in operation.answers.values()]
        if operation.body is not None:
            contents.append(operation.body.content)
        for kind in (kind for content in contents for kind in content.values() if not isinstance(kind, Mapping)):
            kinds[_name(kind)] = kind
    return list(kinds.values())


def _name(kind: Any) -> str:
    return str(kind)


def _operation(part: Part, operation: Operation, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "tags": [part.name],
        "operationId": _operation_id(operation),
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation.path), *map(_parameter, operation.parameters)],
        "responses": {
            **{str(status): _answer(answer, schema_of) for status, answer in operation.answers.items()},
            **{str(status): _problem(status, codes, schema_of) for status, codes in _problems(operation).items()},
        },
    }
    if operation.description:
        described["description"] = operation.description
    if operation.body is not None:
        described["requestBody"] = _body(operation.body, schema_of)
    if operation.scope is None:
        described["security"] = []
    else:
        described["x-scope"] = operation.scope
    return described


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"[a-z0-9]+", operation.path.removeprefix("/api/v1"))
    return "_".join([operation.method.lower(), *words])


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "description": _PATH_PARAMETERS[name],
         "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]  # fmt: skip


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }
    return described | {"required": True} if parameter.required else described


def _body(body: Body, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    content = _content(body.content, schema_of)
    if body.example is not None:
        next(iter(content.values()))["example"] = body.example
    return {"description": body.description, "required": True, "content": content}


def _answer(answer: Answer, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description}
    if answer.content:
        described["content"] = _content(answer.content, schema_of)
    if answer.headers:
        described["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in answer.headers.items()
        }
    return described


def _problems(operation: Operation) -> dict[int, str]:
    problems = dict(operation.problems)
    if operation.scope is not None:
        problems |= {401: "not_authenticated", 403: "scope_missing, wrong_origin", 503: "storage_busy"}
        problems[429] = ", ".join(filter(None, ("too_many_requests", problems.get(429))))
    if operation.body is not None:
        problems |= {408: "body_timeout", 413: "body_too_large"}
        for status, code in ((400, "body_broken"), (415, "wrong_content_encoding")):
            problems[status] = f"{problems[status]}, {code}" if status in problems else code
    if operation.body is not None and operation.scope == "ingest":
        problems[507] = "storage_full"
    return dict(sorted(problems.items()))


def _problem(status: int, codes: str, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": f"{HTTPStatus(status).phrase}: {codes}.",
        "content": {PROBLEM: {"schema": schema_of[_name(Problem)]}},
    }


def _content(content: Mapping[str, Schema], schema_of: Mapping[str, Any]) -> dict[str, Any]:
    return {
        media: {"schema": dict(kind) if isinstance(kind, Mapping) else schema_of[_name(kind)]}
        for media, kind in content.items()
    }
