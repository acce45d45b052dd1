"""Server-sent events, read from chunks of bytes: no I/O."""

import codecs
from collections.abc import Iterator

import msgspec

from mattebox.answers import Event, FramesCounted, PreviewChanged, PreviewCounts


class ServerSentEvent(msgspec.Struct, frozen=True):
    """One event of a stream."""

    type: str
    data: str


class EventDecoder:
    """Cuts a stream into events, and keeps what is needed to resume it."""

    def __init__(self) -> None:
        self.last_event_id: str | None = None
        self.retry_s = 1.0
        self.reset()

    def reset(self) -> None:
        """Forget the unfinished event of a stream that broke off."""
        self._text = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._buffer = ""
        self._id = self.last_event_id
        self._type = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Give the events that a chunk completes."""
        self._buffer += self._text.decode(chunk)
        *lines, self._buffer = self._buffer.split("\n")
        for line in lines:
            event = self._line(line.removesuffix("\r"))
            if event is not None:
                yield event

    def _line(self, line: str) -> ServerSentEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._type = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isdecimal():
            self.retry_s = int(value) / 1000
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        event = ServerSentEvent(self._type or "message", "\n".join(self._data)) if self._data else None
        self.last_event_id = self._id
        self._type = ""
        self._data = []
        return event


def read_event(event: ServerSentEvent) -> Event | None:
    """Read an event of a version's stream; None for a kind that this SDK does not know."""
    if event.type == "preview":
        return msgspec.json.decode(event.data, type=PreviewChanged)
    if event.type == "frames":
        return FramesCounted(msgspec.json.decode(event.data, type=PreviewCounts))
    return None
