"""What tests of the web viewer are given; the fixtures are in tests/browser/conftest.py."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from playwright.async_api import ConsoleMessage, Error, Page

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


class VisitPage(Protocol):
    """Goes to a page of the viewer in a document that is there already."""

    def __call__(self, path: str, *, width: int = WIDE, theme: str = "dark") -> Awaitable[Page]:
        """Do it."""


class Faults(list[str]):
    """What went wrong in the pages of a test: console errors and uncaught exceptions. Any that is left fails it."""

    def watch(self, page: Page) -> None:
        """Collect those of a page."""
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)

    def forget(self, page: Page) -> None:
        """Collect those of a page no more."""
        page.remove_listener("console", self._on_console)
        page.remove_listener("pageerror", self._on_error)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.append(str(error))

    def expect(self, words: str) -> None:
        """Take out the faults that hold some words; there must be one."""
        found = [fault for fault in self if words in fault]
        assert found, f"no fault says {words!r}: {list(self)}"
        self[:] = [fault for fault in self if words not in fault]
