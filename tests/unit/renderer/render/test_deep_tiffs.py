"""Grey TIFFs of integers and floats hold what was written, in either order of bytes, inflated or not."""

import struct
import zlib
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest

from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.masks import decode_mask, read_pixels
from mattebox_runtime.spec import MaskSpec

SAMPLE_FORMATS = {"u": 1, "i": 2, "f": 3}
SHORT, LONG = 3, 4
Order = Literal["<", ">"]


def tiff(samples: npt.NDArray[np.generic], order: Order, deflated: bool) -> bytes:
    """Write an (h, w) array as one strip."""
    height, width = samples.shape
    strip = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    strip = zlib.compress(strip) if deflated else strip
    fields = [
        (256, LONG, width),
        (257, LONG, height),
        (258, SHORT, 8 * samples.dtype.itemsize),
        (259, SHORT, 8 if deflated else 1),
        (262, SHORT, 1),
        (273, LONG, 8),
        (277, SHORT, 1),
        (278, LONG, height),
        (279, LONG, len(strip)),
        (339, SHORT, SAMPLE_FORMATS[samples.dtype.kind]),
    ]
    head = (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8 + len(strip))
    listed = struct.pack(order + "H", len(fields))
    for tag, kind, value in fields:
        listed += struct.pack(order + ("HHIHxx" if kind == SHORT else "HHII"), tag, kind, 1, value)
    return head + strip + listed + bytes(4)


@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "i4", "f4", "f8"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("deflated", [False, True])
def test_masks_of_every_depth_have_the_values_that_were_written(dtype: str, order: Order, deflated: bool) -> None:
    """Ids of panoptic masks among them; of signed ones those that are not negative."""
    ids = [0, 1, 254] if dtype == "u1" else [0, 1, 65535] if dtype == "u2" else [0, 70_007, 2**24 - 1]
    if dtype == "u4":
        ids[1] = 4_000_000_000
    samples = np.resize(np.array(ids, dtype), (5, 8))
    mask = decode_mask(tiff(samples, order, deflated), MaskSpec("m", "file:///m", "segmentation", 1.0), Limits())
    assert np.array_equal(read_pixels(mask).rows(0, 5), samples)
