"""Whatever a store or host does, a fetch ends with the bytes or with a reason, in bounded time and memory."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from mattebox_renderer.fetch import Fetched, Fetcher, FetchFailed, open_fetcher
from mattebox_renderer.settings import Settings
from mattebox_runtime.blobs import open_blobs
from support.chaos import CONTENT, ChaosOrigin, running_origin
from support.object_store import ObjectStore, running_object_store
from support.wait import wait_until

LOCAL = ("127.0.0.0/8",)


@pytest.fixture
async def origin() -> AsyncIterator[ChaosOrigin]:
    """A host that misbehaves on request."""
    async with running_origin() as origin:
        yield origin


@pytest.fixture
async def store(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ObjectStore]:
    """An S3-compatible store, named by the operator's environment."""
    async with running_object_store() as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "operator")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield store


def settings(data: Path, **given: Any) -> Settings:
    """Settings that let a fetch reach the servers of this test, and give up soon."""
    chosen: dict[str, Any] = {
        "data": str(data),
        "allow_cidrs": LOCAL,
        "fetch_tries": 3,
        "fetch_timeout_s": 5.0,
        "max_source_bytes": 100_000,
    }
    return Settings(**(chosen | given))


@pytest.fixture
async def fetcher(tmp_path: Path) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach 127.0.0.1."""
    async with open_fetcher(settings(tmp_path)) as fetcher:
        yield fetcher


@pytest.fixture
async def hasty_fetcher(tmp_path: Path) -> AsyncIterator[Fetcher]:
    """The same, with half a second for a fetch."""
    async with open_fetcher(settings(tmp_path, fetch_timeout_s=0.5)) as fetcher:
        yield fetcher


def content(fetched: Fetched) -> bytes:
    """Read what was fetched, and close it."""
    with fetched:
        return os.pread(fetched.fd, fetched.size + 1, 0)


async def failure(fetcher: Fetcher, uri: str) -> tuple[str, bool]:
    """Give the reason for which a fetch fails, and whether it may pass."""
    with pytest.raises(FetchFailed) as failed:
        (await fetcher.fetch(uri)).close()
    return failed.value.reason, failed.value.transient


@pytest.mark.parametrize("path", ["/good", "/chunked", "/hops/3", "/redirect?to=/good", "/redirect?status=308&to=good"])
async def test_good_bodies(fetcher: Fetcher, origin: ChaosOrigin, path: str) -> None:
    """Bodies with and without a length arrive whole, also behind up to three redirects."""
    assert content(await fetcher.fetch(origin.url(path))) == CONTENT


async def test_request_headers(fetcher: Fetcher, origin: ChaosOrigin) -> None:
    """No compression is offered, and nothing is told about this machine."""
    (await fetcher.fetch(origin.url("/good"))).close()
    assert origin.headers["Accept-Encoding"] == "identity"
    assert set(origin.headers) <= {"Host", "Accept", "Accept-Encoding", "User-Agent", "Connection"}
    assert origin.headers["User-Agent"] == "mattebox"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/status/404", "not_found"),
        ("/status/410", "not_found"),
        ("/status/401", "forbidden"),
        ("/status/403", "forbidden"),
        ("/status/400", "forbidden"),
        ("/status/204", "unreachable"),
        ("/status/304", "unreachable"),
        ("/zipped", "unreachable"),
        ("/endless", "too_large"),
        ("/declared/100001", "too_large"),
        ("/hops/4", "unreachable"),
        ("/redirect?to=file:///etc/passwd", "blocked"),
        ("/redirect?to=http://user:secret@127.0.0.1/", "blocked"),
        ("/redirect", "unreachable"),
    ],
)
async def test_permanent_failures(fetcher: Fetcher, origin: ChaosOrigin, path: str, reason: str) -> None:
    """What another try would not change fails at the first one."""
    assert await failure(fetcher, origin.url(path)) == (reason, False)
    assert max(origin.requests.values()) <= (5 if path == "/redirect" else 1)


@pytest.mark.parametrize(
    ("path", "requests"),
    [
        ("/status/500", 3),
        ("/status/503", 3),
        ("/status/429", 3),
        ("/short", 3),
        ("/reset", 3),
        # aiohttp itself asks once more where not even a status came.
        ("/goodbye", 6),
    ],
)
async def test_passing_failures_are_tried_again(
    fetcher: Fetcher, origin: ChaosOrigin, path: str, requests: int
) -> None:
    """What may pass is tried as often as the settings say, and then told as what may pass."""
    assert await failure(fetcher, origin.url(path)) == ("unreachable", True)
    assert origin.requests[path] == requests


@pytest.mark.parametrize("way", ["unavailable", "short", "reset", "goodbye"])
async def test_passing_failures_pass(fetcher: Fetcher, origin: ChaosOrigin, way: str) -> None:
    """A host that recovers between two tries is not even noticed; no byte of the failed tries remains."""
    assert content(await fetcher.fetch(origin.url(f"/flaky/{way}/2"))) == CONTENT


@pytest.mark.parametrize("path", ["/hang", "/drip", "/declared/5000"])
async def test_time_is_bounded(hasty_fetcher: Fetcher, origin: ChaosOrigin, path: str) -> None:
    """A host that hangs or drips costs the time of one fetch, its tries included."""
    started = asyncio.get_running_loop().time()
    assert await failure(hasty_fetcher, origin.url(path)) == ("timeout", True)
    assert asyncio.get_running_loop().time() - started < 3


async def test_pause_an_origin_asks_for(hasty_fetcher: Fetcher, fetcher: Fetcher, origin: ChaosOrigin) -> None:
    """Retry-After is kept to: with a second to wait and half a second of time there is no second request."""
    assert await failure(hasty_fetcher, origin.url("/status/503?after=1")) == ("timeout", True)
    assert origin.requests["/status/503"] == 1


async def test_closed_port_and_unknown_host(fetcher: Fetcher) -> None:
    """Nobody there is a failure that may pass."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert await failure(fetcher, f"http://127.0.0.1:{port}/") == ("unreachable", True)
    assert await failure(fetcher, "http://host.invalid/") == ("unreachable", True)


