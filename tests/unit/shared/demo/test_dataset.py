"""The demo's files."""

from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from mattebox.models import Frame, MaskLabels
from mattebox_runtime.demo.clip import SIZE as CLIP_SIZE
from mattebox_runtime.demo.dataset import DemoSet, Extent, generate
from mattebox_runtime.demo.portrait import draw_portrait
from mattebox_runtime.demo.register import files_of

_FRAMES = 6


@pytest.fixture(scope="module")
def demo_set(tmp_path_factory: pytest.TempPathFactory) -> DemoSet:
    steps: list[None] = []
    drawn = generate(tmp_path_factory.mktemp("demo"), _FRAMES, progress=lambda: steps.append(None))
    assert len(steps) == Extent.of(_FRAMES).steps
    return drawn


def _bytes(demo_set: DemoSet) -> dict[str, bytes]:
    return {name: (demo_set.directory / name).read_bytes() for name in files_of(demo_set)}


def test_documents_are_frames(demo_set: DemoSet) -> None:
    frames = msgspec.convert(demo_set.frames, list[Frame])
    assert len({frame.id for frame in frames}) == len(frames)
    msgspec.convert(demo_set.mask_labels, MaskLabels)


def test_files_are_all_there(demo_set: DemoSet) -> None:
    assert all(_bytes(demo_set).values())


def test_second_time_nothing_is_drawn(demo_set: DemoSet) -> None:
    again = generate(demo_set.directory, _FRAMES, progress=lambda: pytest.fail("drawn again"))
    assert again == demo_set


def test_damaged_manifest_is_drawn_again(demo_set: DemoSet, tmp_path: Path) -> None:
    """The same seed gives the same bytes, videos included; a shorter drive is the beginning of a longer one."""
    (tmp_path / "demo.json").write_text("{")
    shorter, longer = _bytes(generate(tmp_path, 1)), _bytes(demo_set)
    assert set(longer) - set(shorter) == {name for name in longer if name.startswith("drive/") and "0000" not in name}
    assert shorter.items() <= longer.items()


def test_every_kind_of_mask_is_in_it(demo_set: DemoSet) -> None:
    masks = [mask for frame in demo_set.frames for source in frame["sources"] for mask in source["masks"]]
    modes = {}
    for mask in masks:
        if mask["content_type"] == "image/png":
            with Image.open(demo_set.directory / mask["uri"]) as image:
                modes[mask["id"]] = image.mode
    assert modes == {"semantic": "RGB", "classes": "P", "instances": "I;16", "matte": "L"}
    assert any(len(frame["sources"]) == 2 for frame in demo_set.frames)


def test_instance_values_are_declared(demo_set: DemoSet) -> None:
    declared = {entry["value"] for entry in demo_set.mask_labels["instances"]}
    with Image.open(demo_set.directory / "drive/0004-instances.png") as image:
        values = np.unique(np.asarray(image))
    assert {int(value) for value in values} <= declared
    assert values.max() > 255


def test_video_masks_are_exact(demo_set: DemoSet) -> None:
    declared = {tuple(entry["value"]) for entry in demo_set.mask_labels["_all_"]}
    with av.open(str(demo_set.directory / "clip/street-semantic.mkv")) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    found = {tuple(value) for frame in frames for value in np.unique(frame.reshape(-1, 3), axis=0).tolist()}
    assert found <= declared
    assert frames[0].shape == (CLIP_SIZE[1], CLIP_SIZE[0], 3)


def test_matte_is_soft_at_the_hair_and_whole_inside() -> None:
    matte = np.asarray(draw_portrait(0, (480, 360)).matte)
    soft = ((matte > 0) & (matte < 255)).mean()
    assert soft > 0.03
    assert matte[180, 240] == 255
    assert matte[5, 5] == 0
