"""Any small picture under any masks is drawn as the naive composition draws it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from support.masks import drawn, encoded, labelled, matte, pixels
from support.naive import NaiveEntry, NaiveMask, compose

SIDES = st.integers(1, 9)
COLORS = st.tuples(*[st.integers(0, 255)] * 3)
OPACITIES = st.floats(0, 1, width=32)
VALUES = st.sampled_from([(0, 0, 0), (1, 1, 1), (2, 2, 2), (200, 3, 9), (9, 9, 9), 0, 1, 2, 300, 65535])


@st.composite
def pictures(draw: st.DrawFn, modes: tuple[str, ...]) -> Image.Image:
    """A tiny picture of one of `modes` with few different values."""
    mode, width, height = draw(st.sampled_from(modes)), draw(SIDES), draw(SIDES)
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    ids = rng.integers(0, 4, (height, width))
    palette = np.array([(0, 0, 0), (200, 3, 9), (9, 9, 9), (2, 2, 2)], np.uint8)
    match mode:
        case "1":
            return Image.fromarray(ids > 1)
        case "I;16":
            return Image.fromarray(np.array([0, 1, 300, 65535], np.uint16)[ids])
        case "P":
            image = Image.fromarray(ids.astype(np.uint8))
            image.putpalette(palette.tobytes())
            return image
        case "RGBA":
            return Image.fromarray(np.dstack([palette[ids], rng.integers(0, 256, ids.shape, dtype=np.uint8)]))
        case "RGB":
            return Image.fromarray(palette[ids])
    return Image.fromarray(ids.astype(np.uint8))


ENTRIES = st.lists(
    st.builds(NaiveEntry, VALUES, COLORS, OPACITIES, st.booleans(), st.booleans()),
    max_size=6,
    unique_by=lambda entry: (entry.value,) * 3 if isinstance(entry.value, int) else entry.value,
)
LABELLED = st.builds(
    NaiveMask,
    pictures(("1", "L", "P", "RGB", "RGBA", "I;16")),
    st.just("segmentation"),
    OPACITIES,
    st.sampled_from(["auto", "rgb", "index"]),
    st.none(),
    ENTRIES,
)
MATTES = st.builds(
    NaiveMask,
    pictures(("1", "L", "P", "RGB", "RGBA", "I;16")),
    st.just("alpha"),
    OPACITIES,
    st.just("auto"),
    st.none() | COLORS,
)


def hexadecimal(color: tuple[int, int, int] | None) -> str | None:
    return None if color is None else "#{:02x}{:02x}{:02x}".format(*color)


@given(pictures(("L", "RGB", "P")), st.lists(LABELLED | MATTES, max_size=3), COLORS, st.none() | COLORS)
def test_any_masks_over_any_picture_are_composed_by_the_rules(
    source: Image.Image,
    masks: list[NaiveMask],
    background: tuple[int, int, int],
    unmapped: tuple[int, int, int] | None,
) -> None:
    """Pixels within one step per channel; counts and the unmapped rest exact."""
    expected, counted = compose(source, masks, background, unmapped)
    given_masks = [
        labelled(encoded(mask.image), mask.entries, str(i), mask.opacity, encoding=mask.encoding)
        if mask.mode == "segmentation"
        else matte(encoded(mask.image), str(i), mask.opacity, tint=hexadecimal(mask.tint))
        for i, mask in enumerate(masks)
    ]
    preview = drawn(encoded(source), *given_masks, background=hexadecimal(background), unmapped=hexadecimal(unmapped))
    assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1
    reports = [report for report in preview.report["masks"] if report["mode"] == "segmentation"]
    for report, naive in zip(reports, counted, strict=True):
        assert report["encoding"] == naive.encoding
        assert report["unmapped"]["pixels"] == naive.unmapped.total()
        total = sum(label["pixels"] for label in report["labels"]) + report["ignored"]["pixels"]
        assert total == sum(naive.counts.values())
