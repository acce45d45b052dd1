"""Frames by state, carried by their version so that counting them costs nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import json

from mattebox_registry.store.codes import STATES
from mattebox_registry.store.connection import Session


def add_counts(session: Session, version: int, frames: Mapping[int, int], now: str | None = None) -> None:
    """Add so many frames, or fewer than none, to the states of these codes; `now` where the version changed by it."""
    if now is not None or any(frames.values()):
        session.run("add_counts", *(frames.get(state, 0) for state in range(len(STATES))), now, version)


def add_hidden_counts(session: Session, version: int, frames: Mapping[int, int]) -> None:
    """Let a version hide so many frames more, or fewer, of the states of these codes."""
    if any(frames.values()):
        session.run("add_hidden_counts", *(frames.get(state, 0) for state in range(len(STATES))), version)


class Move(NamedTuple):
    """A row that went from one state to another."""

    frame: int
    old: int
    new: int


def follow_moves(session: Session, moves: Sequence[Move]) -> None:
    """Let the versions that hide a row count it under the state that it has now."""
    if not moves:
        return
    hiders: defaultdict[int, list[int]] = defaultdict(list)
    for frame, version in session.rows("hiders_of_frames", json.encode([move.frame for move in moves]).decode()):
        hiders[frame].append(version)
    if not hiders:
        return
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for move in moves:
        for version in hiders.get(move.frame, ()):
            counts[version].update({move.old: -1})
            counts[version].update({move.new: 1})
    for version, moved in counts.items():
        add_hidden_counts(session, version, moved)


def move_frame(session: Session, version: int, move: Move) -> None:
    """One frame of a version went from one state to another."""
    if move.old != move.new:
        add_counts(session, version, {move.old: -1, move.new: 1})
        follow_moves(session, [move])
