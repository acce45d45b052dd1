"""Poles and wires of two pixels in a frame of 2048 are faint unbroken lines in its preview, wherever they stand."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.masks import drawn, encoded, labelled, pixels
from support.naive import NaiveEntry

WHITE = (255, 255, 255)
SIDE = 2048
PHASES = 64
"""Pixels after which poles stand to the pixels of each of SIZES as before."""
SIZES = [128, 160, 256, 320, 480, 640]

Mask = npt.NDArray[np.uint8]


def reduced(mask: Mask, size: int) -> npt.NDArray[np.int64]:
    """Draw id 1 in opaque white over black; give the brightness of a preview `size` wide."""
    height, width = mask.shape
    black = encoded(np.zeros((height, width, 3), np.uint8), compress_level=1)
    longest = size * max(height, width) // width
    preview = drawn(black, labelled(encoded(mask), [NaiveEntry(1, WHITE)], opacity=1.0), size=longest)
    return pixels(preview)[..., 0].astype(np.int64)


def sampled(mask: Mask, size: int) -> npt.NDArray[Any]:
    """Take the nearest id for each pixel, as previews are often made."""
    height, width = mask.shape
    rows, columns = ((2 * np.arange(n * size // width) + 1) * width // (2 * size) for n in (height, width))
    return np.asarray(mask[rows][:, columns])


def poles(height: int) -> Mask:
    """One pole above the other, each a pixel farther to the right than the one above."""
    mask = np.zeros((PHASES * height, SIDE), np.uint8)
    for phase in range(PHASES):
        mask[phase * height : (phase + 1) * height, 991 + phase : 993 + phase] = 1
    return mask


@pytest.mark.parametrize("size", SIZES)
def test_a_pole_is_one_unbroken_line_at_every_position(size: int) -> None:
    """It is fainter, but as strong in every row, and never gone."""
    lines = reduced(poles(height=PHASES), size)
    assert np.abs(lines.sum(axis=1) - 255 * 2 * size / SIDE).max() <= 1
    assert lines.max(axis=1).min() >= 255 * size / SIDE - 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("position", range(0, PHASES, 7))
def test_a_wire_is_one_unbroken_line(position: int, size: int) -> None:
    """What holds along rows holds down columns."""
    mask = np.zeros((SIDE, PHASES), np.uint8)
    mask[991 + position : 993 + position] = 1
    lines = reduced(mask, size * PHASES // SIDE)
    assert np.abs(lines.sum(axis=0) - 255 * 2 * size / SIDE).max() <= 1
    assert lines.max(axis=0).min() >= 255 * size / SIDE - 1


@given(st.floats(100, 1900), st.floats(-0.9, 0.9), st.sampled_from(SIZES))
@settings(max_examples=40)
def test_a_leaning_pole_does_not_break(foot: float, lean: float, size: int) -> None:
    """Every row holds as much of it as any other, and what a row holds touches what the next one holds."""
    rows = np.arange(64)
    mask = np.zeros((64, SIDE), np.uint8)
    begins = (foot + lean * rows).astype(int)
    mask[rows, begins] = mask[rows, begins + 1] = 1
    lines = reduced(mask, size)
    assert np.abs(lines.sum(axis=1) - 255 * 2 * size / SIDE).max() <= 2
    for row, below in pairwise(lines):
        distances = np.flatnonzero(row)[:, None] - np.flatnonzero(below)[None, :]
        assert np.abs(distances).min() <= 1


def test_sampling_would_lose_poles_or_break_them() -> None:
    """Why ids are not sampled: at 640 six poles of sixteen would be gone, and a leaning one would be dashes."""
    thickness = sampled(poles(height=PHASES), 640).sum(axis=1)
    of_each_pole = thickness.reshape(PHASES, -1)[:16]
    assert sorted(set(of_each_pole[:, 0].tolist())) == [0, 1]
    assert int((of_each_pole == 0).all(axis=1).sum()) == 6
    leaning = np.zeros((1024, SIDE), np.uint8)
    rows = np.arange(1024)
    leaning[rows, 900 + rows // 7] = leaning[rows, 901 + rows // 7] = 1
    broken = (sampled(leaning, 640) == 0).all(axis=1)
    assert 0.3 < broken.mean() < 0.45
    assert (reduced(leaning, 640).max(axis=1) > 0).all()
