"""Reading server-sent events."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mattebox._sse import EventDecoder, ServerSentEvent, read_event
from mattebox.answers import FramesCounted, PreviewChanged, PreviewCounts

STREAM = (
    b"retry: 2000\nid: 41\nevent: frames\ndata: {}\n\n: heartbeat\n\n"
    b'id: 42\r\nevent: preview\r\ndata: {"frame_id": "\xc3\xbc"}\r\n\r\n'
    b"data: a\ndata:b\n\nid: 43\nevent: cut off\ndata: x\n"
)


def test_a_stream_is_cut_into_its_events() -> None:
    """Heartbeats are no events, several data lines are one text, what is not finished is not told."""
    decoder = EventDecoder()
    assert list(decoder.feed(STREAM)) == [
        ServerSentEvent("frames", "{}"),
        ServerSentEvent("preview", '{"frame_id": "ü"}'),
        ServerSentEvent("message", "a\nb"),
    ]
    assert decoder.retry_s == 2


def test_only_a_complete_event_moves_the_place_to_resume_at() -> None:
    """An event that broke off comes again."""
    decoder = EventDecoder()
    list(decoder.feed(STREAM))
    assert decoder.last_event_id == "42"
    decoder.reset()
    assert [event.data for event in decoder.feed(b"data: fresh\n\n")] == ["fresh"]
    assert decoder.last_event_id == "42"


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_where_the_chunks_end_does_not_matter(cuts: list[int]) -> None:
    """A network may split anything anywhere, characters too."""
    edges = [0, *sorted(cuts), len(STREAM)]
    decoder = EventDecoder()
    pieces = [STREAM[start:end] for start, end in pairwise(edges)]
    events = [event for piece in pieces for event in decoder.feed(piece)]
    assert events == list(EventDecoder().feed(STREAM))


def test_known_kinds_are_typed_and_others_are_passed_over() -> None:
    """A newer registry may tell more than an older SDK knows."""
    changed = ServerSentEvent("preview", '{"frame_id": "1", "state": "ready", "key": "ab", "new": 1}')
    assert read_event(changed) == PreviewChanged("1", "ready", "ab")
    assert read_event(ServerSentEvent("frames", '{"ready": 3}')) == FramesCounted(PreviewCounts(ready=3))
    assert read_event(ServerSentEvent("weather", "sunny")) is None
