"""Reduced previews look as if composed at full resolution and then reduced."""

import numpy as np
import pytest

from mattebox_renderer.render.scale import preview_size
from support.masks import blocks, drawn, encoded, labelled, matte, noise, pixels
from support.naive import NaiveEntry, NaiveMask, area_average, compose, open_copy

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


REDUCTIONS = [(640, 480, 160), (480, 360, 320), (333, 250, 100), (97, 400, 57), (64, 64, 63), (700, 20, 64)]
ENTRIES = [NaiveEntry(1, (250, 10, 10)), NaiveEntry(2, (10, 250, 10), 0.3), NaiveEntry(3, WHITE, ignore=True)]


@pytest.mark.parametrize(("width", "height", "size"), REDUCTIONS)
def test_a_reduced_preview_is_the_average_of_the_full_one(width: int, height: int, size: int) -> None:
    """Over a flat source the area average of the naive full-size composition, but for rounding."""
    ids = encoded(blocks(width, height, [0, 1, 2, 3]))
    source = encoded(np.full((height, width, 3), 100, np.uint8))
    full, _ = compose(open_copy(source), [NaiveMask(open_copy(ids), "segmentation", 0.6, "auto", None, ENTRIES)])
    preview = drawn(source, labelled(ids, ENTRIES), size=size)
    expected = area_average(full, preview.width, preview.height)
    assert np.abs(pixels(preview) - expected).max() <= 1


@pytest.mark.parametrize(("width", "height", "size"), REDUCTIONS)
def test_paint_of_one_opacity_lies_on_a_detailed_picture_as_at_full_size(width: int, height: int, size: int) -> None:
    """Picture and paint are reduced by the same areas, so nothing shifts between them."""
    ids, source = encoded(blocks(width, height, [1, 2])), encoded(noise(width, height))
    entries = [NaiveEntry(1, (250, 10, 10)), NaiveEntry(2, (10, 250, 10))]
    full, _ = compose(open_copy(source), [NaiveMask(open_copy(ids), "segmentation", 0.6, "auto", None, entries)])
    preview = drawn(source, labelled(ids, entries), size=size)
    expected = area_average(full, preview.width, preview.height)
    assert np.abs(pixels(preview) - expected).max() <= 2


@pytest.mark.parametrize(("opacity", "tint"), [(1.0, None), (0.6, None), (0.8, (0, 255, 40))])
def test_a_reduced_matte_shows_the_average_of_what_it_shows_at_full_size(
    opacity: float, tint: tuple[int, int, int] | None
) -> None:
    """Over a background, with a colour blended in or without."""
    source, alpha = encoded(noise(90, 70)), encoded(noise(90, 70, channels=1, seed=1))
    full, _ = compose(open_copy(source), [NaiveMask(open_copy(alpha), "alpha", opacity, tint=tint)], (20, 200, 90))
    color = None if tint is None else "#{:02x}{:02x}{:02x}".format(*tint)
    preview = drawn(source, matte(alpha, opacity=opacity, tint=color), size=37, background="#14c85a")
    assert np.abs(pixels(preview) - area_average(full, preview.width, preview.height)).max() <= 1.5


@pytest.mark.parametrize("size", [(89, 70), (90, 71), (45, 35), (180, 140), (40, 200)])
@pytest.mark.parametrize("count", [1, 2])
def test_a_matte_of_another_size_is_stretched_and_reduced_with_the_picture(size: tuple[int, int], count: int) -> None:
    """One pixel off, half, twice, and of another shape."""
    source, alpha = encoded(np.full((70, 90, 3), 200, np.uint8)), encoded(blocks(*size, [0, 90, 255]))
    full, _ = compose(open_copy(source), [NaiveMask(open_copy(alpha), "alpha", 1.0)])
    preview = drawn(source, *[matte(alpha, str(i)) for i in range(count)], size=45)
    assert np.abs(pixels(preview) - area_average(full, preview.width, preview.height)).max() <= 1.5


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
