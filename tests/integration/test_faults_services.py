"""The services themselves, killed: what was acknowledged becomes ready, once."""

import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.stack import Stack, open_stack
from support.wait import wait_until


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncGenerator[Stack, None]:
    """A registry, and no renderer yet."""
    async with open_stack(tmp_path, file_roots=tmp_path) as opened:
        opened.processes.start("registry")
        await opened.wait_ready()
        yield opened


def frames(directory: Path, count: int) -> list[dict[str, Any]]:
    """Give frames of one picture and one mask, which differ in the mask's opacity and so in their keys."""
    Image.linear_gradient("L").convert("RGB").save(directory / "picture.png")
    Image.new("L", (256, 256), 7).save(directory / "mask.png")
    return [
        {
            "id": f"f{n:04}",
            "sources": [
                {
                    "id": "s",
                    "uri": (directory / "picture.png").as_uri(),
                    "masks": [{"id": "m", "uri": (directory / "mask.png").as_uri(), "opacity": n / count}],
                }
            ],
        }
        for n in range(count)
    ]


async def wait_ready(stack: Stack, version: str, count: int) -> None:
    """Wait until every frame is ready."""

    async def ready() -> bool:
        counts = await stack.get(f"/versions/{version}/previews")
        return bool(counts["ready"] == count == sum(counts.values()))

    await wait_until(ready, description=f"{count} ready previews", timeout_s=30)


async def test_a_registry_killed_between_commit_and_publish_publishes_after_its_restart(
    stack: Stack, tmp_path: Path
) -> None:
    version = await stack.new_version()
    os.kill(stack.processes.redis.pid, signal.SIGSTOP)
    answer = await stack.post(f"/versions/{version}/frames", frames(tmp_path, 40))
    assert answer["created"] == 40
    stack.processes.kill("registry")
    os.kill(stack.processes.redis.pid, signal.SIGCONT)
    stack.processes.start("registry")
    stack.processes.start("renderer")
    await stack.wait_ready()
    await wait_ready(stack, version, 40)


async def test_a_killed_renderer_is_replaced(stack: Stack, tmp_path: Path) -> None:
    version = await stack.new_version()
    stack.processes.start("doomed")
    stack.processes.start("heir")
    await stack.post(f"/versions/{version}/frames", frames(tmp_path, 200))

    async def begun() -> bool:
        return bool((await stack.get(f"/versions/{version}/previews"))["ready"])

    await wait_until(begun, description="the first preview")
    stack.processes.kill("doomed")
    await wait_ready(stack, version, 200)


async def test_a_redis_that_restarts_empty_costs_nothing_but_time(stack: Stack, tmp_path: Path) -> None:
    version = await stack.new_version()
    stack.processes.start("renderer")
    await stack.post(f"/versions/{version}/frames", frames(tmp_path, 100))
    stack.processes.redis.kill()
    stack.processes.redis.start()
    await wait_ready(stack, version, 100)