async def test_no_file_is_left_open(hasty_fetcher: Fetcher, origin: ChaosOrigin) -> None:
    """Failed and cancelled fetches leave neither files nor connections."""
    before = psutil.Process().num_fds()
    for path in ("/short", "/endless", "/hang", "/status/404"):
        await failure(hasty_fetcher, origin.url(path))
    abandoned = asyncio.create_task(hasty_fetcher.fetch(origin.url("/drip")), name="abandoned")
    await wait_until(lambda: origin.requests["/drip"], description="a download under way")
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    # The origin's ends of connections close a moment later; what would leak here are five downloads.
    await wait_until(lambda: psutil.Process().num_fds() <= before + 3, description="files closed")


async def test_slow_host_has_four_connections(hasty_fetcher: Fetcher, origin: ChaosOrigin) -> None:
    """At most four downloads of a host at a time; those that wait do not use up their time."""
    slow = [failure(hasty_fetcher, origin.url(f"/hang?{number}")) for number in range(6)]
    assert await asyncio.gather(*slow) == [("timeout", True)] * 6
    assert origin.most_under_way == 4
    assert content(await hasty_fetcher.fetch(origin.url("/good"))) == CONTENT


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_local_addresses_are_blocked(tmp_path: Path, origin: ChaosOrigin, host: str) -> None:
    """However a local address is written, nothing is sent to it unless the operator opened it."""
    async with open_fetcher(settings(tmp_path, allow_cidrs=(), allow_ports=(80, origin.port))) as guarded:
        reason, _ = await failure(guarded, origin.url("/good", host=host))
    assert reason in {"blocked", "unreachable", "bad_uri"}
    assert not origin.requests


async def test_verdict_does_not_tell_open_from_closed_ports(tmp_path: Path, origin: ChaosOrigin) -> None:
    """A blocked address is never dialled: an open port of it and a closed one get the same answer."""
    async with open_fetcher(settings(tmp_path, allow_cidrs=())) as guarded:
        opened = await failure(guarded, origin.url("/good"))
        closed = await failure(guarded, "http://127.0.0.1:1/good")
    assert opened == closed == ("blocked", False)


async def test_redirect_to_a_blocked_address(fetcher: Fetcher, origin: ChaosOrigin) -> None:
    """A redirect is judged like the first address, port included."""
    for target in (
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://93.184.216.34:22/",
    ):
        assert await failure(fetcher, origin.url(f"/redirect?to={target}")) == ("blocked", False)


