"""Previews: one, many, and waiting for them."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from time import monotonic
from typing import Unpack

from mattebox import _requests as requests
from mattebox._protocol import Answer, Request
from mattebox._sse import EventDecoder, read_event
from mattebox.aio._transport import Transport
from mattebox.answers import Event, IndexMap, Preview, PreviewCounts, PreviewStatus
from mattebox.errors import PreviewPending, ServerUnavailable, UnexpectedAnswer
from mattebox.previews import IndexMapOptions, PreviewOptions
from mattebox.statistics import VersionStatistics

LONG_POLL_S = 25.0
"""A little less than the 30 s that the API allows, so that the answer comes before anything in between gives up."""

FASTEST_LOOK_S = 0.1
SLOWEST_LOOK_S = 2.0


class PreviewCalls:
    """The calls of `Client` about previews."""

    _transport: Transport

    async def preview(
        self, version_id: str, frame_id: str, *, timeout: float = 120.0, **options: Unpack[PreviewOptions]
    ) -> Preview:
        """Give a preview, waiting up to `timeout` seconds until it is drawn.

        Raises:
            PreviewFailed: it can never be drawn as things are; `code` says why.
            PreviewPending: it took longer.
            NotFound, Invalid: no such frame, source or mask; options out of range.
        """
        return await self._drawn(
            lambda wait_s: requests.preview(version_id, frame_id, options, wait_s=wait_s),
            monotonic() + timeout,
            f"The preview of frame {frame_id!r} was not drawn within {timeout:g} s.",
        )

    async def index_map(
        self, version_id: str, frame_id: str, mask: str, *, timeout: float = 120.0, **options: Unpack[IndexMapOptions]
    ) -> IndexMap:
        """Give which entry of the mapping each pixel of a preview belongs to in one mask, and the legend of entries.

        Raises:
            PreviewFailed: source or mask cannot be read; `code` says why.
            PreviewPending: it took longer than `timeout` seconds.
            NotFound, Invalid: no such frame, source or mask; a size out of range.
        """
        deadline = monotonic() + timeout
        late = f"The index map of frame {frame_id!r} was not drawn within {timeout:g} s."
        while True:
            drawn = await self._drawn(
                lambda wait_s: requests.index_map(version_id, frame_id, mask, options, wait_s=wait_s), deadline, late
            )
            status = await self._transport.call(requests.preview_status(version_id, frame_id, options))
            for legend in status.index:
                if legend.key == drawn.key:
                    return IndexMap(drawn.body, drawn.key, legend)
            # Labels or masks changed in between: the legend is that of another map.
            if monotonic() >= deadline:
                raise PreviewPending(late)

    async def _drawn(self, request_of: Callable[[float], Request[bytes]], deadline: float, late: str) -> Preview:
        while True:
            request = request_of(min(LONG_POLL_S, max(0.0, deadline - monotonic())))
            answer = await self._transport.send(request)
            if answer.status == 200:
                return _preview(request, answer)
            if monotonic() >= deadline:
                raise PreviewPending(late)
            # A registry that answers before the wait is over must not be asked in a tight loop.
            await asyncio.sleep(FASTEST_LOOK_S)

    async def preview_status(self, version_id: str, frame_id: str, **options: Unpack[PreviewOptions]) -> PreviewStatus:
        """Tell how a preview stands, with the mask report once it is drawn."""
        return await self._transport.call(requests.preview_status(version_id, frame_id, options))

    async def report(
        self, version_id: str, frame_id: str, *, timeout: float = 120.0, **options: Unpack[PreviewOptions]
    ) -> PreviewStatus:
        """Tell how a preview stands, with its mask report, waiting up to `timeout` seconds until it is drawn.

        Raises what `preview` raises.
        """
        deadline = monotonic() + timeout
        while True:
            await self.preview(version_id, frame_id, timeout=max(0.0, deadline - monotonic()), **options)
            status = await self.preview_status(version_id, frame_id, **options)
            if status.state != "pending":
                return status
            # The picture may be there a moment before the registry has taken note of it.
            if monotonic() >= deadline:
                raise PreviewPending(f"The report of frame {frame_id!r} did not come within {timeout:g} s.")
            await asyncio.sleep(FASTEST_LOOK_S)

    async def preview_statuses(self, version_id: str, frame_ids: Iterable[str]) -> dict[str, PreviewStatus]:
        """Tell how the default previews of frames stand, by frame id; frames that are not there are left out."""
        statuses: dict[str, PreviewStatus] = {}
        for batch in requests.id_batches(frame_ids):
            statuses |= (await self._transport.call(requests.preview_statuses(version_id, batch))).previews
        return statuses

    async def preview_counts(self, version_id: str) -> PreviewCounts:
        """Count the version's frames by the state of their default preview."""
        return await self._transport.call(requests.preview_counts(version_id))

    async def statistics(self, version_id: str, *, timeout: float = 120.0) -> VersionStatistics:
        """Give the pixels, share and frames of each label over the version, by mask, and of what nothing declares.

        The registry counts in the background: what is given after `timeout` seconds is what is known by then, as its
        `complete` and `current` tell. Raises NotFound.
        """
        deadline = monotonic() + timeout
        pause_s = FASTEST_LOOK_S
        while True:
            found = await self._transport.call(requests.statistics(version_id))
            if (found.complete and found.current) or monotonic() >= deadline:
                return found
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, SLOWEST_LOOK_S)

    async def refresh(self, version_id: str, frame_id: str, **options: Unpack[PreviewOptions]) -> None:
        """Draw a preview again, because its files changed under the same URI or it failed."""
        await self._transport.call(requests.refresh(version_id, frame_id, options))

    async def wait_for_previews(
        self,
        version_id: str,
        *,
        on_progress: Callable[[PreviewCounts], None] | None = None,
        timeout: float | None = None,
    ) -> PreviewCounts:
        """Wait until no default preview of the version is pending, telling the counts each time they are looked at.

        Raises:
            PreviewPending: it took longer than `timeout` seconds.
        """
        deadline = None if timeout is None else monotonic() + timeout
        pause_s = FASTEST_LOOK_S
        while True:
            counts = await self.preview_counts(version_id)
            if on_progress:
                on_progress(counts)
            if not counts.pending:
                return counts
            if deadline is not None and monotonic() >= deadline:
                raise PreviewPending(f"{counts.pending} previews were not drawn within {timeout:g} s.")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, SLOWEST_LOOK_S)

    async def events(self, version_id: str, *, last_event_id: str | None = None) -> AsyncIterator[Event]:
        """Give each change of a default preview and of the counts as it happens, without end.

        A connection that breaks is made again where it ended, so that no change of a preview is missed.

        Raises:
            NotFound: no such version.
            ServerUnavailable: the registry stayed away for longer than the retry policy waits.
        """
        decoder = EventDecoder()
        decoder.last_event_id = last_event_id
        while True:
            request = requests.events(version_id, decoder.last_event_id)
            try:
                async with self._transport.stream(request) as chunks:
                    async for event in _events(decoder, chunks):
                        yield event
            except ServerUnavailable:
                # The retries are those of an ordinary call: a registry that is really gone raises from here.
                await self.preview_counts(version_id)
            decoder.reset()
            await asyncio.sleep(decoder.retry_s)


async def _events(decoder: EventDecoder, chunks: AsyncIterable[bytes]) -> AsyncIterator[Event]:
    async for chunk in chunks:
        for received in decoder.feed(chunk):
            event = read_event(received)
            if event is not None:
                yield event


def _preview(request: Request[bytes], answer: Answer) -> Preview:
    key = answer.headers.get("ETag", "").removeprefix("W/").strip('"')
    state = answer.headers.get("Mattebox-State", "ready")
    if not key or state not in ("ready", "partial"):
        raise UnexpectedAnswer(f"{request.line} was answered without the headers of a preview.", request=request.line)
    content_type = answer.headers.get("Content-Type", "application/octet-stream")
    return Preview(answer.body, content_type, key, "partial" if state == "partial" else "ready")
