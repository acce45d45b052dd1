"""Everything a user of the SDK talks to: Redis, the registry, and a renderer in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from support.live_registry import LiveRegistry, live_registry
from support.redis_process import running_redis


@contextmanager
def live_stack(data: Path, *, file_roots: Path) -> Iterator[LiveRegistry]:
    """Run all of it for the time of the block; `file://` URIs are read under `file_roots`."""
    with running_redis() as redis, live_registry(redis.url, data) as registry:
        variables = {
            "MATTEBOX_REDIS_URL": redis.url,
            "MATTEBOX_DATA": str(data),
            "MATTEBOX_FILE_ROOTS": str(file_roots),
            "MATTEBOX_WORKER_NAME": "live-stack",
        }
        with (data / "renderer.log").open("wb") as log:
            renderer = subprocess.Popen(
                [sys.executable, "-m", "mattebox_renderer"],
                env=os.environ | variables,  # noqa: TID251 - handed on to a child
                stdout=log,
                stderr=log,
            )
        try:
            yield registry
        finally:
            renderer.terminate()
            renderer.wait(30)


def write_image(file: Path, color: tuple[int, int, int] | int, size: tuple[int, int] = (32, 24)) -> Path:
    """Write a picture of one colour, or of one grey value, in the format of its extension."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L" if isinstance(color, int) else "RGB", size, color).save(file)
    return file
