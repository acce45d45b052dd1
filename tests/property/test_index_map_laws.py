"""Any mask's index map is what an independent look at each pixel gives."""

import io
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mattebox_renderer.outcome import Drawn, Wish
from mattebox_renderer.render import draw
from mattebox_renderer.render.index_map import sample
from mattebox_renderer.render.runs import find_runs
from mattebox_renderer.render.scale import stretch
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec, index_spec
from mattebox_runtime.tables import strip_paint, table_digest
from support.masks import VOID, encoded, packed_table, table_entry
from support.naive import NaiveEntry, NaiveMask, alpha_plane, area_average, read_labels, stretched

SIDES = st.integers(1, 12)
COLORS = st.tuples(*[st.integers(0, 255)] * 3)
OPACITIES = st.floats(0, 1, width=32)
VALUES = [(0, 0, 0), (1, 1, 1), (200, 3, 9), (9, 9, 9), (200, 3, 9, 7), (1, 1, 1, 255), 0, 1, 2, 300, 65535, 591_816]
ENTRIES = st.lists(
    st.builds(NaiveEntry, st.sampled_from(VALUES), COLORS, OPACITIES, st.booleans(), st.booleans()),
    max_size=7,
    unique_by=lambda entry: (entry.value,) * 3 if isinstance(entry.value, int) else entry.value,
)
PALETTE = np.array([(0, 0, 0), (200, 3, 9), (9, 9, 9), (2, 2, 2)], np.uint8)


@st.composite
def masks(draw_value: st.DrawFn) -> tuple[Image.Image, str]:
    """A tiny mask of few values, and an encoding that it can have."""
    form = draw_value(st.sampled_from(["1", "L", "P", "RGB", "RGBA", "I;16", "I"]))
    rng = np.random.default_rng(draw_value(st.integers(0, 999)))
    ids = rng.integers(0, 4, (draw_value(SIDES), draw_value(SIDES)))
    encodings = ["auto", "rgb", "index"]
    match form:
        case "1":
            image = Image.fromarray(ids > 1)
        case "I;16":
            image = Image.fromarray(np.array([0, 1, 300, 65535], np.uint16)[ids])
        case "I":
            image = Image.fromarray(np.array([0, 1, 300, 65535], np.int32)[ids])
        case "P":
            image = Image.fromarray(ids.astype(np.uint8))
            image.putpalette(PALETTE.tobytes())
        case "RGBA":
            alpha = np.array([255, 7, 255, 0], np.uint8)[rng.integers(0, 4, ids.shape)]
            image = Image.fromarray(np.dstack([PALETTE[ids], alpha]))
            encodings.append("rgba")
        case "RGB":
            image = Image.fromarray(PALETTE[ids])
            encodings.append("panoptic")
        case _:
            image = Image.fromarray(ids.astype(np.uint8))
    return image, draw_value(st.sampled_from(encodings))


def draw_map(
    source: tuple[int, int], mask: Image.Image, size: int | None, entries: list[NaiveEntry], **fields: Any
) -> Drawn:
    """Draw the index map of a mask over a source of `source` size."""
    table = packed_table(entries)
    bare = strip_paint(table)
    wanted = MaskSpec("m", "file:///m", opacity=0.3, table=table_digest(table), **{"mode": "segmentation"} | fields)
    spec = index_spec(SourceSpec("file:///s"), wanted, size, table_digest(bare))
    form = "TIFF" if mask.mode == "I" else "PNG"
    picture = encoded(Image.new("RGB", source))
    return draw(spec, picture, [encoded(mask, form)], {table_digest(bare): bare})


def samples(drawn: Drawn) -> np.ndarray:
    """Decode a map, (h, w)."""
    with Image.open(io.BytesIO(drawn.body)) as image:
        assert image.format == "PNG"
        return np.asarray(image)


