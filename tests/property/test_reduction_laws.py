"""Whatever is reduced is the average of exactly the area under each pixel."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mattebox_renderer.render.averaging import average_area
from mattebox_renderer.render.reduction import ReducedLayer
from mattebox_renderer.render.runs import find_runs
from mattebox_renderer.render.scale import Size
from support.naive import area_average

SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def reductions(draw: st.DrawFn) -> tuple[Size, Size]:
    """A size, and one that is smaller or the same along either side."""
    size = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    return size, (draw(st.integers(1, size[0])), draw(st.integers(1, size[1])))


def planes_of(layer: ReducedLayer, top: int, bottom: int) -> np.ndarray:
    strip = layer.strip(top, bottom)
    return strip.spread(strip.paint, 0, bottom - top).reshape(4, bottom - top, layer.size[0])


@given(reductions(), SEEDS, st.integers(1, 9), st.floats(0, 1), st.data())
def test_reduced_paint_is_the_average_of_the_full_paint(
    sizes: tuple[Size, Size], seed: int, codes: int, opacity: float, data: st.DataObject
) -> None:
    """Colour and coverage, in whichever stretches of rows it is asked for."""
    (width, height), preview = sizes
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, codes, (height, width), dtype=np.uint8)
    opacities = opacity * rng.random(codes)
    paint = np.concatenate([rng.integers(0, 256, (3, codes)) * opacities, opacities[None]])
    runs = find_runs(lambda top, bottom: ids[top:bottom], ids.shape)
    layer = ReducedLayer(runs, runs.values, paint, preview)
    cut = data.draw(st.integers(1, preview[1]))
    stretches = [(top, min(top + cut, preview[1])) for top in range(0, preview[1], cut)]
    planes = np.concatenate([planes_of(layer, *stretch) for stretch in stretches], axis=1)
    expected = np.moveaxis(area_average(np.moveaxis(paint[:, ids], 0, -1), *preview), -1, 0)
    assert np.abs(planes[:3] - expected[:3]).max() <= 0.01
    assert np.abs(planes[3] - expected[3]).max() <= 0.0001


@given(reductions(), SEEDS)
def test_a_reduced_picture_is_the_average_of_the_full_one(sizes: tuple[Size, Size], seed: int) -> None:
    """Within two steps, up to where a pixel more or less at the ends cannot be seen."""
    (width, height), preview = sizes
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    reduced = np.asarray(average_area(Image.fromarray(picture), preview))
    within = 2 if max(width / preview[0], height / preview[1]) < 8 else 255 / 8
    assert np.abs(reduced - area_average(picture, *preview)).max() <= within


@given(reductions(), SEEDS)
def test_colour_is_averaged_by_its_opacity(sizes: tuple[Size, Size], seed: int) -> None:
    """What cannot be seen gives no colour to what can."""
    (width, height), preview = sizes
    shown = np.random.default_rng(seed).integers(0, 2, (height, width, 1), dtype=np.uint8)
    picture = np.concatenate([shown * np.uint8(200), shown * 0 + np.uint8(90), 255 * shown], axis=2)
    picture = np.insert(picture, 1, 255 - shown[..., 0] * np.uint8(255), axis=2)
    reduced = np.asarray(average_area(Image.fromarray(picture), preview)).astype(int)
    seen = reduced[reduced[..., 3] >= 128]
    # Two steps of colour and two of opacity, over an opacity of a half.
    assert np.abs(seen[:, :3] - (200, 0, 90)).max(initial=0) <= 8
