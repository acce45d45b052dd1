"""Every form a mask comes in means what rendering.md says its pixels mean."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from mattebox_runtime.events import Failure
from support.masks import blocks, drawn, encoded, labelled, matte, noise, pixels
from support.naive import NaiveEntry, NaiveMask, compose, open_copy

IDS = blocks(23, 17, [0, 1, 2, 7])
PHOTO = noise(23, 17)
PALETTE = np.array([(0, 0, 0), (128, 0, 0), (0, 128, 0), *[(9, 9, i) for i in range(253)]], np.uint8)
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def palette_mask() -> bytes:
    image = Image.fromarray(IDS)
    image.putpalette(PALETTE.tobytes())
    return encoded(image)


def rgb16_png(values: np.ndarray) -> bytes:
    """A PNG of 16 bits per channel, which Pillow does not write."""
    import zlib  # noqa: PLC0415

    height, width, _ = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(tag: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


GREY_ENTRIES = [NaiveEntry((1, 1, 1), RED), NaiveEntry(2, GREEN, 0.5), NaiveEntry((7, 7, 7), BLUE, hidden=True)]
FORMS = {
    "1-bit": (encoded(Image.fromarray(IDS > 1)), [NaiveEntry((255, 255, 255), RED), NaiveEntry(0, BLUE)], "auto"),
    "grey": (encoded(IDS), GREY_ENTRIES, "auto"),
    "grey as index": (encoded(IDS), GREY_ENTRIES, "index"),
    "grey with alpha": (encoded(Image.merge("LA", [Image.fromarray(IDS)] * 2)), GREY_ENTRIES, "auto"),
    "palette by colour": (palette_mask(), [NaiveEntry((128, 0, 0), RED), NaiveEntry((0, 128, 0), BLUE)], "auto"),
    "palette by index": (palette_mask(), [NaiveEntry(1, RED), NaiveEntry((2, 2, 2), BLUE), NaiveEntry(7, RED)], "auto"),
    "palette forced to index": (palette_mask(), GREY_ENTRIES, "index"),
    "palette forced to colour": (palette_mask(), [NaiveEntry((128, 0, 0), RED), NaiveEntry(2, BLUE)], "rgb"),
    "RGB": (encoded(PALETTE[IDS]), [NaiveEntry((128, 0, 0), RED), NaiveEntry((9, 9, 4), GREEN)], "auto"),
    "RGB in lossless WebP": (encoded(PALETTE[IDS], "WEBP", lossless=True), [NaiveEntry((128, 0, 0), RED)], "auto"),
    "RGB in BMP": (encoded(PALETTE[IDS], "BMP"), [NaiveEntry((128, 0, 0), RED)], "auto"),
    "RGBA": (encoded(np.dstack([PALETTE[IDS], IDS])), [NaiveEntry((128, 0, 0), RED)], "auto"),
    "RGBA of data": (
        encoded(np.dstack([IDS, IDS, IDS, IDS])),
        [NaiveEntry((1, 1, 1, 1), RED), NaiveEntry((2, 2, 2, 3), GREEN)],
        "rgba",
    ),
    "panoptic": (encoded(PALETTE[IDS]), [NaiveEntry(128, RED), NaiveEntry(128 * 256, GREEN)], "panoptic"),
    "16-bit PNG": (encoded(IDS.astype(np.uint16) * 300), [NaiveEntry(300, RED), NaiveEntry(600, GREEN)], "auto"),
    "16-bit greys": (encoded(IDS.astype(np.uint16)), GREY_ENTRIES, "auto"),
    "32-bit TIFF": (
        encoded(IDS.astype(np.int32) * 100_000, "TIFF"),
        [NaiveEntry(100_000, RED), NaiveEntry(0, GREEN)],
        "auto",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_painted_and_counted_as_the_naive_composition_does(form: str) -> None:
    """Nothing is clipped, averaged or read through its palette by mistake."""
    data, entries, encoding = FORMS[form]
    naive = NaiveMask(open_copy(data), "segmentation", 0.6, encoding, None, entries)
    expected, (counted,) = compose(Image.fromarray(PHOTO), [naive], unmapped=(9, 8, 7))
    preview = drawn(encoded(PHOTO), labelled(data, entries, encoding=encoding), unmapped="#090807")
    assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1
    (report,) = preview.report["masks"]
    named = {
        tuple(label["value"]) if isinstance(label["value"], list) else label["value"]: label["pixels"]
        for label in report["labels"]
    }
    assert named == counted.counts
    assert report["encoding"] == counted.encoding
    assert report["unmapped"]["pixels"] == counted.unmapped.total()


@pytest.mark.parametrize("byte_order", ["<u2", ">u2"])
def test_16_bit_tiffs_of_either_byte_order_hold_the_same_ids(byte_order: str) -> None:
    """Motorola and Intel files give the same integers."""
    body = io.BytesIO()
    image = Image.fromarray((IDS.astype("<u2") * 1000).astype(byte_order))
    image.save(body, "TIFF")
    preview = drawn(encoded(PHOTO), labelled(body.getvalue(), [NaiveEntry(2000, RED)]))
    assert preview.report["masks"][0]["labels"][0]["pixels"] == (IDS == 2).sum()


def test_whole_numbers_in_a_float_mask_are_ids_and_fractions_are_unmapped() -> None:
    """A float TIFF keeps its ids; 1.5 and not-a-number belong to nothing."""
    values = IDS.astype(np.float32)
    values[0, 0], values[0, 1] = 1.5, np.nan
    preview = drawn(encoded(PHOTO), labelled(encoded(values, "TIFF"), [NaiveEntry(i, RED) for i in (0, 1, 2, 7)]))
    unmapped = preview.report["masks"][0]["unmapped"]
    assert unmapped["pixels"] == 2
    assert sorted(value["value"] is None for value in unmapped["values"]) == [False, True]


def test_16_bit_colour_masks_are_read_by_their_upper_bits_and_say_so() -> None:
    """Pillow reads 8 of 16 bits per channel; the report warns instead of pretending."""
    preview = drawn(
        encoded(PHOTO),
        labelled(rgb16_png(PALETTE[IDS].astype(np.uint16) * 257), [NaiveEntry((128, 0, 0), RED)]),
    )
    (report,) = preview.report["masks"]
    assert report["labels"][0]["pixels"] == (IDS == 1).sum()
    assert "upper_bits_read" in {warning["code"] for warning in report["warnings"]}


def test_class_ids_that_nothing_declares_are_told_from_a_matte() -> None:
    """Applied as opacity they hide the picture; a matte that is bright somewhere, or black, is what it is."""
    for mask, told in ((IDS, ["dark_alpha"]), (IDS * np.uint8(36), []), (IDS * np.uint8(0), [])):
        preview = drawn(encoded(PHOTO), matte(encoded(mask)))
        assert [warning["code"] for warning in preview.report["masks"][0]["warnings"]] == told


def test_ignored_entries_are_counted_apart_and_not_painted() -> None:
    """Void is no label and no unmapped value."""
    entries = [NaiveEntry((1, 1, 1), RED, ignore=True), NaiveEntry((2, 2, 2), GREEN, hidden=True)]
    preview = drawn(encoded(PHOTO), labelled(encoded(IDS), entries))
    (report,) = preview.report["masks"]
    assert report["ignored"]["pixels"] == (IDS == 1).sum()
    assert [label["value"] for label in report["labels"]] == [[2, 2, 2]]
    assert (pixels(preview) == PHOTO).all()


def test_a_few_unmapped_pixels_are_not_told_as_none() -> None:
    """As a share with two digits they would be 0.00 %."""
    mask = np.zeros((200, 200), np.uint8)
    mask[0, :2] = 7
    preview = drawn(encoded(noise(200, 200)), labelled(encoded(mask), [NaiveEntry(0, RED)]))
    (warning,) = preview.report["masks"][0]["warnings"]
    assert warning["message"].startswith("2 of the mask's pixels have values without an entry")


def test_unmapped_values_are_listed_most_first_and_at_most_sixteen() -> None:
    """The list is for people; the count is of all."""
    mask = np.repeat(np.arange(40, dtype=np.uint8), np.arange(40) + 1).reshape(20, 41)
    preview = drawn(encoded(noise(41, 20)), labelled(encoded(mask), []))
    unmapped = preview.report["masks"][0]["unmapped"]
    assert unmapped["pixels"] == 820
    assert [value["value"][0] for value in unmapped["values"]] == list(range(39, 23, -1))


def test_a_mask_of_another_size_is_stretched_over_the_source_and_reported() -> None:
    """Both sizes are named, and whether they have the same shape."""
    small = blocks(11, 9, [0, 1])
    entries = [NaiveEntry(1, RED)]
    naive = NaiveMask(Image.fromarray(small), "segmentation", 0.6, "auto", None, entries)
    expected, _ = compose(Image.fromarray(PHOTO), [naive])
    preview = drawn(encoded(PHOTO), labelled(encoded(small), entries))
    assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1
    (warning,) = [w for w in preview.report["masks"][0]["warnings"] if w["code"] == "size_mismatch"]
    assert (warning["mask_size"], warning["source_size"], warning["same_aspect"]) == ([11, 9], [23, 17], False)


@pytest.mark.parametrize("orientation", [1, 3, 5, 6, 7, 8])
def test_a_mask_in_the_stored_geometry_turns_with_its_source(orientation: int) -> None:
    """Source and mask keep lying on each other where only the sizes before the turn agree."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    grey = np.repeat((IDS * 30)[..., None], 3, axis=2)
    preview = drawn(encoded(grey, exif=exif), labelled(encoded(IDS), [NaiveEntry(7, RED)], opacity=1.0))
    turned = orientation >= 5
    assert (preview.width, preview.height) == ((17, 23) if turned else (23, 17))
    assert ("mask_turned" in {w["code"] for w in preview.report["masks"][0]["warnings"]}) == turned
    if turned:
        painted = (pixels(preview) == RED).all(axis=-1)
        assert painted.sum() == (IDS == 7).sum()
        assert not (pixels(preview) == 210).all(axis=-1).any()


