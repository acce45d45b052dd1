"""Lists that come in pages, as one iteration."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol, TypeVar

from mattebox._protocol import Request
from mattebox.aio._transport import Transport

T = TypeVar("T")


class Page(Protocol):
    """Part of a list, with where the next part begins."""

    @property
    def next_cursor(self) -> str | None:
        """None on the last page."""


P = TypeVar("P", bound=Page)


async def all_items(
    transport: Transport, request: Callable[[str | None], Request[P]], items: Callable[[P], Sequence[T]]
) -> AsyncGenerator[T, None]:
    """Give the items of every page, fetching each page when it is reached."""
    cursor: str | None = None
    while True:
        page = await transport.call(request(cursor))
        for item in items(page):
            yield item
        cursor = page.next_cursor
        if not cursor:
            return
