"""How often and how evenly the event loop goes round while something is done."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Rounds:
    """Rounds of the loop, and the longest there was."""

    def __init__(self) -> None:
        self.count = 0
        self.longest_s = 0.0

    async def watch(self) -> None:
        """Count for ever."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(0)
            now = loop.time()
            self.count += 1
            self.longest_s = max(self.longest_s, now - before)
            before = now


@asynccontextmanager
async def counted_rounds() -> AsyncGenerator[Rounds, None]:
    """Watch the loop until the block ends."""
    rounds = Rounds()
    watching = asyncio.create_task(rounds.watch(), name="count rounds")
    try:
        yield rounds
    finally:
        watching.cancel()
