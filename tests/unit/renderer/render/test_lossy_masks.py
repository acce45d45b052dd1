"""Masks that went through a lossy codec: what nearest values recover, from samples that were rounded only once."""

import io
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.lossy import CLOSE_VALUES, SNAP_DISTANCE, snap
from mattebox_renderer.render.masks import decode_mask, read_pixels
from mattebox_renderer.render.runs import expand
from mattebox_renderer.render.segmentation import segment
from mattebox_renderer.render.values import Table, read_table
from mattebox_renderer.render.yuv import YuvSpace
from mattebox_runtime.spec import MaskSpec
from support.masks import drawn, encoded, labelled, noise, packed_table
from support.naive import NaiveEntry

PAINT = (255, 0, 0)
BT601, BT709 = 5, 1


def table_of(values: np.ndarray) -> Table:
    """Give the table of (n, 3) declared colours."""
    return read_table(packed_table([NaiveEntry(tuple(int(c) for c in value), PAINT) for value in values]))


def mapped(mask: bytes, table: Table, timestamp: float | None = None) -> np.ndarray:
    """Give (h, w) packed values of the entries that the pixels went to, -1 where to none."""
    decoded = decode_mask(mask, MaskSpec("m", "file:///m", "segmentation", 1.0, timestamp=timestamp), Limits())
    segmented = segment(read_pixels(decoded), table, "auto", is_lossy=decoded.lossy)
    entries = expand(segmented.runs, segmented.entries)
    return np.asarray(np.where(entries >= 0, table.values[entries], -1))


def packed(colors: np.ndarray) -> np.ndarray:
    return np.asarray(colors.astype(np.int64) @ np.array([1, 1 << 8, 1 << 16]))


def mask_video(colors: np.ndarray, layout: str = "yuv420p") -> bytes:
    """Encode one (h, w, 3) frame without any loss but that of its samples."""
    body = io.BytesIO()
    with av.open(body, "w", format="matroska") as output:
        stream: Any = output.add_stream("ffv1", rate=1)
        stream.height, stream.width, stream.pix_fmt = *colors.shape[:2], layout
        output.mux(stream.encode(av.VideoFrame.from_ndarray(colors, format="rgb24")))
        output.mux(stream.encode(None))
    return body.getvalue()


@pytest.mark.parametrize("matrix", [BT601, BT709])
@pytest.mark.parametrize("full_range", [True, False])
def test_samples_give_back_the_colours_they_were_made_of(matrix: int, full_range: bool) -> None:
    """Forth by the formula of the standard, here and back: what is lost is the rounding of the samples."""
    colors = noise(64, 64).reshape(-1, 3).astype(np.float64)
    red, blue = (0.299, 0.114) if matrix == BT601 else (0.2126, 0.0722)
    luma = colors @ np.array([red, 1 - red - blue, blue])
    cb, cr = (colors[:, 2] - luma) / (2 * (1 - blue)), (colors[:, 0] - luma) / (2 * (1 - red))
    y_scale, c_scale, floor = (1.0, 1.0, 0) if full_range else (219 / 255, 224 / 255, 16)
    samples = np.rint(np.stack([luma * y_scale + floor, cb * c_scale + 128, cr * c_scale + 128])).clip(0, 255)
    found = YuvSpace(matrix, full_range).colors(packed(samples.T).astype(np.uint32))
    assert np.abs(found - colors).max() < 2
    assert np.abs((found - colors).mean(axis=0)).max() < 0.05


@pytest.mark.parametrize("layout", ["yuv420p", "yuv422p", "yuv444p"])
def test_values_two_apart_survive_where_nothing_but_the_samples_is_rounded(layout: str) -> None:
    """In 8-bit RGB they would not: limited range has 219 steps for 255."""
    values = np.array([(r, g, 0) for r in range(20, 250, 23) for g in (0, 2)], np.uint8)
    ids = np.arange(len(values)).repeat(4).repeat(8)
    colors = np.broadcast_to(values[ids], (16, len(ids), 3)).copy()
    found = mapped(mask_video(colors, layout), table_of(values))
    assert (found == packed(colors)).mean() > 0.95


def test_odd_sizes_keep_their_last_row_and_column() -> None:
    """Chroma of 4:2:0 is rounded up there."""
    colors = np.full((47, 63, 3), (200, 30, 60), np.uint8)
    found = mapped(mask_video(colors), table_of(colors[0, :1]))
    assert found.shape == (47, 63)
    assert (found == packed(colors)).all()


def test_what_is_undeclared_is_told_in_rgb() -> None:
    """People know no YCbCr values."""
    mask = mask_video(np.full((16, 16, 3), (10, 200, 100), np.uint8), "yuv444p")
    preview = drawn(encoded(noise(16, 16)), labelled(mask, [NaiveEntry((250, 0, 0), PAINT)]))
    (told,) = preview.report["masks"][0]["unmapped"]["values"]
    assert np.abs(np.array(told["value"]) - (10, 200, 100)).max() <= 2


def test_colours_between_whole_numbers_go_to_the_nearest_and_rounded_ones_count_as_exact() -> None:
    declared = np.array([[10, 10, 10], [12, 10, 10]], np.uint8)
    found = snap(np.array([[10.4, 10, 10], [11.2, 10, 10], [10 + SNAP_DISTANCE * 2, 10, 10]], np.float32), declared)
    assert found.entries.tolist() == [0, 1, -1]
    assert found.distances[0] == 0
    assert found.distances[1] == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("codec", ["JPEG", "WEBP"])
def test_values_as_far_apart_as_the_warning_asks_for_are_mixed_up_at_borders_only(codec: str) -> None:
    """Eight values, each CLOSE_VALUES from the next, in areas of 32 pixels: their middles are recovered whole."""
    step = int(np.ceil(CLOSE_VALUES / np.sqrt(3)))
    values = np.array([[60 + step * i] * 3 for i in range(8)], np.uint8) + np.array([[0, 20, 5]], np.uint8)
    ids = np.kron(np.random.default_rng(1).integers(0, 8, (6, 8)), np.ones((32, 32), np.int64))
    found = mapped(encoded(values[ids], codec, quality=80), table_of(values))
    inside = np.kron(np.ones((6, 8), bool), np.pad(np.ones((16, 16), bool), 8))
    assert (found == packed(values[ids]))[inside].mean() > 0.999


@pytest.mark.reference
@pytest.mark.parametrize("number", [0, 33, 99])
def test_the_recovered_share_of_a_real_mask_video(reference_data: Path, number: int) -> None:
    """71 values in MPEG-4, many of them one apart: four of five pixels, though hardly one is unchanged."""
    directory = reference_data / "video_cosmos_robot"
    declared = json.loads((directory / "labels.json").read_text())["_all_"]
    table = table_of(np.array([entry["value"] for entry in declared]))
    with Image.open(sorted((directory / "frames_exact").iterdir())[number]) as exact:
        truth = packed(np.asarray(exact.convert("RGB")))
    found = mapped((directory / "masks/segmentation.mp4").read_bytes(), table, timestamp=number * 50.0)
    assert (found == truth).mean() > 0.79
    assert (found == -1).mean() < 0.001
