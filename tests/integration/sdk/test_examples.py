"""Every program under examples/ does what it says."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from support.live_stack import LiveRegistry, write_image
from support.videos import write_video

EXAMPLES = Path(__file__).parents[3] / "examples"


def one_picture(folder: Path) -> list[Path | str]:
    """A photo and a mask."""
    return [write_image(folder / "photo.png", (10, 120, 200)), write_image(folder / "mask.png", 1)]


def many_masks(folder: Path) -> list[Path | str]:
    """A photo and two masks."""
    return [*one_picture(folder), write_image(folder / "other.png", 2)]


def two_videos(folder: Path) -> list[Path | str]:
    """A video, a video of masks, and moments of both."""
    video = write_video(folder / "drive.mp4", [(10, 120, 200)] * 20)
    return [video, write_video(folder / "masks.mp4", [(255, 255, 255)] * 20), "0", "400"]


def two_folders(folder: Path) -> list[Path | str]:
    """Photos and masks of the same names."""
    for name in ("a", "b"):
        write_image(folder / "photos" / f"{name}.jpg", (10, 120, 200))
        write_image(folder / "masks" / f"{name}.png", 1)
    return [folder / "photos", folder / "masks"]


def one_folder(folder: Path) -> list[Path | str]:
    """Two scenes, the first by two cameras, with a legend."""
    for name in ("1_left", "1_right", "2_left"):
        write_image(folder / "scenes" / f"{name}.png", (10, 120, 200))
        write_image(folder / "scenes" / f"{name}_mask.png", (220, 20, 60))
    (folder / "scenes" / "legend.json").write_text(json.dumps({"person": [220, 20, 60]}))
    return [folder / "scenes"]


PROGRAMS: dict[str, tuple[Callable[[Path], list[Path | str]], str]] = {
    "alpha_masks.py": (one_picture, "cutout.png and tinted.webp are ready"),
    "folder.py": (two_folders, "photos: 2 ready"),
    "frame_group.py": (many_masks, "other is ready"),
    "frame_with_many_masks.py": (many_masks, "person: 768 pixels"),
    "register_dataset_masks.py": (one_folder, "cameras: 2 ready"),
    "register_one_frame.py": (one_picture, "preview.png is ready"),
    "video.py": (two_videos, "400 ms is ready: {'road': 768}"),
    "watch_previews.py": (one_picture, "is ready"),
}
"""What each program is given, and what it is to say."""


def run(example: str, *arguments: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program as its user does."""
    command = [sys.executable, str(EXAMPLES / example), *map(str, arguments)]
    return subprocess.run(
        command,
        env=os.environ | environment,  # noqa: TID251 - handed on to a child
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_example_is_run() -> None:
    """A new one is added to the table."""
    assert PROGRAMS.keys() == {path.name for path in EXAMPLES.glob("*.py")}


@pytest.mark.parametrize("example", PROGRAMS)
def test_an_example_does_what_it_says(registry: LiveRegistry, tmp_path: Path, example: str) -> None:
    """With files of one's own, and a second time as well."""
    given, said = PROGRAMS[example]
    arguments = given(tmp_path)
    again = 1 if example in ("register_dataset_masks.py", "watch_previews.py") else 2
    for _ in range(again):
        done = run(example, *arguments, folder=tmp_path, MATTEBOX_URL=registry.url, MATTEBOX_TOKEN=registry.token)
        assert (done.returncode, done.stderr) == (0, "")
        assert said in done.stdout
    for picture in tmp_path.glob("*-preview.webp"):
        with Image.open(picture) as shown:
            assert shown.format == "WEBP"


@pytest.mark.parametrize("example", PROGRAMS)
def test_an_example_says_how_it_is_used(tmp_path: Path, example: str) -> None:
    """Where it is not given what it needs."""
    done = run(example, folder=tmp_path)
    assert done.returncode == 1
    assert f"python examples/{example} " in done.stderr
    assert "Traceback" not in done.stderr
