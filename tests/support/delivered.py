"""A registry's store and delivery without its HTTP half, and what it owes: frames whose source URI is a deed.

The deeds are those of `support.drawing_child`: a frame of the source `sigkill` kills the process that draws it.
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from redis.asyncio import Redis

from mattebox_registry.delivery import delivery
from mattebox_registry.records import AppliedResult, Dataset, Job, NewFrame, NewJob, StoredFrame, Version
from mattebox_registry.settings import Settings
from mattebox_registry.store.sqlite import SqliteStore, open_store
from mattebox_runtime.metrics import RegistryMetrics
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec, preview_key
from support.wait import wait_until

NOW = "2026-01-01T00:00:00Z"
VERSION = "v1"


def spec_of(deed: str, *, masks: Sequence[str] = (), table: bytes | None = None, nonce: str = "") -> bytes:
    """Encode a spec whose draw does a deed; specs of different nonces have different keys."""
    return RenderSpec(
        source=SourceSpec(uri=deed, content_type=nonce or None),
        masks=tuple(
            MaskSpec(id=f"m{i}", uri=uri, mode="segmentation", opacity=0.5, table=table) for i, uri in enumerate(masks)
        ),
    ).encode()


@dataclass
class Owing:
    """A store with one version, and all that was told about its previews."""

    store: SqliteStore
    path: Path
    redis_url: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    changes: list[AppliedResult] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)

    async def add_version(self) -> None:
        """Make the version that all frames are of."""
        await self.store.add_version(Version(VERSION, "d1", "first", "", "draft", None, 0, {}, 0, None, NOW, NOW, None))

    async def owe(self, specs: Mapping[str, bytes], *, tables: Mapping[bytes, bytes] | None = None) -> None:
        """Store one frame for each spec, which owes its render on the bulk lane, and wake the relay."""
        frames = [NewFrame(id_, "", 0, b64encode(spec), preview_key(spec), spec) for id_, spec in specs.items()]
        await self.store.put_frames(VERSION, frames, style_revision=0, tables=tables or {})
        self.keys |= {frame.id: frame.key for frame in frames}
        self.wake.set()

    async def owe_many(self, count: int, deed: str = "echo") -> None:
        """Owe renders that all differ."""
        first = len(self.keys)
        await self.owe({f"f{n:05}": spec_of(deed, nonce=str(n)) for n in range(first, first + count)})

    async def ask(self, frame_id: str, spec: bytes, *, force: bool = False) -> bytes:
        """Owe a render on the interactive lane, as a viewer would; give its key."""
        key = preview_key(spec)
        await self.store.request_preview(NewJob(VERSION, frame_id, key, spec, {}, force))
        self.wake.set()
        return key

    async def frames(self) -> list[StoredFrame]:
        """Give all frames."""
        return await self.store.frames(VERSION, after=None, limit=1_000_000)

    async def wait_settled(self, *, timeout_s: float = 20.0) -> None:
        """Wait until no frame is pending."""

        async def settled() -> bool:
            return (await self.store.preview_counts(VERSION))["pending"] == 0

        await wait_until(settled, description="no pending frames", timeout_s=timeout_s)

    async def wait_outstanding(self, count: int) -> None:
        """Wait until so many bulk jobs are in the stream."""

        async def published() -> bool:
            return await self.store.outstanding("bulk") == count

        await wait_until(published, description=f"{count} jobs in the stream")

    @asynccontextmanager
    async def delivering(self, **settings: Any) -> AsyncGenerator[None, None]:
        """Run relay, result reader and sweeper, impatient ones."""
        given: dict[str, Any] = {"redis_url": self.redis_url, "lease_s": 1.0, "sweep_s": 0.3} | settings
        async with delivery(
            self.store,
            Settings(**given),
            complete=_complete,
            wake=self.wake,
            on_change=self.changes.append,
            metrics=RegistryMetrics(),
        ):
            yield


async def _complete(jobs: Sequence[Job]) -> list[Job]:
    """Give jobs their specs: here, documents are specs."""
    return [job if job.spec is not None else replace(job, spec=b64decode(job.document)) for job in jobs]


@asynccontextmanager
async def open_owing(path: Path, redis_url: str) -> AsyncGenerator[Owing, None]:
    """Open a database with one version in it, made if it is not there."""
    async with open_store(path) as store:
        owing = Owing(store, path, redis_url)
        if not await store.datasets(name=None, after=None, limit=1):
            await store.add_dataset(Dataset("d1", "set", "", [], None, NOW, NOW))
            await owing.add_version()
        yield owing


@asynccontextmanager
async def redis_at(url: str) -> AsyncGenerator[Any, None]:
    """Open a plain client, untyped: its annotations cover the answers of every protocol and setting at once."""
    client = Redis.from_url(url)
    try:
        yield client
    finally:
        await client.aclose()
