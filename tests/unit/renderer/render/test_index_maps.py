"""Index maps of masks that are not read as they lie: lossy, turned, in a video, with more entries than 16 bits name."""

import io
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from mattebox_renderer.outcome import DrawRefused
from mattebox_renderer.render import draw
from mattebox_renderer.render.index_map import grey_png
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import MaskSpec, SourceSpec, index_spec
from mattebox_runtime.tables import strip_paint, table_digest
from support.masks import encoded, noise, packed_table
from support.naive import NaiveEntry

IDS = np.kron(np.array([[0, 1, 2], [2, 0, 1]]), np.ones((16, 16), int))
VALUES = np.array([0, 100, 220], np.uint8)
ENTRIES = [NaiveEntry((int(v),) * 3, (1, 2, 3)) for v in VALUES]


def index_map(
    source: bytes, mask: bytes | Failure, entries: list[NaiveEntry], timestamp: float | None = None
) -> np.ndarray:
    """Draw the map of a segmentation mask at full size, (h, w)."""
    bare = strip_paint(packed_table(entries))
    wanted = MaskSpec("m", "file:///m", "segmentation", 1.0, timestamp)
    spec = index_spec(SourceSpec("file:///s"), wanted, None, table_digest(bare))
    body = draw(spec, source, [mask], {table_digest(bare): bare}).body
    with Image.open(io.BytesIO(body)) as image:
        return np.asarray(image)


def test_lossy_masks_give_the_nearest_entry() -> None:
    """The codec changed most values; none of them becomes another entry or nothing."""
    mask = encoded(VALUES[IDS], "JPEG", quality=60)
    with Image.open(io.BytesIO(mask)) as changed:
        assert (np.asarray(changed) != VALUES[IDS]).mean() > 0.1
    np.testing.assert_array_equal(index_map(encoded(noise(48, 32)), mask, ENTRIES), IDS + 1)


def test_a_mask_video_gives_the_entries_of_its_moment() -> None:
    """The frame of the timestamp, to the pixel: it is stored losslessly."""
    frames = [VALUES[np.roll(IDS, number)] for number in range(3)]
    body = io.BytesIO()
    with av.open(body, "w", format="matroska") as output:
        stream: Any = output.add_stream("ffv1", rate=20)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "gray"
        for pixels in frames:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="gray")))
        output.mux(stream.encode(None))
    found = index_map(encoded(noise(48, 32)), body.getvalue(), ENTRIES, timestamp=50)
    np.testing.assert_array_equal(found, np.roll(IDS, 1) + 1)


def test_a_mask_is_turned_with_its_source() -> None:
    """A source that lies on its side by EXIF, with a mask of the stored geometry."""
    exif = Image.Exif()
    exif[0x0112] = 6
    source = encoded(noise(48, 32), "JPEG", exif=exif)
    np.testing.assert_array_equal(index_map(source, encoded(VALUES[IDS]), ENTRIES), np.rot90(IDS + 1, -1))


def test_entries_that_16_bits_cannot_name_are_nothing() -> None:
    """The last of 65,536 has no index."""
    entries = [NaiveEntry(value, (1, 2, 3)) for value in range(2**16)]
    mask = np.array([[255, 256, 65534, 65535]], np.uint16)
    found = index_map(encoded(noise(4, 1)), encoded(mask), entries)
    assert found.tolist() == [[256, 257, 65535, 0]]


def test_a_mask_without_labels_has_a_map_of_nothing() -> None:
    """Eight bits of 0."""
    found = index_map(encoded(noise(48, 32)), encoded(VALUES[IDS]), [])
    assert (found.dtype.itemsize, int(found.max())) == (1, 0)


@pytest.mark.parametrize(
    ("source", "mask", "code"),
    [
        (b"no picture", encoded(VALUES[IDS]), "not_an_image"),
        (encoded(noise(4, 4)), b"no picture", "mask_not_an_image"),
        (encoded(noise(4, 4)), Failure("mask_timeout", "m"), "mask_timeout"),
    ],
)
def test_a_map_without_source_or_mask_is_refused(source: bytes, mask: bytes | Failure, code: str) -> None:
    """With the reason of the one that is missing."""
    with pytest.raises(DrawRefused) as refused:
        index_map(source, mask, ENTRIES)
    assert refused.value.code == code


@pytest.mark.parametrize(("kind", "most"), [("uint8", 2**8), ("uint16", 2**16)])
def test_png_keeps_every_sample(kind: str, most: int) -> None:
    """Noise, which no run helps to pack."""
    samples = np.random.default_rng(0).integers(0, most, (33, 17)).astype(kind)
    with Image.open(io.BytesIO(grey_png(samples))) as image:
        np.testing.assert_array_equal(np.asarray(image), samples)
