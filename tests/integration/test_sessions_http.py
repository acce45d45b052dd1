"""Signing in at the web viewer: codes, cookies, and whose pages may write."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from mattebox_registry.keys import SESSIONS
from support.answers import call
from support.registry import ADMIN_TOKEN, Client, add_frames, add_version, frame, running_registry, url


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url) as running:
        yield running


class Browser:
    """Sends what a page of the registry sends: no token, the cookies it was given, and where the page comes from."""

    def __init__(self, session: ClientSession, origin: str) -> None:
        self._session = session
        self.origin = origin
        self.cookies: dict[str, str] = {}
        self.set_cookie = ""

    async def send(self, method: str, path: str, json: Any = None, **headers: str | None) -> tuple[int, Any]:
        """Give status and JSON; a header of None is not sent, and underscores are written as dashes."""
        given = {"Origin": self.origin, "Sec_Fetch_Site": "same-origin", **headers}
        sent = {name.replace("_", "-"): value for name, value in given.items() if value is not None}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self._session.request(method, self.origin + "/api/v1" + path, json=json, headers=sent) as answer:
            self.set_cookie = answer.headers.get("Set-Cookie", "")
            for name, morsel in SimpleCookie(self.set_cookie).items():
                self.cookies[name] = morsel.value
            return answer.status, (await answer.json() if answer.content_type.endswith("json") else None)

    async def sign_in(self, **proof: str) -> tuple[int, Any]:
        """Open a session."""
        return await self.send("POST", "/session", json=proof)


@pytest.fixture
async def browser(client: Client) -> AsyncIterator[Browser]:
    """A browser that is not signed in."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield Browser(session, str(client.make_url("")).rstrip("/"))


async def new_code(client: Client, token: str | None = None) -> str:
    headers = {"Authorization": f"Bearer {token}"} if token else None
    made = await call(client, "POST", "/login-codes", headers=headers)
    assert made.status == 201
    assert made.body["path"] == f"/login#{made.body['code']}"
    return str(made.body["code"])


async def new_token(client: Client, *scopes: str) -> tuple[str, str]:
    made = await call(client, "POST", "/tokens", json={"name": "t", "scopes": list(scopes)})
    return made.body["id"], made.body["token"]


async def test_a_code_opens_one_session(client: Client, browser: Browser) -> None:
    code = await new_code(client)
    assert (await browser.send("GET", "/datasets"))[0] == 401
    status, session = await browser.sign_in(code=code)
    assert (status, session["scopes"]) == (201, ["admin", "ingest", "read"])
    assert (await browser.send("GET", "/datasets"))[0] == 200
    assert (await browser.send("GET", "/session")) == (200, session)
    browser.cookies.clear()
    status, problem = await browser.sign_in(code=code)
    assert (status, problem["code"]) == (401, "login_refused")


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, browser: Browser) -> None:
    await browser.sign_in(token=ADMIN_TOKEN)
    (name,) = browser.cookies
    assert name == f"mattebox-{client.port}"
    attributes = {part.strip().lower() for part in browser.set_cookie.split(";")[1:]}
    assert attributes == {"httponly", "path=/", "samesite=strict", "max-age=604800"}
    assert ADMIN_TOKEN not in browser.set_cookie


async def test_over_https_the_cookie_travels_nowhere_else(browser: Browser) -> None:
    await browser.sign_in(token=ADMIN_TOKEN)
    browser.cookies.clear()
    origin = browser.origin.replace("http:", "https:")
    assert (await browser.send("POST", "/session", json={"token": ADMIN_TOKEN}, Origin=origin))[0] == 201
    assert list(browser.cookies) == ["__Host-mattebox"]
    assert "; secure" in browser.set_cookie.lower()
    assert (await browser.send("GET", "/session", Origin=origin))[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec_Fetch_Site": None}, 201),
        ({"Origin": None}, 201),
        ({"Sec_Fetch_Site": None, "Origin": None}, 403),
        ({"Sec_Fetch_Site": None, "Origin": "null"}, 403),
        ({"Sec_Fetch_Site": None, "Origin": "http://evil.example"}, 403),
        ({"Sec_Fetch_Site": None, "Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec_Fetch_Site": "same-site", "Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
    ],
)
async def test_a_cookie_writes_for_pages_of_this_server_alone(
    browser: Browser, headers: dict[str, str | None], status: int
) -> None:
    await browser.sign_in(token=ADMIN_TOKEN)
    got, body = await browser.send("POST", "/datasets", json={"name": "d"}, **headers)
    assert got == status
    assert status == 201 or body["code"] == "wrong_origin"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": None, "Sec_Fetch_Site": "none"}, 200),
        ({"Origin": None, "Sec_Fetch_Site": None}, 200),
        ({"Origin": None, "Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": None, "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:1", "Sec_Fetch_Site": None}, 403),
    ],
)
async def test_a_cookie_reads_for_the_user_and_for_pages_of_this_server(
    browser: Browser, headers: dict[str, str | None], status: int
) -> None:
    """Another program's page on another port of this machine is `same-site`, so that SameSite does not stop it."""
    await browser.sign_in(token=ADMIN_TOKEN)
    assert (await browser.send("GET", "/datasets", **headers))[0] == status


