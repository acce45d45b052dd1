"""Where the command line writes: results to standard output, everything else to standard error."""

from enum import IntEnum
from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from mattebox.answers import PreviewCounts
from mattebox.reasons import PreviewState

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

STATE_STYLES: dict[PreviewState, str] = {
    "pending": "yellow",
    "ready": "green",
    "partial": "dark_orange",
    "failed": "red",
    "unsupported": "magenta",
}


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    INCOMPLETE = 1
    """It did its work, but some frames or previews failed."""
    USAGE = 2
    """Wrong arguments, or files that cannot be used."""
    REFUSED = 3
    """The registry did not answer, or refused."""
    INTERRUPTED = 130


def print_json(value: Any) -> None:
    """Write a result for programs."""
    print(msgspec.json.format(msgspec.json.encode(value)).decode())  # noqa: T201 - rich would wrap and colour it


def print_error(message: str) -> None:
    """Write what went wrong and what to do next."""
    err.print(Text("error: ", style="bold red") + Text(message), soft_wrap=True)


def print_note(message: str) -> None:
    """Write a remark that needs no action."""
    err.print(Text("note: ", style="bold yellow") + Text(message), soft_wrap=True)


def counted(count: int, noun: str) -> str:
    """Spell a number with its noun: `1 image`, `60 images`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def day_of(time: str) -> str:
    """Shorten an RFC 3339 time to its day."""
    return time.partition("T")[0]


def state_counts(counts: PreviewCounts) -> Text:
    """Spell the counts that are not zero: `58 ready · 1 partial · 1 failed`."""
    return Text(" · ").join(
        Text(f"{count:,} {state}", style=STATE_STYLES[state]) for state, count in counts.by_state().items() if count
    )
