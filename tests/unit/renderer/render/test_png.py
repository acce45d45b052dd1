"""PNGs that FFmpeg decodes look as Pillow has them, and are refused where Pillow refuses them."""

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mattebox_renderer.render.images import load_pixels, open_image, orientation
from mattebox_renderer.render.limits import DECODE_ERRORS, Limits
from mattebox_renderer.render.png import decode_png
from support.masks import encoded, noise

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PLAIN = {
    "grey": Image.fromarray(noise(37, 24, 1)),
    "colour": Image.fromarray(noise(37, 24, 3)),
    "colour and alpha": Image.fromarray(noise(37, 24, 4)),
}
PALETTE = Image.fromarray(noise(37, 24, 1)).convert("P")


def by_ffmpeg(data: bytes) -> Image.Image | None:
    return decode_png(open_image(data, Limits()), data)


def by_pillow(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def chunk(tag: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + tag + content + struct.pack(">I", zlib.crc32(tag + content))


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE)
    while position < len(data):
        (length,) = struct.unpack_from(">I", data, position)
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("level", [0, 6])
def test_plain_pngs_have_the_pixels_that_pillow_reads(kind: str, level: int) -> None:
    """Whatever filters and compression they were written with."""
    data = encoded(PLAIN[kind], compress_level=level)
    decoded, wanted = by_ffmpeg(data), by_pillow(data)
    assert decoded is not None
    assert decoded.mode == wanted.mode
    assert np.array_equal(np.asarray(decoded), np.asarray(wanted))


def with_chunk(data: bytes, place: int, added: bytes) -> bytes:
    """Insert a chunk before the one at `place`."""
    parts = [chunk(tag, content) for tag, content in chunks(data)]
    parts.insert(place if place >= 0 else len(parts) + place, added)
    return SIGNATURE + b"".join(parts)


LEFT_TO_PILLOW: dict[str, bytes] = {
    "palette": encoded(PALETTE),
    "16 bits": encoded(np.random.default_rng(0).integers(0, 2**16, (24, 37), dtype=np.uint16)),
    "one bit": encoded(PLAIN["grey"].convert("1")),
    "16 bits of colour": SIGNATURE
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(bytes(7)))
    + chunk(b"IEND", b""),
    "a colour that is transparent": encoded(PLAIN["colour"], transparency=(1, 2, 3)),
    "an animation": encoded(PLAIN["colour"], save_all=True, append_images=[PLAIN["colour"].rotate(180)]),
    "words behind the pixels": with_chunk(encoded(PLAIN["colour"]), -1, chunk(b"tEXt", b"Comment\0late")),
    "JPEG": encoded(PLAIN["colour"], "JPEG"),
}


@pytest.mark.parametrize("kind", LEFT_TO_PILLOW)
def test_what_is_not_plain_is_left_to_pillow(kind: str) -> None:
    """It knows more of PNG than samples."""
    assert by_ffmpeg(LEFT_TO_PILLOW[kind]) is None


def test_a_broken_checksum_is_left_to_pillow() -> None:
    """There is one opinion of what is broken."""
    data = encoded(PLAIN["colour"])
    tag = data.index(b"IDAT")
    end = tag + 4 + struct.unpack_from(">I", data, tag - 4)[0]
    assert by_ffmpeg(data[:end] + bytes(byte ^ 1 for byte in data[end : end + 4]) + data[end + 4 :]) is None


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_png_that_breaks_off_is_refused(kept: float) -> None:
    """As Pillow refuses it."""
    data = encoded(PLAIN["colour"])
    cut = data[: int(len(data) * kept)]
    image = open_image(cut, Limits())
    assert decode_png(image, cut) is None


@given(st.sampled_from(list(PLAIN)), st.integers(0), st.integers(0, 255))
def test_damage_under_sound_checksums_gives_the_pixels_of_pillow_or_none(kind: str, place: int, byte: int) -> None:
    """Where both decoders take a file they agree; the rows that a short stream leaves out are black."""
    parts = list(chunks(encoded(PLAIN[kind], compress_level=1)))
    damaged = SIGNATURE
    for tag, content in parts:
        body = bytearray(content)
        if tag == b"IDAT":
            body[place % len(body)] = byte
        damaged += chunk(tag, bytes(body))
    decoded = by_ffmpeg(damaged)
    try:
        wanted: Any = np.asarray(by_pillow(damaged))
    except DECODE_ERRORS:
        return
    assert decoded is None or np.array_equal(np.asarray(decoded), wanted)


def test_rows_that_are_not_there_are_black() -> None:
    """Never what memory held before."""
    rows = b"".join(b"\0" + bytes([7]) * 30 for _ in range(5))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 9, 8, 2, 0, 0, 0))
    data = SIGNATURE + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    image = open_image(data, Limits())
    pixels = np.asarray(load_pixels(image, data))
    assert (pixels[:5] == 7).all()
    assert (pixels[5:] == 0).all()


@pytest.mark.parametrize("late", [False, True])
def test_the_orientation_is_found_before_and_behind_the_pixels(late: bool) -> None:
    """Of a plain PNG without decoding it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    data = with_chunk(encoded(PLAIN["colour"]), -1 if late else 1, chunk(b"eXIf", exif.tobytes()[6:]))
    assert orientation(open_image(data, Limits()), data) == 6
    assert (by_ffmpeg(data) is None) is late
