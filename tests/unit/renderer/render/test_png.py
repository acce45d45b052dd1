"""PNGs that Pillow does not decode look as it has them, and are refused where it refuses them."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mattebox_renderer.render.images import load_pixels, open_image, orientation
from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.png import decode_png
from support.masks import encoded, noise
from support.pillow import assert_as_pillow_has_it, by_pillow, seen

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
KINDS = [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 4), (16, 4)]
KINDS += [(8, 6), (16, 6)]
"""Bits of a sample, and type of colour: all that there are."""
COLOUR = Image.fromarray(noise(37, 24, 3))


def chunk(tag: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + tag + content + struct.pack(">I", zlib.crc32(tag + content))


def png(
    kind: tuple[int, int],
    size: tuple[int, int],
    stream: bytes,
    cuts: Sequence[int] = (),
    before: bytes = b"",
    interlaced: bool = False,
) -> bytes:
    """Make a PNG of a zlib stream, cut into several chunks."""
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return b"".join(
        [
            SIGNATURE,
            chunk(b"IHDR", struct.pack(">IIBBBBB", *size, *kind, 0, 0, interlaced)),
            chunk(b"PLTE", np.random.default_rng(0).bytes(3 << min(kind[0], 8))) if kind[1] == 3 else b"",
            before,
            *(chunk(b"IDAT", stream[begin:end]) for begin, end in pairwise(places)),
            chunk(b"IEND", b""),
        ]
    )


def lines(kind: tuple[int, int], size: tuple[int, int], filters: Sequence[int], seed: int, flat: bool = False) -> bytes:
    """Give lines that are filtered in turn as told, of noise or of hardly anything."""
    depth, color = kind
    row_bytes = (size[0] * depth * CHANNELS[color] + 7) // 8
    rows = np.random.default_rng(seed).integers(0, 256, (size[1], 1 + row_bytes), dtype=np.uint8)
    if flat:
        rows[rows < 254] = 0
    rows[:, 0] = np.resize(np.array(filters), size[1])
    return rows.tobytes()


def own(data: bytes) -> Image.Image | None:
    return decode_png(open_image(data, Limits()), data)


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE)
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filters", [[0], [1], [2], [3], [4], [0, 4, 2, 1, 3]])
def test_every_kind_has_the_pixels_that_pillow_reads(kind: tuple[int, int], filters: list[int]) -> None:
    """Whatever its rows are filtered with."""
    size = (37, 24)
    data = png(kind, size, zlib.compress(lines(kind, size, filters, 1)))
    decoded = own(data)
    if decoded is None:
        # What Pillow is faster with.
        assert filters != [0]
        assert kind in {(16, 0), (8, 4)}
    else:
        assert seen(decoded) == seen(by_pillow(data))


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_many_bands_have_the_pixels_that_pillow_reads(channels: int) -> None:
    """Each is unfiltered with the last line of the one before."""
    data = encoded(noise(700, 1000 // channels, channels), compress_level=1)
    decoded = own(data)
    assert decoded is not None
    assert seen(decoded) == seen(by_pillow(data))


@st.composite
def pngs(draw: st.DrawFn) -> bytes:
    """Small PNGs of all kinds, some with a fault."""
    kind, size = draw(st.sampled_from(KINDS)), (draw(st.integers(1, 40)), draw(st.integers(1, 12)))
    filters = draw(st.lists(st.integers(0, 4), min_size=1, max_size=5) | st.just([0]) | st.just([1, 5]))
    rows = lines(kind, size, filters, draw(st.integers(0, 99)), draw(st.booleans()))
    rows = draw(st.sampled_from([rows, rows, rows, rows[:-1], rows + b"\0", rows * 2]))
    stream = zlib.compress(rows, draw(st.integers(0, 9)))
    stream = draw(st.sampled_from([stream, stream, stream, stream[:-1], stream[:-4] + bytes(4), stream + b"more"]))
    before = draw(st.sampled_from([b"", chunk(b"tRNS", bytes(2 * CHANNELS[kind[1]])), chunk(b"gAMA", bytes(4))]))
    cuts = draw(st.lists(st.integers(0, 1 << 16), max_size=3))
    return png(kind, size, stream, cuts, before, interlaced=size == (1, 1) and draw(st.booleans()))


@given(pngs())
def test_any_png_is_as_pillow_has_it(data: bytes) -> None:
    """With too few rows and too many, wrong checksums, unknown filters and colours that are transparent."""
    assert_as_pillow_has_it(data)


@given(pngs(), st.integers(0), st.integers(0, 255), st.booleans())
def test_any_damaged_png_is_as_pillow_has_it(data: bytes, place: int, byte: int, cut: bool) -> None:
    """Broken off, or with another byte anywhere behind its header."""
    header_bytes = data.index(b"IDAT") + 4
    place = header_bytes + place % (len(data) - header_bytes)
    assert_as_pillow_has_it(data[:place] if cut else data[:place] + bytes([byte]) + data[place + 1 :])


def with_chunk(data: bytes, place: int, added: bytes) -> bytes:
    """Insert a chunk before the one at `place`."""
    parts = [chunk(tag, content) for tag, content in chunks(data)]
    parts.insert(place if place >= 0 else len(parts) + place, added)
    return SIGNATURE + b"".join(parts)


LEFT_TO_PILLOW: dict[str, bytes] = {
    "a colour that is transparent": encoded(COLOUR, transparency=(1, 2, 3)),
    "an animation": encoded(COLOUR, save_all=True, append_images=[COLOUR.rotate(180)]),
    "interlaced rows": png((8, 2), (1, 1), zlib.compress(bytes(4)), interlaced=True),
    "words behind the pixels": with_chunk(encoded(COLOUR), -1, chunk(b"tEXt", b"Comment\0late")),
    "no end": encoded(COLOUR)[:-12],
    "a row that is longer than FFmpeg takes": png((8, 2), (2_200_000, 1), zlib.compress(b"\1" + bytes(6_600_000))),
    "JPEG": encoded(COLOUR, "JPEG"),
}


@pytest.mark.parametrize("kind", LEFT_TO_PILLOW)
def test_what_is_not_plain_is_left_to_pillow(kind: str) -> None:
    """It knows more of PNG than samples."""
    assert own(LEFT_TO_PILLOW[kind]) is None


def test_rows_that_are_not_there_are_black() -> None:
    """Never what memory held before."""
    rows = b"".join(b"\0" + bytes([7]) * 30 for _ in range(5))
    data = png((8, 2), (10, 9), zlib.compress(rows))
    image = open_image(data, Limits())
    pixels = np.asarray(load_pixels(image, data))
    assert (pixels[:5] == 7).all()
    assert (pixels[5:] == 0).all()


@pytest.mark.parametrize("late", [False, True])
def test_the_orientation_is_found_before_and_behind_the_pixels(late: bool) -> None:
    """Of a plain PNG without decoding it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    data = with_chunk(encoded(COLOUR), -1 if late else 1, chunk(b"eXIf", exif.tobytes()[6:]))
    assert orientation(open_image(data, Limits()), data) == 6
    assert (own(data) is None) is late
