"""Stores to test, and records to put into them."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from mattebox.reasons import PreviewState
from mattebox_registry.records import Dataset, Job, NewFrame, NewJob, StoredFrame, Token, Version
from mattebox_registry.store.port import Store
from mattebox_registry.store.sqlite import open_store
from mattebox_runtime.events import Failure, Lane, RenderResult

MADE_AT = "2024-01-01T00:00:00.000Z"


class SteppedClock:
    """Wall time that goes on only when told to."""

    def __init__(self, seconds: float = 1_800_000_000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def sqlite_store(directory: Path, clock: Callable[[], float]) -> AsyncGenerator[Store, None]:
    """The SQLite adapter on a new file."""
    async with open_store(directory / "mattebox.db", clock=clock) as store:
        yield store


STORES = [sqlite_store]
"""Every adapter of the port; the contract suite runs against each."""


def key_of(text: str) -> bytes:
    """Some preview key."""
    return blake2b(text.encode(), digest_size=16).digest()


def make_dataset(dataset_id: str = "roads", **fields: Any) -> Dataset:
    """A dataset whose name is its id."""
    given: dict[str, Any] = {
        "name": dataset_id,
        "description": "",
        "tags": [],
        "project": None,
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
    }
    return Dataset(id=dataset_id, **(given | fields))


def make_version(version_id: str = "v1", dataset_id: str = "roads", **fields: Any) -> Version:
    """A draft whose name is its id."""
    given: dict[str, Any] = {
        "name": version_id,
        "description": "",
        "status": "draft",
        "parent_id": None,
        "frame_count": 0,
        "metadata": {},
        "style_revision": 0,
        "restyle_after": None,
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
        "published_at": None,
    }
    return Version(id=version_id, dataset_id=dataset_id, **(given | fields))


def make_frame(
    frame_id: str,
    *,
    context_id: str = "",
    timestamp: float = 0,
    look: str = "",
    meta: str = "",
    state: PreviewState = "pending",
) -> NewFrame:
    """A frame whose key depends on its id and its `look`, and whose document depends on all that is given."""
    key = key_of(f"{frame_id} {look}")
    document = f'{{"id":"{frame_id}","at":["{context_id}",{timestamp}],"look":"{look}","meta":"{meta}"}}'.encode()
    spec = None if state == "unsupported" else b"spec of " + key
    return NewFrame(frame_id, context_id, timestamp, document, key, spec, state)


def as_stored(frame: NewFrame) -> StoredFrame:
    """A frame as it lies in a store that has just taken it in."""
    position = frame.id, frame.context_id, frame.timestamp
    return StoredFrame(*position, frame.document, frame.key, frame.state, None, None)


def make_request(frame_id: str, key: bytes, *, version_id: str = "v1", force: bool = False) -> NewJob:
    """Somebody's wish for a preview."""
    return NewJob(version_id, frame_id, key, spec=b"spec of " + key, tables={b"of a request": b"table"}, force=force)


def make_token(token_id: str, **fields: Any) -> Token:
    """A token that may read."""
    given: dict[str, Any] = {
        "name": token_id,
        "scopes": ["read"],
        "digest": token_id.encode().ljust(32),
        "created_at": MADE_AT,
        "revoked_at": None,
    }
    return Token(id=token_id, **(given | fields))


def result_of(job: Job, state: PreviewState = "ready", *, code: str = "source_not_found") -> RenderResult:
    """How a renderer says that a job ended."""
    if state in ("ready", "partial"):
        return RenderResult("preview_rendered", job.key, job.seq, state, report=b"report")
    return RenderResult("preview_failed", job.key, job.seq, state, failure=Failure(code, None))


async def add_version(store: Store, version_id: str = "v1", **fields: Any) -> Version:
    """A version in the dataset `roads`, which is made if need be."""
    if not await store.datasets(name="roads", after=None, limit=1):
        await store.add_dataset(make_dataset())
    await store.add_version(make_version(version_id, **fields))
    return await store.version(version_id)


async def put(store: Store, *frames: NewFrame, version_id: str = "v1") -> tuple[int, int]:
    """Put frames under the version's style as it is; give how many were created and updated."""
    revision = (await store.version(version_id)).style_revision
    return await store.put_frames(version_id, frames, style_revision=revision, tables={})


async def owed(store: Store, lane: Lane = "bulk") -> list[Job]:
    """What waits to be published."""
    return await store.unpublished(lane, 1000)


async def publish(store: Store, lane: Lane = "bulk") -> list[Job]:
    """Publish all that waits."""
    jobs = await store.unpublished(lane, 10_000)
    await store.mark_published(lane, [job.seq for job in jobs])
    return jobs


async def settle(store: Store, jobs: Sequence[Job], state: PreviewState = "ready") -> None:
    """Say that jobs ended."""
    await store.apply_results([result_of(job, state) for job in jobs])


async def discard(store: Store) -> None:
    """Delete all that deleted versions left behind."""
    while await store.delete_discarded(100):
        pass
