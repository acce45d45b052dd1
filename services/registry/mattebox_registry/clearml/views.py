"""Frames page by page: `frames.get_next_for_dataview` and `frames.get_count_for_dataview`."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from mattebox_registry.clearml.caller import Answer, Call, Caller
from mattebox_registry.clearml.outgoing import to_frame
from mattebox_registry.clearml.versions import version_of
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.http.requests import read_cursor, write_cursor
from mattebox_registry.keys import STORE
from mattebox_registry.records import FramePosition, StoredFrame, Version

MAX_PAGE = 500
_STEP = 100
"""Frames that are read, and made into frames of the SDK, before others have their turn."""
_ANY = "*"


class Entry(Struct):
    """A version of a view."""

    dataset: str
    version: str


class Rule(Struct):
    """Which of the versions, and which of their frames: all of them here."""

    dataset: str = _ANY
    version: str | None = None
    frame_query: str | None = None
    sources_query: str | None = None
    label_rules: list[Any] | None = None
    filter_by_roi: str | None = None


class Iteration(Struct):
    """How the frames follow on each other."""

    order: str | None = None
    infinite: bool | None = None
    limit: Annotated[int, Meta(ge=0)] | None = None


class View(Struct):
    """What a DataView asks for; what has no place here must be null."""

    versions: Annotated[list[Entry], Meta(min_length=1, max_length=1_000)]
    filters: list[Rule] | None = None
    iteration: Iteration | None = None
    output_rois: str | None = None
    labels_enumeration: None = None
    mapping: None = None


class GetNext(Struct):
    """`frames.get_next_for_dataview`."""

    dataview: View
    scroll_id: str | None = None
    batch_size: Annotated[int, Meta(ge=1)] = MAX_PAGE
    reset_scroll: bool | None = None
    projection: list[str] | None = None


class GetCount(Struct):
    """`frames.get_count_for_dataview`."""

    dataview: View


class Place(Struct, array_like=True):
    """How far a reader has come; it travels with him, as his `scroll_id`."""

    version: Annotated[int, Meta(ge=0)] = 0
    """Which of the versions."""
    after: FramePosition | None = None
    given: int = 0


async def get_next(caller: Caller, body: GetNext) -> Answer:
    """Give the frames that follow, in the order of versions, contexts and times. Raises NotFound, InvalidInput."""
    view = body.dataview
    iteration = view.iteration or Iteration()
    if iteration.order not in {None, "sequential"}:
        raise _unknown("dataview.iteration.order", "Frames come in their own order here: shuffle what you get.")
    versions = await _versions(caller, view)
    place = Place() if body.scroll_id is None or body.reset_scroll else read_cursor(body.scroll_id, Place)
    size = min(body.batch_size, MAX_PAGE)
    if iteration.limit is not None:
        size = min(size, max(iteration.limit - place.given, 0))
    reading = _Reading(caller, versions, place, body.projection)
    is_over = not await reading.read(size, again=bool(iteration.infinite))
    place = reading.place
    return {
        "frames": reading.frames,
        "frames_returned": len(reading.frames),
        "scroll_id": write_cursor(place),
        "eof": is_over or (iteration.limit is not None and place.given >= iteration.limit),
    }


async def count(caller: Caller, body: GetCount) -> Answer:
    """Say how many frames there are, and how many of each rule. Raises NotFound, InvalidInput."""
    versions = await _versions(caller, body.dataview)
    rules = body.dataview.filters or [Rule()]
    counts = [sum(version.frame_count for version in versions if _holds(rule, version)) for rule in rules]
    return {
        "total": sum(version.frame_count for version in versions),
        "rules": [{"rule_index": index, "count": frames, "accurate": True} for index, frames in enumerate(counts)],
    }


class _Reading:
    """One page, that may begin in one version and end in another."""

    def __init__(self, caller: Caller, versions: list[Version], place: Place, projection: Sequence[str] | None) -> None:
        self._caller = caller
        self._versions = versions
        self._projection = projection
        self.place = place
        self.frames: list[Raw] = []
        """JSON already, in which large frames take a fraction of the memory."""

    async def read(self, size: int, *, again: bool) -> bool:
        """Read on until the page has so many frames; False where there are no more."""
        turns = 0
        while self._versions and len(self.frames) < size:
            if self.place.version >= len(self._versions):
                if not again or turns > 1:
                    return False
                turns += 1
                self.place = Place(given=self.place.given)
            await self._read_version(min(size - len(self.frames), _STEP))
            turns = 0 if self.frames else turns
        return bool(self._versions)

    async def _read_version(self, wanted: int) -> None:
        place = self.place
        version = self._versions[place.version]
        found = await self._caller.app[STORE].frames(version.id, after=place.after, limit=wanted)
        self.frames += [self._show(frame, version) for frame in found]
        given = place.given + len(found)
        if len(found) < wanted:
            self.place = Place(place.version + 1, None, given)
        else:
            last = found[-1]
            self.place = Place(place.version, FramePosition(last.context_id, last.timestamp, last.id), given)

    def _show(self, frame: StoredFrame, version: Version) -> Raw:
        shown = to_frame(frame.document, version, self._caller.origin, self._projection)
        return Raw(msgspec.json.encode(shown))


async def _versions(caller: Caller, view: View) -> list[Version]:
    """Give the versions that a rule selects, all where there is none."""
    if view.output_rois == "frame_per_roi":
        raise _unknown("dataview.output_rois", "A frame is given once, with all its regions.")
    rules = view.filters or [Rule()]
    for position, rule in enumerate(rules):
        _check(rule, f"dataview.filters[{position}]")
    pairs = dict.fromkeys((entry.dataset, entry.version) for entry in view.versions)
    versions = [await version_of(caller, dataset, version) for dataset, version in pairs]
    return [version for version in versions if any(_holds(rule, version) for rule in rules)]


def _holds(rule: Rule, version: Version) -> bool:
    return rule.dataset in {_ANY, version.dataset_id} and rule.version in {None, _ANY, version.id}


def _check(rule: Rule, loc: str) -> None:
    for field in ("frame_query", "sources_query", "label_rules"):
        if getattr(rule, field):
            raise _unknown(f"{loc}.{field}", "Frames are not searched here: leave it out.")
    if rule.filter_by_roi not in {None, "disabled", "label_rules"}:
        raise _unknown(f"{loc}.filter_by_roi", "Frames are not searched here: leave it out.")


def _unknown(loc: str, message: str) -> InvalidInput:
    msg = "The view asks for what is not part of Mattebox."
    return InvalidInput("not_part_of_mattebox", msg, [FieldError(loc, message)])


CALLS = {
    "get_next_for_dataview": Call("read", GetNext, get_next),
    "get_count_for_dataview": Call("read", GetCount, count),
}
