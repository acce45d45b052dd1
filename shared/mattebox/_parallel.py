"""Several things at a time."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, object], name: str) -> AsyncGenerator[None, None]:
    """Do something beside the block; it is done when the block is left, and ended where the block fails."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    except BaseException:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    await task


async def in_parallel(work: Sequence[Coroutine[Any, Any, T]], name: str) -> list[T]:
    """Do all of it and give the results in order; the first failure ends the others and is raised as it was."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one, name=f"{name}-{n}") for n, one in enumerate(work)]
    except ExceptionGroup as failures:
        # Callers want it as it was raised.
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
