"""Where the time of a job goes, seen from outside: Redis tells when each command of the way reached it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import redis

_MARKS = (
    ("published", "XADD mattebox:frames:"),
    ("begun", "GET mattebox:preview:"),
    ("cached", "SET mattebox:preview:"),
    ("settled", "XADD mattebox:previews:"),
)

STAGES = (
    ("answer to job in the stream", "answered", "published"),
    ("job in the stream to its start in the worker", "published", "begun"),
    ("fetch, draw in the child, cache", "begun", "cached"),
    ("picture in the cache to result in the stream", "cached", "settled"),
    ("result in the stream to event at the client", "settled", "told"),
)
"""What lies between two marks of a frame, in the order of its way; both ends are `time.time()`."""


class Seen(NamedTuple):
    """A command, and when Redis began with it."""

    at_s: float
    mark: str


@contextmanager
def watched(socket: Path) -> Iterator[list[Seen]]:
    """Watch the server while the block runs; what was seen is in the list."""
    seen: list[Seen] = []
    with redis.Redis(unix_socket_path=str(socket), encoding_errors="replace") as client, client.monitor() as monitor:
        thread = threading.Thread(target=_watch, args=(monitor, seen), daemon=True)
        thread.start()
        yield seen


def _watch(monitor: redis.client.Monitor, seen: list[Seen]) -> None:
    # The server is stopped while it is watched.
    with suppress(redis.ConnectionError):
        for told in monitor.listen():  # type: ignore[no-untyped-call]  # redis-py left it out
            for mark, beginning in _MARKS:
                if told["command"].startswith(beginning):
                    seen.append(Seen(told["time"], mark))


def split(seen: Sequence[Seen], frames: Sequence[tuple[float, float]]) -> dict[str, list[float]]:
    """Milliseconds of each stage for frames that went one by one, given when each was answered and told."""
    taken: dict[str, list[float]] = {name: [] for name, _, _ in STAGES}
    for answered, told in frames:
        # The relay may be faster than the answer.
        marks = {mark: at for at, mark in seen if answered - 0.05 < at <= told}
        marks |= {"answered": answered, "told": told}
        for name, begin, end in STAGES:
            if begin in marks and end in marks:
                taken[name].append((marks[end] - marks[begin]) * 1000)
    return taken