@pytest.mark.parametrize("orientation", [2, 3, 6, 8])
@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
def test_a_mask_is_turned_by_its_own_orientation(orientation: int, image_format: str) -> None:
    """Of a mask that says how it lies, whatever its format, no size has to tell."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"exif": exif, **({"lossless": True} if image_format == "WEBP" else {})}
    grey = encoded(np.repeat((IDS * 30)[..., None], 3, axis=2), exif=exif)
    mask = encoded(np.repeat(IDS[..., None], 3, axis=2), image_format, **options)
    preview = drawn(grey, labelled(mask, [NaiveEntry(7, RED)], opacity=1.0))
    assert (preview.width, preview.height) == ((17, 23) if orientation >= 5 else (23, 17))
    assert {w["code"] for w in preview.report["masks"][0]["warnings"]} <= {"unmapped_pixels"}
    assert (pixels(preview) == RED).all(axis=-1).sum() == (IDS == 7).sum()
    assert not (pixels(preview) == 210).all(axis=-1).any()


def test_lossy_masks_snap_to_the_nearest_declared_value_and_say_how_much() -> None:
    """A JPEG mask keeps its labels but for the codec's worst, and the report counts what was changed."""
    ids = np.kron(blocks(20, 20, [0, 1, 2]), np.ones((8, 8), np.uint8))
    colors = np.array([(0, 0, 0), (220, 20, 60), (20, 200, 90)], np.uint8)
    entries = [NaiveEntry(tuple(int(c) for c in color), RED) for color in colors]
    preview = drawn(encoded(noise(160, 160)), labelled(encoded(colors[ids], "JPEG", quality=85), entries))
    (report,) = preview.report["masks"]
    assert report["lossy"]
    assert report["snapped"]["share"] > 0.1
    assert report["unmapped"]["share"] < 0.2
    assert {w["code"] for w in report["warnings"]} >= {"snapped"}
    assert "lossy_mask_close_values" not in {w["code"] for w in report["warnings"]}


def test_a_lossy_mask_with_neighbouring_ids_is_warned_about() -> None:
    """Ids one apart do not survive a lossy codec."""
    preview = drawn(encoded(PHOTO), labelled(encoded(IDS, "JPEG"), [NaiveEntry((i, i, i), RED) for i in range(8)]))
    assert "lossy_mask_close_values" in {w["code"] for w in preview.report["masks"][0]["warnings"]}


def test_an_unreadable_mask_leaves_the_others_and_names_itself() -> None:
    """The preview is partial; its report keeps the order of the masks."""
    preview = drawn(
        encoded(PHOTO),
        labelled(b"no image", [], "bad"),
        labelled(Failure("mask_not_found"), [], "gone"),
        matte(encoded(np.full((17, 23), 255, np.uint8)), "good"),
    )
    assert preview.state == "partial"
    assert preview.failure == Failure("mask_not_an_image", "bad")
    assert [mask.get("error") for mask in preview.report["masks"]] == ["mask_not_an_image", "mask_not_found", None]
    assert (pixels(preview) == PHOTO).all()
