"""What a frame can do once it is in a version: show itself, and tell what its masks hold."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, Unpack

from mattebox.config import cache_directory
from mattebox.errors import InputError, MatteboxError, NotFound, Problem, UsageError
from mattebox.local_files import local_file
from mattebox.pictures import Picture, picture_of
from mattebox.previews import ALL, PreviewOptions
from mattebox.reports import FrameReport

if TYPE_CHECKING:
    from mattebox import aio
    from mattebox.client import Client

T = TypeVar("T")

log = logging.getLogger("mattebox")


class Origin(NamedTuple):
    """The version a frame is in."""

    client: "Client"
    version_id: str
    version_name: str
    dataset_id: str
    dataset_name: str


class Address(NamedTuple):
    """A frame within its version, and the source of it that is meant; None for the first."""

    frame_id: str
    source_id: str | None


class Registered(ABC):
    """A frame, or a source of one, that may be in a version."""

    def __init__(self) -> None:
        self._origin: Origin | None = None
        self._address: Address | None = None

    @property
    def origin(self) -> dict[str, str] | None:
        """The dataset and version it was added to or read from, by id and name; None where it is in none."""
        if self._origin is None:
            return None
        return {name: str(getattr(self._origin, name)) for name in Origin._fields if name != "client"}

    def preview(self, *, timeout: float = 120.0, **options: Unpack[PreviewOptions]) -> Picture:
        """Give its preview, waiting until it is drawn: a picture of Pillow, or bytes where there is no Pillow.

        Both show themselves at the end of a notebook's cell, and both have `save`.

        Raises:
            UsageError: it is in no version.
            PreviewFailed: it can never be drawn as things are; `code` says why.
            PreviewPending: it took longer than `timeout` seconds.
            NotFound, Invalid: no such mask or source; options out of range.
        """
        chosen = self._of_source(options)
        return picture_of(self._ask(lambda calls, *at: calls.preview(*at, timeout=timeout, **chosen), options))

    def report(self, *, timeout: float = 120.0, **options: Unpack[PreviewOptions]) -> FrameReport:
        """Tell what the renderer found in the masks: pixels of each label, undeclared values, warnings.

        Raises what `preview` raises.
        """
        chosen = self._of_source(options)
        status = self._ask(lambda calls, *at: calls.report(*at, timeout=timeout, **chosen), options)
        return FrameReport(status.report or {}, state=status.state)

    def refresh(self, **options: Unpack[PreviewOptions]) -> None:
        """Draw its preview again, because its files changed under the same URI or it failed."""
        origin, (frame_id, _) = self._place()
        chosen = self._of_source(options)
        origin.client.run(lambda calls: calls.refresh(origin.version_id, frame_id, **chosen))

    def _ask(self, call: "Callable[[aio.Client, str, str], Coroutine[Any, Any, T]]", options: PreviewOptions) -> T:
        origin, (frame_id, _) = self._place()
        try:
            return origin.client.run(lambda calls: call(calls, origin.version_id, frame_id))
        except NotFound as missing:
            unknown = sorted(_named_masks(options) - set(self._mask_ids()))
            if not unknown:
                raise
            there = ", ".join(self._mask_ids()) or "none"
            detail = f"The frame has no mask {unknown[0]!r}. Its masks are: {there}."
            raise NotFound(Problem(404, detail=detail, code=missing.code), missing.request) from missing

    def _local(self, location: str | None, raise_on_error: bool, fresh: bool) -> str | None:
        client = self._origin.client if self._origin else None
        try:
            if location is None:
                raise InputError("The frame has no such source or mask.")
            return str(local_file(location, client, cache_directory(), fresh=fresh))
        except MatteboxError as error:
            if raise_on_error:
                raise
            log.warning("%s", error)
            return None

    def _place(self) -> tuple[Origin, Address]:
        if self._origin is None or self._address is None:
            raise UsageError("The frame is in no version yet: add it first, version.add_frames([frame]).")
        return self._origin, self._address

    def _of_source(self, options: PreviewOptions) -> PreviewOptions:
        source_id = self._place()[1].source_id
        return options if source_id is None or "source" in options else {**options, "source": source_id}

    @abstractmethod
    def _mask_ids(self) -> list[str]: ...


def _named_masks(options: Mapping[str, Any]) -> set[str]:
    named = set(options.get("masks") or ())
    for choice in ("mode", "opacity", "tint"):
        by_mask = options.get(choice)
        named |= set(by_mask) if isinstance(by_mask, Mapping) else set()
    return named - {ALL}
