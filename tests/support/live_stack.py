"""Everything a user of the SDK talks to, each in a process of its own: Redis, the registry, a renderer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from support.services import services


class LiveRegistry(NamedTuple):
    """Where a registry answers, and its operator's token."""

    url: str
    token: str
    data: Path


@contextmanager
def live_stack(data: Path, *, file_roots: Path) -> Iterator[LiveRegistry]:
    """Run all of it for the time of the block; `file://` URIs are read under `file_roots`."""
    with services(data, file_roots=file_roots) as running:
        running.start("registry")
        running.start("renderer")
        running.wait_answer("/readyz")
        yield LiveRegistry(running.url, running.token, data)


def write_image(file: Path, color: tuple[int, int, int] | int, size: tuple[int, int] = (32, 24)) -> Path:
    """Write a picture of one colour, or of one grey value, in the format of its extension."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(color, int) else "RGB", size, color).save(file)
    return file
