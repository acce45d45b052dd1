"""Frames by state, carried by their version so that counting them costs nothing."""

from collections.abc import Mapping

from mattebox_registry.store.codes import STATES
from mattebox_registry.store.connection import Session


def add_counts(session: Session, version: int, frames: Mapping[int, int]) -> None:
    """Add so many frames, or fewer than none, to the states of these codes."""
    if any(frames.values()):
        session.run("add_counts", *(frames.get(state, 0) for state in range(len(STATES))), version)


def move_frame(session: Session, version: int, old: int, new: int) -> None:
    """One frame went from one state to another."""
    if old != new:
        add_counts(session, version, {old: -1, new: 1})
