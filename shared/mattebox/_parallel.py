"""Several things at a time."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


async def in_parallel(work: Sequence[Coroutine[Any, Any, T]], name: str) -> list[T]:
    """Do all of it and give the results in order; the first failure ends the others and is raised as it was."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one, name=f"{name}-{n}") for n, one in enumerate(work)]
    except ExceptionGroup as failures:
        # Callers want it as it was raised.
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
