"""How the web viewer's files are served."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mattebox_registry.web.pages import APP, CONTENT_TYPES
from support.registry import Client, running_registry

FILES = sorted(path.relative_to(APP).as_posix() for path in APP.rglob("*") if path.is_file())


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url) as running:
        yield running


@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/datasets", "/datasets/a", "/versions/a/frames", "/versions/a/frames/b%2Fc%20%C3%BC?mode=alpha"],
)
async def test_every_address_of_the_viewer_is_the_same_page(client: Client, path: str) -> None:
    """Nobody has to be signed in for it: it holds nothing."""
    async with client.get(path, headers={"Authorization": ""}) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert await answer.read() == (APP / "index.html").read_bytes()


async def test_the_policy_allows_own_files_alone(client: Client) -> None:
    async with client.get("/") as answer:
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        assert (
            policy["default-src"]
            == policy["base-uri"]
            == policy["form-action"]
            == policy["frame-ancestors"]
            == "'none'"
        )
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["img-src"] == "'self' blob:"
        assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_files_have_their_type_and_are_asked_for_again(client: Client) -> None:
    """A new release shows at once; what did not change is not sent again."""
    for name in FILES:
        async with client.get(f"/app/{name}") as answer:
            assert answer.status == 200, name
            assert answer.headers["Content-Type"] == CONTENT_TYPES[Path(name).suffix]
            assert answer.headers["Cache-Control"] == "no-cache"
            etag = answer.headers["ETag"]
        async with client.get(f"/app/{name}", headers={"If-None-Match": etag}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "pages",
        "../pages.py",
        "..%2Fpages.py",
        "%2e%2e/pages.py",
        "/etc/passwd",
        ".hidden.js",
        "pages/..%2f..%2fpages.py",
        "main.py",
    ],
)
async def test_nothing_else_is_a_file_of_the_viewer(client: Client, name: str) -> None:
    async with client.get(f"/app/{name}") as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")


def test_the_page_holds_no_code_and_asks_for_files_that_are_there() -> None:
    """The policy would block inline code; every `src` and `href` is a file or a page."""
    page = (APP / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)
    wanted = re.findall(r'(?:src|href)="/app/([^"]+)"', page)
    assert wanted
    assert [name for name in wanted if not (APP / name).is_file()] == []


def test_every_module_imports_modules_that_are_there() -> None:
    """There is no build step that would find a wrong path."""
    wrong = [
        f"{name}: {target}"
        for name in FILES
        if name.endswith(".js")
        for target in re.findall(r'(?:} from |\bimport\(|^import )"([^"]+)"', (APP / name).read_text(), re.MULTILINE)
        if not target.startswith(".") or not (APP / name).parent.joinpath(target).is_file()
    ]
    assert wrong == []


def test_no_module_makes_markup_of_strings() -> None:
    """Strings become text by `dom.js` alone; there is nothing that would parse them."""
    parsing = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTMLUnsafe|\beval\(|new Function"
    )
    assert [name for name in FILES if name.endswith(".js") and parsing.search((APP / name).read_text())] == []


@pytest.mark.parametrize("path", ["/nothing", "/dataset/a", "/apps/x"])
async def test_who_navigates_astray_gets_the_page_and_programs_a_problem(client: Client, path: str) -> None:
    async with client.get(path, headers={"Accept": "text/html,application/xhtml+xml;q=0.9"}) as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")
        assert "Content-Security-Policy" in answer.headers
    for asked, accept in ((path, "*/*"), ("/api/v1/nothing", "text/html")):
        async with client.get(asked, headers={"Accept": accept}) as answer:
            assert (answer.status, answer.content_type) == (404, "application/problem+json")
    async with client.post(path) as answer:
        assert answer.status in (404, 405)


def test_what_the_first_page_needs_is_asked_for_at_once() -> None:
    """The modules that `main.js` imports, without waiting for one to name the next."""
    found: set[str] = set()
    waiting = ["main.js"]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            imported = re.findall(r'^import [^;]*?"(\.[^"]+)"', (APP / module).read_text(), re.MULTILINE)
            waiting += [(APP / module).parent.joinpath(name).resolve().relative_to(APP).as_posix() for name in imported]
    preloaded = re.findall(r'rel="modulepreload" href="/app/([^"]+)"', (APP / "index.html").read_text())
    assert set(preloaded) == found - {"main.js"}
    assert len(preloaded) == len(set(preloaded))