class ChangingResolver(AbstractResolver):
    """Answers with another address each time it is asked, as in DNS rebinding."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Give the next address."""
        address = self._addresses[self.asked % len(self._addresses)]
        self.asked += 1
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing to close."""


async def test_name_that_changes_its_address(tmp_path: Path, origin: ChaosOrigin) -> None:
    """Each connection is judged by the address it goes to, not by what the name led to before."""
    resolver = ChangingResolver("127.0.0.1", "127.0.0.2")
    opened = settings(tmp_path, allow_cidrs=("127.0.0.1/32",))
    async with open_fetcher(opened, resolver=resolver) as fetcher:
        (await fetcher.fetch(origin.url("/good", host="rebind.test"))).close()
        assert await failure(fetcher, origin.url("/good", host="rebind.test")) == ("blocked", False)
        assert await failure(fetcher, origin.url("/redirect?to=/good", host="rebind.test")) == ("blocked", False)
    assert resolver.asked == 4


async def test_fetcher_ignores_proxies(fetcher: Fetcher, origin: ChaosOrigin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment would move the check of the address elsewhere."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert content(await fetcher.fetch(origin.url("/good"))) == CONTENT


async def test_objects(fetcher: Fetcher, store: ObjectStore) -> None:
    """An object is read with the operator's credentials, its key sent as it was written."""
    assert content(await fetcher.fetch("s3://bucket/a b%20/picture.png")) == CONTENT
    assert store.signed


@pytest.mark.parametrize(
    ("uri", "reason", "transient", "requests"),
    [
        ("s3://bucket/none", "not_found", False, 1),
        ("s3://bucket/secret", "forbidden", False, 1),
        ("s3://bucket/large", "too_large", False, 1),
        ("s3://bucket/broken", "unreachable", True, 3),
        ("s3://bucket/a//b", "bad_uri", False, 0),
        ("s3://bucket/../b", "bad_uri", False, 0),
        ("az://container/a", "forbidden", False, 0),
    ],
)
async def test_object_failures(
    fetcher: Fetcher, store: ObjectStore, uri: str, reason: str, transient: bool, requests: int
) -> None:
    """Each way a store refuses has its reason; only what may pass is asked for again."""
    assert await failure(fetcher, uri) == (reason, transient)
    assert store.requests.total() == requests


async def test_store_that_hangs(hasty_fetcher: Fetcher, store: ObjectStore) -> None:
    """A store that does not answer costs the time of one fetch."""
    assert await failure(hasty_fetcher, "s3://bucket/hang") == ("timeout", True)


async def test_uploads(fetcher: Fetcher, tmp_path: Path) -> None:
    """An upload is opened where it lies; one that is not there, or whose name is no digest, is not found."""

    async def chunks() -> AsyncIterator[bytes]:
        yield CONTENT

    blob = await open_blobs(tmp_path / "blobs").put(chunks(), max_bytes=10_000)
    assert content(await fetcher.fetch(blob.uri)) == CONTENT
    for name in (sha256(b"other").hexdigest(), "../../secret", "", blob.sha256.upper()):
        assert await failure(fetcher, f"blob:{name}") == ("not_found", False)


async def test_uploads_in_an_object_store(tmp_path: Path, store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where uploads lie in an object store, they are fetched from it."""
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    digest = sha256(CONTENT).hexdigest()
    store.blobs.add(f"sha256/{digest[:2]}/{digest}")
    async with open_fetcher(settings(tmp_path, blobs="s3://uploads")) as fetcher:
        assert content(await fetcher.fetch(f"blob:{digest}")) == CONTENT
        assert await failure(fetcher, f"blob:{'0' * 64}") == ("not_found", False)


async def test_files(tmp_path: Path) -> None:
    """A file under a root is handed on as it lies there."""
    path = tmp_path / "a.png"
    path.write_bytes(CONTENT)
    async with open_fetcher(settings(tmp_path, file_roots=(str(tmp_path),))) as fetcher:
        assert content(await fetcher.fetch(path.as_uri())) == CONTENT


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("data:image/png;base64,AAAA", "unsupported_scheme"),
        ("ftp://example.com/a", "unsupported_scheme"),
        ("memory:///a", "unsupported_scheme"),
        ("/a.png", "bad_uri"),
        ("http://example.com:x/", "bad_uri"),
        ("file:///etc/passwd", "blocked"),
    ],
)
async def test_uris_that_are_not_fetched(fetcher: Fetcher, uri: str, reason: str) -> None:
    """Nothing is opened for a URI that no rule allows."""
    assert await failure(fetcher, uri) == (reason, False)


def test_client_errors_are_known() -> None:
    """The mapping of errors rests on these relations of aiohttp's classes."""
    assert issubclass(aiohttp.ServerTimeoutError, TimeoutError)
    assert issubclass(aiohttp.InvalidURL, ValueError)
    assert issubclass(aiohttp.ClientConnectorError, OSError)