async def test_nobody_is_signed_in_from_a_page_elsewhere(browser: Browser) -> None:
    elsewhere = {"Origin": "http://evil.example", "Sec_Fetch_Site": "cross-site"}
    status, problem = await browser.send("POST", "/session", json={"token": ADMIN_TOKEN}, **elsewhere)
    assert (status, problem["code"]) == (403, "wrong_origin")
    assert not browser.cookies


async def test_a_bearer_token_is_not_asked_where_it_comes_from(client: Client) -> None:
    made = await call(client, "POST", "/datasets", json={"name": "d"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert made.status == 201


async def test_a_bad_token_is_not_made_good_by_a_cookie(browser: Browser) -> None:
    await browser.sign_in(token=ADMIN_TOKEN)
    assert (await browser.send("GET", "/datasets", Authorization="Bearer wrong"))[0] == 401


async def test_a_session_may_do_what_its_token_may(client: Client, browser: Browser) -> None:
    _, token = await new_token(client, "read")
    status, session = await browser.sign_in(code=await new_code(client, token))
    assert (status, session["scopes"]) == (201, ["read"])
    status, problem = await browser.send("POST", "/datasets", json={"name": "d"})
    assert (status, problem["code"]) == (403, "scope_missing")


async def test_a_revoked_token_ends_its_sessions_and_codes(client: Client, browser: Browser) -> None:
    token_id, token = await new_token(client, "read")
    code = await new_code(client, token)
    await browser.sign_in(token=token)
    await call(client, "DELETE", f"/tokens/{token_id}")
    assert (await browser.send("GET", "/datasets"))[0] == 401
    assert (await browser.sign_in(code=code))[0] == 401
    assert (await browser.sign_in(token=token))[0] == 401


async def test_a_token_that_cannot_read_opens_no_session(client: Client, browser: Browser) -> None:
    _, token = await new_token(client, "ingest")
    status, problem = await browser.sign_in(token=token)
    assert (status, problem["code"]) == (401, "login_refused")
    assert "'read'" in problem["detail"]
    assert (await call(client, "POST", "/login-codes", headers={"Authorization": f"Bearer {token}"})).status == 403


async def test_signing_out_ends_the_session(browser: Browser) -> None:
    await browser.sign_in(token=ADMIN_TOKEN)
    kept = dict(browser.cookies)
    assert (await browser.send("DELETE", "/session"))[0] == 204
    assert set(browser.cookies.values()) == {""}
    browser.cookies = kept
    assert (await browser.send("GET", "/session"))[0] == 401


async def test_a_session_cannot_prolong_itself(browser: Browser) -> None:
    await browser.sign_in(token=ADMIN_TOKEN)
    assert (await browser.send("POST", "/login-codes"))[0] == 401


@pytest.mark.parametrize("proof", [{}, {"code": "a", "token": "b"}, {"code": 1}, {"password": "x"}])
async def test_a_proof_is_a_code_or_a_token(browser: Browser, proof: dict[str, Any]) -> None:
    status, problem = await browser.sign_in(**proof)
    assert (status, problem["code"]) == (400, "invalid_body")


async def test_pictures_in_memory_are_for_who_is_signed_in(client: Client, browser: Browser) -> None:
    """They are answered in front of the application, which must ask the same questions."""
    version = await add_version(client)
    await add_frames(client, version, frame("f"))
    path = url(version).removeprefix("/api/v1")
    assert (await browser.send("GET", path))[0] == 401
    await browser.sign_in(token=ADMIN_TOKEN)
    assert (await browser.send("GET", path))[0] == 202
    assert (await browser.send("GET", path, Origin=None, Sec_Fetch_Site="same-site"))[0] == 403


async def test_sessions_outlive_a_restart(tmp_path: Path, redis_url: str) -> None:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        async with running_registry(tmp_path, redis_url) as client:
            browser = Browser(session, str(client.make_url("")).rstrip("/"))
            await browser.sign_in(token=ADMIN_TOKEN)
            (secret,) = browser.cookies.values()
        async with running_registry(tmp_path, redis_url) as client:
            assert client.server.app[SESSIONS].find(secret) is not None  # type: ignore[attr-defined]  # a TestServer has it
