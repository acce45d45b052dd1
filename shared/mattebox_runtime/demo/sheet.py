"""Pictures of pictures: a contact sheet of rendered previews, and the sample of the README."""

import asyncio
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Unpack

from PIL import Image, ImageChops, ImageDraw, ImageOps

from mattebox.aio import Client
from mattebox.previews import PreviewOptions
from mattebox_runtime.demo.canvas import SUPERSAMPLING

_COLUMNS = 6
_TILE = (320, 180)
_GAP = 12
_PAPER = (24, 26, 32)
_FETCHES_AT_A_TIME = 4

_PANEL = (640, 400)
_PANEL_GAP = 24
_RADIUS = 22


async def write_contact_sheet(client: Client, version_id: str, frame_ids: Sequence[str], path: Path) -> None:
    """Write the previews of frames as one PNG, six in a row."""
    turns = asyncio.Semaphore(_FETCHES_AT_A_TIME)

    async def fetch(frame_id: str) -> Image.Image:
        async with turns:
            return await _preview(client, version_id, frame_id)

    tiles = await asyncio.gather(*(fetch(frame_id) for frame_id in frame_ids))
    await asyncio.to_thread(_save_sheet, tiles, path)


async def write_sample(
    client: Client, version_id: str, path: Path, *, street: str = "drive-0033", portrait: str = "portrait-0000"
) -> None:
    """Write a frame, the same with its labels, and a cut-out side by side as one WebP with transparent gaps."""
    panels = [
        await _preview(client, version_id, street, masks=[], size=1280, format="png"),
        await _preview(client, version_id, street, size=1280, format="png"),
        await _preview(client, version_id, portrait, background="transparent", size=1280, format="png"),
    ]
    await asyncio.to_thread(_save_sample, panels, path)


async def _preview(client: Client, version_id: str, frame_id: str, **options: Unpack[PreviewOptions]) -> Image.Image:
    preview = await client.preview(version_id, frame_id, **options)
    return Image.open(BytesIO(preview.body))


def _save_sheet(tiles: Sequence[Image.Image], path: Path) -> None:
    rows = -(-len(tiles) // _COLUMNS)
    columns = min(_COLUMNS, len(tiles))
    width, height = _TILE
    sheet = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), _PAPER)
    for position, tile in enumerate(tiles):
        column, row = position % _COLUMNS, position // _COLUMNS
        fitted = ImageOps.fit(tile.convert("RGB"), _TILE, centering=(0.5, 0.4))
        sheet.paste(fitted, (_GAP + column * (width + _GAP), _GAP + row * (height + _GAP)), _rounded(_TILE, 8))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def _save_sample(panels: Sequence[Image.Image], path: Path) -> None:
    width, height = _PANEL
    sample = Image.new("RGBA", (len(panels) * (width + _PANEL_GAP) - _PANEL_GAP, height))
    for position, panel in enumerate(panels):
        fitted = ImageOps.fit(panel.convert("RGBA"), _PANEL, centering=(0.5, 0.55))
        opaque = Image.alpha_composite(_checkerboard(_PANEL), fitted)
        opaque.putalpha(_rounded(_PANEL, _RADIUS))
        sample.paste(opaque, (position * (width + _PANEL_GAP), 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    sample.save(path, quality=88, method=6)


def _checkerboard(size: tuple[int, int], square: int = 16) -> Image.Image:
    tile = Image.new("RGBA", (2 * square, 2 * square), (236, 238, 242, 255))
    draw = ImageDraw.Draw(tile)
    for corner in (0, square):
        draw.rectangle((corner, corner, corner + square - 1, corner + square - 1), (208, 212, 220, 255))
    board = Image.new("RGBA", size)
    for x in range(0, size[0], 2 * square):
        for y in range(0, size[1], 2 * square):
            board.paste(tile, (x, y))
    return board


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    large = Image.new("L", (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * SUPERSAMPLING, 255)
    return ImageChops.lighter(large.reduce(SUPERSAMPLING), Image.new("L", size, 0))
