"""A version of very many frames for the web viewer, of which the first have pictures."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.frames import Api, session
from benchmarks.stack import TOKEN, Stack
from mattebox.aio import Client
from mattebox_runtime.demo.dataset import generate

PICTURED = 2_000
"""The others are of a type that is never drawn: nothing waits for a renderer."""

CONTEXT_FRAMES = 500
_BATCH = 2_000


async def register(stack: Stack, count: int) -> str:
    """Register frames `frame-0000000` and so on, wait until they are drawn, and give the version's id."""
    demo = generate(stack.directory / "demo", 24)
    async with session(stack) as opened:
        api = Api(opened, stack)
        version = await api.create_version("viewer", [])
        await api.call("PUT", f"/versions/{version}/mask-labels", json={"mask_labels": demo.mask_labels})
        sources = [await _upload(api, demo.directory, document) for document in demo.frames]
        await api.call(
            "POST",
            f"/versions/{version}/frames",
            data=_documents(count, sources),
            headers={"Content-Type": "application/x-ndjson"},
        )
    async with Client(stack.url, TOKEN) as client:
        await client.wait_for_previews(version)
    return version


def name_of(number: int) -> str:
    """The id of a frame."""
    return f"frame-{number:07d}"


async def recolour(stack: Stack, version: str, shade: int) -> None:
    """Have all pictures drawn anew, with another first label."""
    async with session(stack) as opened:
        api = Api(opened, stack)
        known = await api.call("GET", f"/versions/{version}/mask-labels")
        for entries in known["mask_labels"].values():
            entries[0]["color"] = f"#{shade % 256:02x}4080"
        await api.call("PUT", f"/versions/{version}/mask-labels", json={"mask_labels": known["mask_labels"]})


async def _upload(api: Api, directory: Path, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the document's sources with uploads in place of files."""
    sources = json.loads(json.dumps(document["sources"]))
    for source in sources:
        for located in (source, *source.get("masks", [])):
            located["uri"] = await api.upload((directory / located["uri"]).read_bytes())
    return list(sources)


async def _documents(count: int, sources: Sequence[list[dict[str, Any]]]) -> AsyncIterator[bytes]:
    undrawn = [{"id": "camera", "uri": "https://example.com/scan.pdf", "content_type": "application/pdf"}]
    for start in range(0, count, _BATCH):
        lines = [
            json.dumps(
                {
                    "id": name_of(number),
                    "context_id": f"drive_{number // CONTEXT_FRAMES:04d}",
                    "timestamp": number * 40,
                    "sources": sources[number % len(sources)] if number < PICTURED else undrawn,
                }
            )
            for number in range(start, min(start + _BATCH, count))
        ]
        yield "\n".join(lines).encode() + b"\n"
