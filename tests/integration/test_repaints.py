"""Previews in other colours over HTTP: painted anew from what a real renderer kept of them."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mattebox.aio import Client
from mattebox.errors import PreviewFailed
from mattebox.models import Frame, Mask, MaskLabel, Source
from support.masks import blocks, noise

RED, BLUE = "#ff0000", "#0000ff"


@pytest.fixture
def files(folder: Path) -> tuple[Path, Path]:
    """A picture and its mask, of the test's own."""
    source, mask = folder / "source.png", folder / "mask.png"
    Image.fromarray(noise(200, 100)).save(source)
    Image.fromarray(blocks(200, 100, [0, 1, 2])).save(mask)
    return source, mask


@pytest.fixture
async def version(calls: Client, files: tuple[Path, Path]) -> str:
    """A version with one frame that is drawn already, for nobody in particular."""
    dataset = await calls.create_dataset(files[0].parent.name)
    version = await calls.create_version(dataset.id, "first")
    await calls.set_mask_labels(version.id, [MaskLabel(1, ["road"], RED), MaskLabel(2, ["car"], "#00ff00")])
    source, mask = (f"file://{file}" for file in files)
    await calls.add_frames(version.id, [Frame(id="f", sources=[Source(source, masks=[Mask(mask, "m")])])])
    await calls.wait_for_previews(version.id, timeout=30)
    return version.id


async def test_other_colours_need_no_files(calls: Client, version: str, files: tuple[Path, Path]) -> None:
    """They are gone; opacity, colours and hidden labels are painted over what was kept, exactly as by a render."""
    contents = [file.read_bytes() for file in files]
    await calls.preview(version, "f", size=128, opacity=0.9, timeout=30)
    for file in files:
        file.unlink()
    fainter = await calls.preview(version, "f", size=128, opacity=0.3, hide=["car"], format="png", timeout=30)
    index_map = await calls.index_map(version, "f", "m", size=128, timeout=30)
    assert index_map.legend.entries[0].labels == ["road"]
    report = (await calls.preview_status(version, "f", size=128, opacity=0.3, hide=["car"], format="png")).report
    assert report is not None
    assert sum(label["pixels"] for label in report["masks"][0]["labels"]) < 200 * 100
    with pytest.raises(PreviewFailed):
        await calls.preview(version, "f", size=160, opacity=0.3, timeout=30)
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    await calls.refresh(version, "f", size=128, opacity=0.3, hide=["car"], format="png")
    rendered = await calls.preview(version, "f", size=128, opacity=0.3, hide=["car"], format="png", timeout=30)
    assert (rendered.key, rendered.body) == (fainter.key, fainter.body)


async def test_new_labels_of_the_same_values_are_painted_over_what_was_kept(
    calls: Client, version: str, files: tuple[Path, Path]
) -> None:
    """The report names them; a value more has to be found in the mask."""
    await calls.preview(version, "f", size=128, timeout=30)
    files[0].unlink()
    await calls.set_mask_labels(version, [MaskLabel(1, ["street"], BLUE), MaskLabel(2, ["car"])])
    await calls.preview(version, "f", size=128, timeout=30)
    report = (await calls.preview_status(version, "f", size=128)).report
    assert report is not None
    assert {name for label in report["masks"][0]["labels"] for name in label["labels"]} == {"street", "car"}
    await calls.set_mask_labels(version, [MaskLabel(0, ["sky"]), MaskLabel(1, ["street"]), MaskLabel(2, ["car"])])
    with pytest.raises(PreviewFailed) as refused:
        await calls.preview(version, "f", size=128, timeout=30)
    assert refused.value.code == "source_not_found"


async def test_what_was_kept_is_as_old_as_a_refresh(calls: Client, version: str, files: tuple[Path, Path]) -> None:
    """Other colours after it are painted over the new picture."""
    await calls.preview(version, "f", size=128, masks=["m"], timeout=30)
    Image.new("RGB", (200, 100), (0, 0, 0)).save(files[0])
    await calls.refresh(version, "f", size=128)
    await calls.preview(version, "f", size=128, timeout=30)
    clear = await calls.preview(version, "f", size=128, opacity=0, format="png", timeout=30)
    assert not np.asarray(_decoded(clear.body)).any()


def _decoded(body: bytes) -> Image.Image:

    return Image.open(BytesIO(body))
