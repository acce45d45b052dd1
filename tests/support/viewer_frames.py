"""Versions for tests of the viewer's lists of frames."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mattebox.aio import Client
from support.live_stack import write_image

LABELS = [{"value": [0, 0, 0], "labels": ["background"]}, {"value": [1, 1, 1], "labels": ["road"], "color": "#ff0000"}]


async def make_version(client: Client, name: str, frames: Sequence[dict[str, Any]] = ()) -> str:
    """Make a version of a dataset of its own, and register frames."""
    dataset = await client.ensure_dataset(name)
    version = await client.ensure_version(dataset.id, "v1", metadata={"mask_labels": LABELS})
    if frames:
        added = await client.add_frames(version.id, frames)
        assert not added.rejected
    return version.id


def drawn_frame(data: Path, frame_id: str, **fields: Any) -> dict[str, Any]:
    """A frame that can be drawn: a blue picture under a mask that is red all over."""
    picture = write_image(data / "grid" / "picture.png", (0, 0, 255))
    mask = write_image(data / "grid" / "mask.png", 1)
    return {"id": frame_id, "sources": [source(picture, mask)], **fields}


def source(picture: Path, mask: Path | None = None, source_id: str = "camera") -> dict[str, Any]:
    """One source of a frame, with one mask."""
    masks = [] if mask is None else [{"id": "classes", "uri": mask.as_uri()}]
    return {"id": source_id, "uri": picture.as_uri(), "masks": masks}


def undrawn_frames(count: int, *, contexts: int = 1) -> list[dict[str, Any]]:
    """Frames of a type that is never drawn: known at once, and no work for a renderer."""
    return [
        {
            "id": f"frame-{number:05d}",
            "context_id": f"context {number * contexts // count:03d}",
            "timestamp": number,
            "sources": [{"id": "s", "uri": "https://example.com/a.pdf", "content_type": "application/pdf"}],
        }
        for number in range(count)
    ]