@given(st.tuples(SIDES, SIDES), masks(), ENTRIES, st.none() | st.integers(1, 14))
def test_each_pixel_is_the_index_of_the_entry_at_its_centre(
    source: tuple[int, int], mask: tuple[Image.Image, str], entries: list[NaiveEntry], size: int | None
) -> None:
    """In the order of the table, 0 where nothing is declared; neither hiding nor ignoring changes anything."""
    image, encoding = mask
    drawn = draw_map(source, image, size, entries, encoding=encoding)
    in_order = sorted(entries, key=lambda entry: (table_entry(entry).kind, table_entry(entry).value))
    labels, _ = read_labels(NaiveMask(image, "segmentation", encoding=encoding, entries=in_order))
    indices = np.arange(len(in_order) + 1)
    height, width = (drawn.height, drawn.width)
    assert max(height, width) == (max(source) if size is None else min(size, max(source)))
    np.testing.assert_array_equal(samples(drawn), stretched(indices[labels + 1], height, width))


@given(st.tuples(SIDES, SIDES), masks(), st.none() | st.integers(1, 14))
def test_the_map_of_an_alpha_mask_is_its_opacity(
    source: tuple[int, int], mask: tuple[Image.Image, str], size: int | None
) -> None:
    """As it is at full size; where it is smaller, each pixel lies between the least and the most under it."""
    image, _ = mask
    if image.mode == "I":
        image = image.convert("L")
    drawn = draw_map(source, image, size, [], mode="alpha")
    found = samples(drawn).astype(float)
    plane = np.rint(alpha_plane(image) * 255)
    if (drawn.width, drawn.height) == source:
        np.testing.assert_allclose(found, stretched(plane, drawn.height, drawn.width), atol=1)
    elif image.width % drawn.width == 0 and image.height % drawn.height == 0:
        averaged = area_average(plane[..., None], drawn.width, drawn.height)[..., 0]
        np.testing.assert_allclose(found, averaged, atol=1)
    assert plane.min() <= found.min()
    assert found.max() <= plane.max()


@given(SIDES, SIDES, st.tuples(SIDES, SIDES), st.integers(0, 999))
def test_runs_are_sampled_as_their_pixels_are(height: int, width: int, size: tuple[int, int], seed: int) -> None:
    """Larger, smaller or both: what `stretch` takes of the array."""
    pixels = np.random.default_rng(seed).integers(0, 3, (height, width), dtype=np.uint8)
    runs = find_runs(lambda top, bottom: pixels[top:bottom], pixels.shape)
    np.testing.assert_array_equal(sample(runs, runs.values, size), stretch(pixels, size))


@given(ENTRIES, ENTRIES)
def test_the_paint_of_a_table_does_not_change_its_bare_form(
    entries: list[NaiveEntry], others: list[NaiveEntry]
) -> None:
    """Tables of the same values and ignored ones are bare alike, whatever their colours; others are not."""
    bare = strip_paint(packed_table(entries))
    repainted = [NaiveEntry(e.value, (1, 2, 3), 0.25, e.ignore, not e.hidden) for e in entries]
    assert strip_paint(packed_table(repainted)) == bare
    same = {(e.value, e.ignore) for e in entries} == {(e.value, e.ignore) for e in others}
    if VOID not in (bare, strip_paint(packed_table(others))):
        assert (strip_paint(packed_table(others)) == bare) == same


@given(st.tuples(SIDES, SIDES), masks(), ENTRIES, st.integers(1, 14))
def test_a_map_made_beside_a_preview_is_the_one_that_is_made_alone(
    source: tuple[int, int], mask: tuple[Image.Image, str], entries: list[NaiveEntry], size: int
) -> None:
    """Byte for byte."""
    image, encoding = mask
    table = packed_table(entries)
    wanted = MaskSpec("m", "file:///m", "segmentation", 0.6, encoding=encoding, table=table_digest(table))  # type: ignore[arg-type]
    spec = RenderSpec(SourceSpec("file:///s"), (wanted,), size=size)
    content = encoded(image, "TIFF" if image.mode == "I" else "PNG")
    beside = draw(
        spec, encoded(Image.new("RGB", source)), [content], {table_digest(table): table}, wish=Wish(index_maps=True)
    )
    assert beside.index_maps == (draw_map(source, image, size, entries, encoding=encoding).body,)
