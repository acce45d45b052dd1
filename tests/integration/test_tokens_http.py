"""Who may do what."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from mattebox_registry.app import create_app
from mattebox_registry.rules.tokens import UnusableToken
from mattebox_registry.settings import Settings
from support.answers import call
from support.registry import Client, add_version, frame, running_registry


@pytest.fixture
async def client(tmp_path: Path, redis_url: str) -> AsyncIterator[Client]:
    """A running registry."""
    async with running_registry(tmp_path, redis_url) as running:
        yield running


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def new_token(client: Client, *scopes: str) -> tuple[str, dict[str, str]]:
    made = await call(client, "POST", "/tokens", json={"name": "t", "scopes": list(scopes)})
    assert made.status == 201
    return made.body["id"], bearer(made.body["token"])


async def test_a_secret_is_shown_once(client: Client) -> None:
    made = await call(client, "POST", "/tokens", json={"name": "ci", "scopes": ["ingest", "read"]})
    secret = made.body.pop("token")
    listed = await call(client, "GET", "/tokens")
    assert listed.body == {"tokens": [made.body], "next_cursor": None}
    assert secret not in str(listed.body)
    assert made.body | {"name": "ci", "scopes": ["ingest", "read"], "revoked_at": None} == made.body


async def test_scopes_allow_what_they_say_and_no_more(client: Client) -> None:
    version = await add_version(client)
    _, read = await new_token(client, "read")
    _, ingest = await new_token(client, "ingest")
    _, admin = await new_token(client, "admin")
    for method, path, body, allowed in (
        ("GET", f"/versions/{version}", None, [read, admin]),
        ("POST", f"/versions/{version}/frames", [frame("f")], [ingest, admin]),
        ("PUT", f"/versions/{version}/mask-labels", {"mask_labels": []}, [ingest, admin]),
        ("GET", "/tokens", None, [admin]),
    ):
        for headers in (read, ingest, admin):
            answer = await call(client, method, path, json=body, headers=headers)
            assert (answer.status == 200) == (headers in allowed), (method, path)
            if headers not in allowed:
                assert answer.verdict == (403, "scope_missing")
    forced = await call(client, "DELETE", f"/versions/{version}?force=true", headers=ingest)
    assert forced.verdict == (403, "scope_missing")


async def test_a_revoked_token_is_refused_at_once_and_after_a_restart(tmp_path: Path, redis_url: str) -> None:
    async with running_registry(tmp_path, redis_url) as client:
        token_id, headers = await new_token(client, "read")
        _, kept = await new_token(client, "read")
        assert (await call(client, "GET", "/datasets", headers=headers)).status == 200
        revoked = await call(client, "DELETE", f"/tokens/{token_id}")
        assert revoked.body["revoked_at"] is not None
        assert (await call(client, "GET", "/datasets", headers=headers)).verdict == (401, "not_authenticated")
        assert (await call(client, "DELETE", "/tokens/nobody")).verdict == (404, "not_found")
    async with running_registry(tmp_path, redis_url) as client:
        assert (await call(client, "GET", "/datasets", headers=headers)).status == 401
        assert (await call(client, "GET", "/datasets", headers=kept)).status == 200


async def test_whatever_is_no_token_is_refused(client: Client) -> None:
    token_id, good = await new_token(client, "read")
    secret = good["Authorization"].removeprefix("Bearer ")
    for value in (
        "",
        "Bearer",
        "Bearer ",
        "Basic " + secret,
        secret,
        "Bearer wrong",
        f"Bearer mbx_{token_id}_wrong",
        f"Bearer mbx_{token_id}",
        "Bearer mbx__",
        "Bearer " + secret[:-1],
        "Bearer tökén",
        "Bearer \udcff\udcfe",
    ):
        answer = await call(client, "GET", "/datasets", headers={"Authorization": value})
        assert answer.verdict == (401, "not_authenticated"), value
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (await call(client, "GET", "/datasets", headers={"Authorization": "bearer " + secret})).status == 200


async def test_a_bad_token_request_is_refused_naming_the_field(client: Client) -> None:
    for body, loc in (
        ({"name": "t", "scopes": []}, "scopes"),
        ({"name": "t", "scopes": ["root"]}, "scopes[0]"),
        ({"scopes": ["read"]}, "name"),
    ):
        refused = await call(client, "POST", "/tokens", json=body)
        assert (refused.verdict, refused.locs) == ((400, "invalid_body"), [loc])


async def test_the_admin_token_is_made_at_first_start_and_kept(tmp_path: Path, redis_url: str) -> None:
    data = tmp_path / "new" / "data"
    secrets = []
    for _ in range(2):
        app = create_app(Settings(data=str(data), redis_url=redis_url))
        async with TestClient[web.Request, web.Application](TestServer(app)) as client:
            secrets.append((data / "token").read_text().strip())
            assert (await call(client, "GET", "/tokens", headers=bearer(secrets[-1]))).status == 200
            assert (await call(client, "GET", "/tokens")).status == 401
    assert secrets[0] == secrets[1]
    assert len(secrets[0]) >= 40
    assert stat.S_IMODE((data / "token").stat().st_mode) == 0o600


@pytest.mark.parametrize("left", ["", "\n", "short"])
async def test_a_token_file_that_was_cut_off_lets_nobody_in(tmp_path: Path, redis_url: str, left: str) -> None:
    """An empty file must not make an empty token the administrator's."""
    (tmp_path / "token").write_text(left)
    with pytest.raises(UnusableToken, match="remove it to have a new one made"):
        async with TestServer(create_app(Settings(data=str(tmp_path), redis_url=redis_url))):
            pass
