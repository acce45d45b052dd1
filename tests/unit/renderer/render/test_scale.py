"""Reduced previews look as if composed at full resolution and then reduced."""

import numpy as np
import pytest

from mattebox_renderer.render.scale import preview_size
from support.masks import blocks, drawn, encoded, labelled, matte, noise, pixels
from support.naive import NaiveEntry, NaiveMask, compose, open_copy

WHITE = (255, 255, 255)


def painted_over_black(mask: np.ndarray, source: tuple[int, int], size: int) -> np.ndarray:
    """Draw id 1 of a mask in opaque white."""
    black = np.zeros((source[1], source[0], 3), np.uint8)
    return pixels(drawn(encoded(black), labelled(encoded(mask), [NaiveEntry(1, WHITE)], opacity=1.0), size=size))


@pytest.mark.parametrize(
    ("source", "longest", "expected"),
    [((2048, 1024), 640, (640, 320)), ((3, 1000), 10, (1, 10)), ((1001, 667), 640, (640, 426)), ((5, 4), 640, (5, 4))],
)
def test_the_longest_side_is_the_size_and_nothing_is_enlarged(
    source: tuple[int, int], longest: int, expected: tuple[int, int]
) -> None:
    """The other side is rounded, and at least one pixel."""
    assert preview_size(source, longest) == expected


@pytest.mark.parametrize("position", range(8))
def test_a_pole_two_pixels_wide_is_one_unbroken_line_at_every_position(position: int) -> None:
    """At 640 of 2048 it is fainter, but as strong in every row, and never gone."""
    mask = np.zeros((64, 2048), np.uint8)
    mask[:, 999 + position : 1001 + position] = 1
    preview = painted_over_black(mask, (2048, 64), 640)
    strength = preview[..., 0].astype(int).sum(axis=1)
    assert np.abs(strength - 255 * 2 / 3.2).max() <= 3
    assert preview[..., 0].max(axis=1).min() >= 255 * 0.3


def test_a_slanted_line_of_one_pixel_does_not_break() -> None:
    """Every row of the preview holds some of it."""
    mask = np.zeros((900, 1200), np.uint8)
    mask[np.arange(900), (np.arange(900) * 1.3).astype(int)] = 1
    preview = painted_over_black(mask, (1200, 900), 200)
    assert preview[..., 0].max(axis=1).min() > 20


@pytest.mark.parametrize(("width", "height", "size"), [(640, 480, 160), (333, 250, 100), (97, 400, 57), (64, 64, 63)])
def test_a_reduced_preview_is_the_average_of_the_full_one(width: int, height: int, size: int) -> None:
    """Over a flat source the area average of the naive full-size composition, but for rounding."""
    ids = blocks(width, height, [0, 1, 2, 3])
    entries = [NaiveEntry(1, (250, 10, 10)), NaiveEntry(2, (10, 250, 10), 0.3), NaiveEntry(3, WHITE, ignore=True)]
    source = np.full((height, width, 3), 100, np.uint8)
    naive = NaiveMask(open_copy(encoded(ids)), "segmentation", 0.6, "auto", None, entries)
    full, _ = compose(open_copy(encoded(source)), [naive])
    preview = drawn(encoded(source), labelled(encoded(ids), entries), size=size)
    rows = averaging(height, preview.height, whole=True)
    columns = averaging(width, preview.width, whole=False)
    expected = np.stack([rows @ full[..., channel] @ columns.T for channel in range(3)], axis=-1)
    difference = np.abs(pixels(preview) - expected)
    assert difference.max() <= 20
    assert difference.mean() <= 2.5


def averaging(length: int, target: int, *, whole: bool) -> np.ndarray:
    """Give the (target, length) weights of an area average, of whole pixels by their middles or of their parts."""
    weights = np.zeros((target, length))
    for i in range(target):
        first, last = i * length / target, (i + 1) * length / target
        for j in range(length):
            inside = first <= j + 0.5 < last if whole else max(0.0, min(last, j + 1) - max(first, j))
            weights[i, j] = inside
    averages: np.ndarray = weights / weights.sum(axis=1, keepdims=True)
    return averages


def test_a_matte_takes_no_colour_from_behind_it() -> None:
    """A dark figure before a bright sky has no bright fringe when it is cut out and reduced."""
    alpha = np.zeros((300, 300), np.uint8)
    alpha[:, ::3] = 255
    photo = np.where(alpha[..., None] == 255, 20, 250).astype(np.uint8).repeat(3, axis=2)
    preview = pixels(drawn(encoded(photo), matte(encoded(alpha)), size=100))
    assert preview.max() <= 20


@pytest.mark.parametrize(("width", "outline"), [(40, 1), (37, 2), (23, 5)])
def test_outlines_run_along_the_inner_side_of_each_label(width: int, outline: int) -> None:
    """As the naive composition finds them pixel by pixel."""
    ids = blocks(width, 30, [0, 1, 2], seed=outline)
    entries = [NaiveEntry(1, (255, 0, 0)), NaiveEntry(2, (0, 0, 255), hidden=True)]
    source = noise(width, 30)
    naive = NaiveMask(open_copy(encoded(ids)), "segmentation", 0.3, "auto", None, entries)
    expected, _ = compose(open_copy(encoded(source)), [naive], outline=outline)
    preview = drawn(encoded(source), labelled(encoded(ids), entries, opacity=0.3), outline=outline)
    assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1


def test_a_mask_smaller_than_the_preview_is_stretched() -> None:
    """Its pixels become blocks with hard edges."""
    mask = np.array([[0, 1], [1, 0]], np.uint8)
    preview = painted_over_black(mask, (400, 400), 100)
    assert (preview[:50, 50:] == 255).all()
    assert (preview[:50, :50] == 0).all()
