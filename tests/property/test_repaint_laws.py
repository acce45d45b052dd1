"""A preview painted anew from what was kept of another is the one that is drawn from its files, byte for byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mattebox_renderer.outcome import DrawRefused, Wish
from mattebox_renderer.render import draw
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec
from mattebox_runtime.tables import table_digest
from support.masks import blocks, encoded, noise, packed_table
from support.naive import NaiveEntry

SIDES = st.integers(1, 40)
COLORS = st.tuples(*[st.integers(0, 255)] * 3)
HEX = COLORS.map(lambda color: "#{:02x}{:02x}{:02x}".format(*color))
OPACITIES = st.floats(0, 1, width=32)
VALUES = (0, 1, 2, 3, 5)
KEEP, REPAINT = Wish(keep=True), Wish(repaint=True)


@st.composite
def paints(draw_value: st.DrawFn) -> list[NaiveEntry]:
    """The same values in any colours, some of them hidden; 3 is ignored, 5 is not declared."""
    return [
        NaiveEntry(value, draw_value(COLORS), draw_value(OPACITIES), value == 3, draw_value(st.booleans()))
        for value in VALUES[:4]
    ]


@st.composite
def specs(draw_value: st.DrawFn, masks: int, size: int | None) -> tuple[RenderSpec, dict[bytes, bytes]]:
    """A preview of segmentation masks over an alpha mask, and its tables."""
    tables = [packed_table(draw_value(paints())) for _ in range(masks)]
    labelled = [
        MaskSpec(f"m{i}", "file:///m", "segmentation", draw_value(OPACITIES), table=table_digest(table))
        for i, table in enumerate(tables)
    ]
    spec = RenderSpec(
        SourceSpec("file:///s"),
        (MaskSpec("a", "file:///a", "alpha", 0.75), *labelled),
        size=size,
        format=draw_value(st.sampled_from(["webp", "jpeg", "png"])),
        unmapped=draw_value(st.none() | HEX),
    )
    return spec, {table_digest(table): table for table in tables}


@st.composite
def pairs(draw_value: st.DrawFn) -> list[tuple[RenderSpec, dict[bytes, bytes]]]:
    """Two previews that differ in how they are painted."""
    masks, size = draw_value(st.integers(1, 2)), draw_value(st.none() | st.integers(1, 40))
    return [draw_value(specs(masks, size)) for _ in range(2)]


@given(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES), pairs(), st.booleans())
def test_other_paint_over_what_was_kept_is_a_render(
    source: tuple[int, int],
    mask: tuple[int, int],
    pair: list[tuple[RenderSpec, dict[bytes, bytes]]],
    transparent: bool,
) -> None:
    """Pixels and report, for masks smaller and larger than the preview, over transparent sources too."""
    (first, tables), (second, other_tables) = pair
    picture = encoded(noise(*source, channels=4 if transparent else 3))
    ids = encoded(blocks(*mask, VALUES))
    masks = [encoded(noise(*mask, channels=1)), *[ids] * (len(first.masks) - 1)]
    kept = draw(first, picture, masks, tables, wish=KEEP).kept
    assert kept is not None
    assert draw(second, kept, [], other_tables, wish=REPAINT) == draw(second, picture, masks, other_tables)


def kept_of_one_mask() -> tuple[RenderSpec, dict[bytes, bytes], bytes]:
    table = packed_table([NaiveEntry(value, (9, 8, 7)) for value in VALUES])
    mask = MaskSpec("m", "file:///m", "segmentation", 0.5, table=table_digest(table))
    spec = RenderSpec(SourceSpec("file:///s"), (mask,), size=16)
    tables = {table_digest(table): table}
    kept = draw(spec, encoded(noise(40, 30)), [encoded(blocks(50, 30, VALUES))], tables, wish=KEEP).kept
    assert kept is not None
    return spec, tables, kept


@given(st.data())
def test_what_was_kept_is_not_trusted(data: st.DataObject) -> None:
    """Whatever became of its bytes: a preview or a refusal, never another failure."""
    spec, tables, kept = kept_of_one_mask()
    damaged = bytearray(kept)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(kept) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(kept)) | st.just(len(kept)))
    try:
        preview = draw(spec, bytes(damaged[:cut]), [], tables, wish=REPAINT)
    except DrawRefused:
        return
    assert preview.body[:4] == b"RIFF"


def test_what_was_kept_is_only_good_for_its_own_masks() -> None:
    """A table that lacks a code, or another number of masks, is refused."""
    spec, tables, kept = kept_of_one_mask()
    short = packed_table([NaiveEntry(0, (1, 1, 1))])
    other = MaskSpec("m", "file:///m", "segmentation", 0.5, table=table_digest(short))
    with pytest.raises(DrawRefused):
        draw(RenderSpec(spec.source, (other,), size=16), kept, [], {table_digest(short): short}, wish=REPAINT)
    with pytest.raises(DrawRefused):
        draw(RenderSpec(spec.source, spec.masks * 2, size=16), kept, [], tables, wish=REPAINT)


@pytest.mark.parametrize("fields", [{"outline": 2}, {"size": None}])
def test_what_would_not_pay_is_not_kept(fields: dict[str, int | None]) -> None:
    """Outlines are found at full size; of large previews the picture costs more than the rest."""
    spec, tables, _ = kept_of_one_mask()
    mask = np.zeros((8, 8), np.uint8)
    source = encoded(Image.new("RGB", (2048, 1200)), "JPEG")
    kept = draw(RenderSpec(spec.source, spec.masks, **fields), source, [encoded(mask)], tables, wish=KEEP).kept  # type: ignore[arg-type]
    assert kept is None
