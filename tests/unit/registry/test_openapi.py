"""The OpenAPI document and its page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from mattebox_registry.app import create_app
from mattebox_registry.http import docs
from mattebox_registry.http.openapi.document import openapi_document
from mattebox_registry.http.preview_query import read_preview_query
from mattebox_registry.http.problems import INTERNAL_ERROR, KINDS
from mattebox_registry.routes import ASTRAY, CLEARML_ROUTES, ROUTES, SERVICE_ROUTES, WEB_ROUTES
from mattebox_registry.settings import Settings

PAGE_PATHS = {"/docs", "/docs/{file}"} | {re.sub(r":.+}", "}", route.path) for route in (*WEB_ROUTES, ASTRAY)}
CLEARML_PATHS = {re.sub(r":[^}]+}", "}", route.path) for route in CLEARML_ROUTES}
"""What ClearML's SDK calls, in a protocol that its own package describes."""
STATIC = Path(docs.__file__).parent / "static"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every (method, path, operation)."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_route_is_described_and_every_description_is_a_route(document: dict[str, Any]) -> None:
    """The document is the API, no less and no more."""
    app: web.Application = create_app(Settings())
    routes = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource is not None}
    routes -= {("HEAD", path) for method, path in routes if method == "GET"}
    described = {(method, path) for method, path, _ in operations(document)}
    assert described == {(method, path) for method, path in routes if path not in PAGE_PATHS | CLEARML_PATHS}


def test_the_scopes_described_are_the_scopes_asked_for(document: dict[str, Any]) -> None:
    """Security holds for what needs a token and for nothing else."""
    needed = {(r.method, re.sub(r":[^}]+", "", r.path)): r.scope for r in (*ROUTES, *SERVICE_ROUTES)}
    for method, path, operation in operations(document):
        scope = needed[method, path.removeprefix("/api/v1")]
        assert operation.get("x-scope") == scope, path
        assert (operation.get("security") == []) == (scope is None), path


def test_every_path_parameter_is_described(document: dict[str, Any]) -> None:
    """By name, as required."""
    for _, path, operation in operations(document):
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path" and p["required"]}
        assert named == set(re.findall(r"{(\w+)}", path))


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """No schema is named that the document does not hold."""
    schemas = document["components"]["schemas"]
    for name in re.findall(r"#/components/schemas/([\w]+)", str(document)):
        assert name in schemas


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    """Generated clients name their functions by them."""
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_answer_says_what_it_is(document: dict[str, Any]) -> None:
    """Each operation has an answer that is none of its problems, and problems are problem+json."""
    for _, path, operation in operations(document):
        statuses = {int(status) for status in operation["responses"]}
        assert any(status < 300 for status in statuses), path
        for status, response in operation["responses"].items():
            assert response["description"], (path, status)
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}


def test_problem_statuses_are_those_that_the_registry_answers(document: dict[str, Any]) -> None:
    """No status is promised that no refusal has, and no code under another status than its own."""
    status_of = {kind.code: kind.status for kind in (*KINDS.values(), INTERNAL_ERROR)}
    for _, path, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert int(status) in status_of.values(), path
                for code in re.findall(r"[a-z]+(?:_[a-z]+)+", response["description"]):
                    assert status_of.get(code, int(status)) == int(status), (path, code)


def test_every_preview_parameter_described_is_read(document: dict[str, Any]) -> None:
    """The parameter table and the reader of queries are one."""
    operation = document["paths"]["/api/v1/versions/{version}/frames/{frame}/preview"]["get"]
    values = {"masks": "a", "hide": "a", "source": "a", "background": "#000000", "unmapped": "hide", "outline": "1"}
    values |= {"tint.<mask id>": "#ff0000", "size": "640", "format": "png", "wait": "1"}
    for parameter in operation["parameters"]:
        if parameter["in"] == "query":
            value = values.get(parameter["name"]) or ("auto" if parameter["name"].startswith("mode") else "0.5")
            read_preview_query([(parameter["name"].replace("<mask id>", "m"), value)], None)


def test_the_page_loads_nothing_from_elsewhere() -> None:
    """It works offline, and its policy allows no inline code."""
    page = (STATIC / "docs.html").read_text()
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert not re.search(r"\bon\w+=|style=", page)
    for name in re.findall(r"(?:src|href)=\"docs/([\w.]+)\"", page):
        assert (STATIC / name).is_file()
    for name in ("docs.css", "docs.js"):
        assert "http" not in (STATIC / name).read_text().replace("http://www.w3.org", "")


def test_the_page_never_makes_code_of_text() -> None:
    """Text from the document is set as text."""
    script = (STATIC / "docs.js").read_text()
    for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert danger not in script
