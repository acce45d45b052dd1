"""A version of small frames for the frame viewer, and what is on its stage, pixel by pixel."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Unpack

import numpy as np
from PIL import Image
from playwright.async_api import Page

from mattebox.previews import PreviewOptions
from support.masks import blocks, encoded, noise
from support.wait import wait_until
from support.web_viewer import Viewer

WIDTH, HEIGHT = 120, 80
ROADS = blocks(WIDTH, HEIGHT, [0, 1, 2, 3])
CARS = blocks(WIDTH, HEIGHT, [0, 2], seed=3)
LABELS = [
    {"value": [1, 1, 1], "labels": ["road"], "color": "#c8280a"},
    {"value": 2, "labels": ["car", "vehicle"], "color": "#0a5adc", "opacity": 0.4},
    {"value": 3, "labels": ["tree"], "color": "#20a040"},
]
"""0 is unmapped."""


class ShownFrames(NamedTuple):
    """A draft with frames `one`, `two` and `three`, all drawn."""

    viewer: Viewer
    version_id: str

    def path(self, frame: str = "one", query: str = "") -> str:
        """The address of a frame in the viewer."""
        return f"/versions/{self.version_id}/frames/{frame}" + (f"?{query}" if query else "")

    async def drawn(self, frame: str = "one", **options: Unpack[PreviewOptions]) -> np.ndarray:
        """The server's preview at full size, (h, w, 3 or 4)."""
        async with self.viewer.client() as client:
            preview = await client.preview(
                self.version_id, frame, **(PreviewOptions(size="full", format="png") | options)
            )
        return pixels_of(preview.body)


async def register_frames(viewer: Viewer, directory: Path, dataset: str) -> ShownFrames:
    """Upload the files of three frames and wait until they are drawn; the mask `hair` is a matte."""
    async with viewer.client() as client:
        version = await client.ensure_version(
            (await client.ensure_dataset(dataset)).id, "draft", metadata={"mask_labels": LABELS}
        )
        masks = [
            {"id": "roads", "uri": await upload(viewer, directory, ROADS)},
            {"id": "cars", "uri": await upload(viewer, directory, CARS)},
            {
                "id": "hair",
                "uri": await upload(viewer, directory, noise(WIDTH, HEIGHT, channels=1, seed=1)),
                "mode": "alpha",
            },
        ]
        frames = [
            {
                "id": name,
                "context_id": "drive",
                "timestamp": number * 40,
                "weather": "sunny",
                "sources": [
                    {
                        "id": "cam",
                        "uri": await upload(viewer, directory, noise(WIDTH, HEIGHT, seed=number)),
                        "masks": masks,
                    }
                ],
            }
            for number, name in enumerate(("one", "two", "three"))
        ]
        added = await client.add_frames(version.id, frames)
        assert not added.rejected
        await client.wait_for_previews(version.id)
    return ShownFrames(viewer, version.id)


async def upload(viewer: Viewer, directory: Path, image: np.ndarray) -> str:
    """Upload a picture as PNG."""
    file = directory / "upload.png"
    file.write_bytes(encoded(image))
    async with viewer.client() as client:
        return (await client.upload(file)).uri


def pixels_of(png: bytes) -> np.ndarray:
    """Decode a picture, (h, w, channels)."""
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image)


async def stage_pixels(page: Page) -> np.ndarray:
    """Read the picture back from the stage, which shows it at 1:1 in its middle, (h, w, 4)."""
    stage = await whole_stage(page)
    left, top = (stage.shape[1] + 1 - WIDTH) // 2, (stage.shape[0] + 1 - HEIGHT) // 2
    return np.asarray(stage[top : top + HEIGHT, left : left + WIDTH])


async def whole_stage(page: Page) -> np.ndarray:
    """Read back all that is on the stage, (h, w, 4)."""
    data: str = await page.locator(".stage-canvas").evaluate("it => it.toDataURL()")
    return pixels_of(base64.b64decode(data.partition(",")[2]))


async def expect_on_stage(page: Page, wanted: np.ndarray, *, within: int = 1) -> None:
    """Wait until each channel of each pixel on the stage is that of the server's preview, to within rounding."""
    last: Mapping[str, Any] = {}

    async def agrees() -> bool:
        nonlocal last
        shown = await stage_pixels(page)
        difference = np.abs(weighed(shown) - weighed(wanted))
        last = {"most": difference.max(), "pixels off": int((difference > within).any(axis=2).sum())}
        return bool(difference.max() <= within)

    try:
        await wait_until(agrees, description="the stage to show the server's preview", every_s=0.05)
    except AssertionError as error:
        msg = f"{error}: {last}"
        raise AssertionError(msg) from None


def weighed(image: np.ndarray) -> np.ndarray:
    """Weigh colours by their alpha: where nothing is seen, any colour is right."""
    rgba = np.asarray(Image.fromarray(image).convert("RGBA")).astype(np.float64)
    return np.concatenate([rgba[..., :3] * rgba[..., 3:] / 255, rgba[..., 3:]], axis=2)
