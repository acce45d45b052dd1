"""What hostile sizes cost: memory stays within a small multiple of the pixels, whatever lies in them."""

import tracemalloc

import numpy as np
import pytest
from PIL import Image

from support.masks import drawn, encoded, labelled, noise
from support.naive import NaiveEntry

ENTRIES = [NaiveEntry((i, i, i), (i, 0, 0)) for i in range(0, 256, 2)]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_mask_of_noise_takes_no_more_than_forty_bytes_a_pixel(mode: str) -> None:
    """Every pixel is a run of its own: the worst there is."""
    mask = Image.fromarray(noise(1500, 1000, 1)).convert(mode)
    data = encoded(mask)
    tracemalloc.start()
    try:
        drawn(encoded(Image.new("RGB", (1500, 1000))), labelled(data, ENTRIES), size=640, format="jpeg")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1500 * 1000


@pytest.mark.parametrize("size", [(1, 200_000), (200_000, 1)])
def test_the_narrowest_pictures_are_drawn(size: tuple[int, int]) -> None:
    """Hundreds of thousands of mask rows may fall into one row of the preview."""
    mask = np.ones((size[1], size[0]), np.uint8)
    preview = drawn(encoded(Image.new("RGB", size)), labelled(encoded(mask), [NaiveEntry(1, (9, 9, 9))]), size=2)
    assert (min(preview.width, preview.height), max(preview.width, preview.height)) == (1, 2)
    assert preview.report["masks"][0]["labels"][0]["pixels"] == 200_000
