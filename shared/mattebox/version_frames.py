"""The frames of a version: adding, changing, deleting and reading them."""

import contextlib
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from concurrent.futures import Future, wait
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from mattebox._requests import FrameLine
from mattebox.answers import StoredFrame
from mattebox.client import Client
from mattebox.frame import SingleFrame
from mattebox.frame_group import FrameGroup, FrameOrGroup, read_frame
from mattebox.frame_registered import Origin
from mattebox.models import Frame
from mattebox.progress import progress_bar
from mattebox.reasons import PreviewState

if TYPE_CHECKING:
    from mattebox import aio
    from mattebox.frame_batches import AnyFrame, Batch, FailedFrame
    from mattebox.frame_sending import Sending

MAX_BATCH = 1000


class WithoutEffect(TypedDict, total=False):
    """What programs written for ClearML set to tune it; taken, and nothing depends on it."""

    refresh_version_stats: bool
    warn_on_duplicate_frames: bool
    force_upload: bool
    progress_report: int
    max_request_size_mb: float
    unregister_on_upload_fail: bool


class SendOptions(WithoutEffect, total=False):
    """How frames are sent, as `add_frames` says."""

    batch_size: int
    auto_upload_destination: str | bool | None
    local_dataset_root_path: str | Path | None
    upload_retries: int
    progress: bool


class VersionFrames:
    """What `DatasetVersion` can do with its frames."""

    def __init__(self, client: Client, origin: Origin) -> None:
        self._client = client
        self._origin = origin

    def add_frames(
        self,
        frames: "Iterable[AnyFrame] | AnyFrame",
        *,
        batch_size: int = MAX_BATCH,
        auto_upload_destination: str | bool | None = None,
        local_dataset_root_path: str | Path | None = None,
        upload_retries: int = 5,
        progress: bool = True,
        **without_effect: Unpack[WithoutEffect],
    ) -> "list[FailedFrame]":
        """Store frames, any number of them, and give those that failed: each with its `error` and `error_type`.

        A frame whose id is known replaces the one that is there. Local files are uploaded to the registry, which
        keeps the same bytes once; what is a URI is registered as it is. `auto_upload_destination=False` registers
        local files as `file://` URIs instead, for renderers that see the same disks. Uploads are named by their path
        below `local_dataset_root_path`, which without it is the file's name alone.

        Raises:
            Conflict: the version is published.
            ServerUnavailable, Unauthorized, Forbidden: nothing more can be sent; what was stored before stays.
        """
        # What sends them loads the event loop.
        from mattebox.frame_batches import take_batches  # noqa: PLC0415
        from mattebox.frame_sending import Sending  # noqa: PLC0415

        _refuse_unknown(without_effect)
        _tell_destination(auto_upload_destination, self._client)
        alone = isinstance(frames, SingleFrame | Frame | Mapping)
        given = iter([cast("AnyFrame", frames)] if alone else cast("Iterable[AnyFrame]", frames))
        root = None if local_dataset_root_path is None else Path(local_dataset_root_path)
        how = Sending(self._origin.version_id, root, auto_upload_destination is not False, upload_retries + 1)
        failed: list[FailedFrame] = []
        with progress_bar("adding frames", _length(frames), wanted=progress) as advance:
            for batch, lost in _arriving(self._client, how, take_batches(given, min(batch_size, MAX_BATCH))):
                failed += lost
                self._take_in(batch, lost)
                advance(len(batch.frames))
        return failed

    def update_frames(
        self, frames: "Iterable[AnyFrame] | AnyFrame", **options: "Unpack[SendOptions]"
    ) -> "list[FailedFrame]":
        """Store changed frames; the same as `add_frames`: one whose id is not known is new."""
        return self.add_frames(frames, **options)

    def delete_frames(
        self, frames: Iterable[FrameOrGroup | str] | FrameOrGroup | str, **without_effect: Unpack[WithoutEffect]
    ) -> int:
        """Delete frames, given themselves or by id, and tell how many were there. Raises Conflict."""
        _refuse_unknown(without_effect)
        # A group is iterable too: over the names of its sources, which may be ids of other frames.
        several = [frames] if isinstance(frames, SingleFrame | FrameGroup | str) else frames
        ids = [frame if isinstance(frame, str) else frame.id for frame in several]
        return self._client.run(lambda calls: calls.delete_frames(self._origin.version_id, ids))

    def get_frames(
        self, *, context_id: str | None = None, state: PreviewState | None = None, limit: int | None = None
    ) -> list[FrameOrGroup]:
        """List frames by context, timestamp and id: all, those of a context, or those whose preview is in a state."""
        return list(islice(self.get_iterator(context_id=context_id, state=state), limit))

    def get_iterator(
        self, *, context_id: str | None = None, state: PreviewState | None = None
    ) -> Iterator[FrameOrGroup]:
        """Give frames one after another, page by page; the order and choice are those of `get_frames`."""
        origin = self._origin
        found = self._client.iterate(
            lambda calls: calls.frames(self._origin.version_id, context_id=context_id, state=state)
        )
        with contextlib.closing(found):
            for frame in found:
                yield read_frame(frame.document, origin)

    def __iter__(self) -> Iterator[FrameOrGroup]:
        return self.get_iterator()

    def get_frames_by_ids(self, frame_ids: Iterable[str]) -> list[FrameOrGroup]:
        """Give frames by their ids, in the order given. Raises NotFound."""

        async def fetch(calls: "aio.Client") -> list[StoredFrame]:
            return [await calls.frame(self._origin.version_id, frame_id) for frame_id in frame_ids]

        origin = self._origin
        return [read_frame(frame.document, origin) for frame in self._client.run(fetch)]

    def _take_in(self, batch: "Batch", lost: "Sequence[FailedFrame]") -> None:
        failed = {id(failure["frame"]) for failure in lost}
        for frame, line in zip(*batch, strict=True):
            if isinstance(frame, _OURS) and isinstance(line, FrameLine) and id(frame) not in failed:
                frame._enter(self._origin, line.id or frame.id)


