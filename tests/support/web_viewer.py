"""What tests of the web viewer are given; the fixtures are in tests/browser/conftest.py."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from playwright.async_api import Page

from mattebox.aio import Client

WIDE, NARROW = 1280, 390

CheckAccess = Callable[[Page], Awaitable[None]]


class Viewer(NamedTuple):
    """A running registry with the demo in it, all previews drawn."""

    url: str
    token: str
    dataset_id: str
    version_id: str
    frame_ids: list[str]
    """In the order in which the registry lists them."""

    def client(self) -> Client:
        """Make a client of its API."""
        return Client(self.url, self.token)


class OpenPage(Protocol):
    """Opens a page in a browser context of its own, which is closed after the test."""

    def __call__(
        self, path: str = "/", *, width: int = WIDE, theme: str = "dark", signed_in: bool = True
    ) -> Awaitable[Page]:
        """Do it."""


class Faults(list[str]):
    """What went wrong in the pages of a test: console errors and uncaught exceptions. Any that is left fails it."""

    def expect(self, words: str) -> None:
        """Take out the faults that hold some words; there must be one."""
        found = [fault for fault in self if words in fault]
        assert found, f"no fault says {words!r}: {list(self)}"
        self[:] = [fault for fault in self if words not in fault]