_OURS = (SingleFrame, FrameGroup)


def _arriving(
    client: Client, how: "Sending", batches: "Iterable[Batch]"
) -> "Iterator[tuple[Batch, list[FailedFrame]]]":
    """Send batches, some on their way while the next is drawn; give each with what failed of it, in order."""
    from mattebox.aio._deliveries import ON_WAY  # noqa: PLC0415
    from mattebox.frame_sending import Sender  # noqa: PLC0415

    sender = Sender(how)
    on_way: deque[tuple[Batch, Future[list[FailedFrame]]]] = deque()
    try:
        for batch in batches:
            if len(on_way) == ON_WAY:
                yield on_way[0][0], on_way[0][1].result()
                on_way.popleft()
            on_way.append((batch, client.start(partial(sender.send, batch=batch))))
        while on_way:
            yield on_way[0][0], on_way[0][1].result()
            on_way.popleft()
    except Exception:
        # Whoever makes the frames failed: what is on its way arrives all the same.
        wait([sent for _, sent in on_way])
        raise
    except BaseException:
        for _, sent in on_way:
            sent.cancel()
        raise


def _tell_destination(destination: str | bool | None, client: Client) -> None:
    if isinstance(destination, str) and not client.url.startswith(destination.rstrip("/")):
        # Their bucket is not ours to write to from here, but whoever names it should know that nothing arrives there.
        warnings.warn(f"Files go to the registry at {client.url}, not to {destination}.", stacklevel=3)


def _refuse_unknown(given: Mapping[str, object]) -> None:
    unknown = given.keys() - WithoutEffect.__annotations__.keys()
    if unknown:
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")


def _length(frames: object) -> int | None:
    return len(frames) if isinstance(frames, Sized) else None
