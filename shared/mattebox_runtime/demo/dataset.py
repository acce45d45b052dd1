"""The demo as files on disk: pictures, masks, and the frame documents that name them by relative URIs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.clip import SIZE as CLIP_SIZE
from mattebox_runtime.demo.clip import label_colors, write_clip
from mattebox_runtime.demo.portrait import SIZE as PORTRAIT_SIZE
from mattebox_runtime.demo.portrait import draw_portrait
from mattebox_runtime.demo.street import FRAMES_PER_SECOND, SEED, SIZE, draw_street_frame

REVISION = 1
"""Raised whenever the same settings would give other files, so that older ones are drawn again."""

_STEREO_FIRST = 160
_BASELINE_M = 0.55
_TENTH_WITH_INSTANCES = 4
_TENTH_WITH_PALETTE = 5
_JPEG_QUALITY = 91

Document = dict[str, Any]


class DemoSet(msgspec.Struct, frozen=True):
    """A generated dataset."""

    settings: tuple[int, int, int, str]
    """Revision, street frames, seed and directory: what decides the files."""
    frames: list[Document]
    """Frame documents; their URIs are paths relative to the directory."""
    mask_labels: dict[str, list[dict[str, Any]]]

    @property
    def directory(self) -> Path:
        """Where the files are."""
        return Path(self.settings[-1])


class Extent(NamedTuple):
    """How much of each kind goes with a drive of some frames; a short drive has a little of everything."""

    frames: int
    pairs: int
    portraits: int
    clip: int

    @classmethod
    def of(cls, frames: int) -> "Extent":
        """Give the extent of the demo with `frames` street frames."""
        return cls(frames, max(1, min(4, frames // 10)), max(1, min(6, frames // 6)), max(4, min(20, frames // 2)))

    @property
    def steps(self) -> int:
        """How often `generate` reports progress."""
        return self.frames + 2 * self.pairs + self.portraits + self.clip


def generate(
    directory: Path, frames: int = 40, seed: int = SEED, progress: Callable[[], None] = lambda: None
) -> DemoSet:
    """Draw the demo into `directory`, unless it lies there already; the same seed gives the same bytes.

    `progress` is called after each of the `Extent.steps`.
    """
    manifest = directory / "demo.json"
    existing = _read(manifest)
    if existing and existing.settings == (REVISION, frames, seed, str(directory)):
        return existing
    drawn, extent = _Drawing(directory, seed, progress), Extent.of(frames)
    documents = [
        *drawn.drive(extent.frames),
        *drawn.stereo(extent.pairs),
        *drawn.portraits(extent.portraits),
        *drawn.clip(extent.clip),
    ]
    mask_labels = {
        "_all_": labels.rgb_entries(),
        "classes": labels.index_entries(),
        "instances": labels.instance_entries(drawn.instances),
    }
    demo_set = DemoSet((REVISION, frames, seed, str(directory)), documents, mask_labels)
    manifest.write_bytes(msgspec.json.format(msgspec.json.encode(demo_set)))
    return demo_set


def _read(manifest: Path) -> DemoSet | None:
    try:
        return msgspec.json.decode(manifest.read_bytes(), type=DemoSet)
    except (OSError, msgspec.MsgspecError):
        return None


class _Drawing:
    def __init__(self, directory: Path, seed: int, progress: Callable[[], None]) -> None:
        self._directory = directory
        self._seed = seed
        self._progress = progress
        self.instances: set[int] = set()

    def drive(self, frames: int) -> Iterator[Document]:
        """Draw the street drive: RGB masks, every tenth frame a palette instead, every tenth 16-bit instances too."""
        for index in range(frames):
            frame = draw_street_frame(index, seed=self._seed)
            name = f"drive/{index:04d}"
            if index % 10 == _TENTH_WITH_PALETTE:
                masks = [self._palette_mask("classes", f"{name}-classes.png", frame.labels)]
            else:
                masks = [self._rgb_mask("semantic", f"{name}-semantic.png", frame.labels)]
            if index % 10 == _TENTH_WITH_INSTANCES:
                masks.append(self._instance_mask("instances", f"{name}-instances.png", frame.instances))
            source = self._picture("camera", f"{name}.jpg", frame.picture, masks)
            yield self._document(f"drive-{index:04d}", "drive", index, [source])
            self._progress()

    def stereo(self, pairs: int) -> Iterator[Document]:
        """Draw a few moments from two cameras: frame groups."""
        for pair in range(pairs):
            sources = []
            for side, offset in (("left", -_BASELINE_M / 2), ("right", _BASELINE_M / 2)):
                frame = draw_street_frame(_STEREO_FIRST + 3 * pair, seed=self._seed, offset=offset)
                name = f"stereo/{pair:04d}-{side}"
                mask = self._rgb_mask("semantic", f"{name}-semantic.png", frame.labels)
                sources.append(self._picture(side, f"{name}.jpg", frame.picture, [mask]))
                self._progress()
            yield self._document(f"stereo-{pair:04d}", "stereo", 3 * pair, sources)

    def portraits(self, count: int) -> Iterator[Document]:
        """Draw the lion in the wind, with its alpha matte."""
        for index in range(count):
            portrait = draw_portrait(index, seed=self._seed)
            name = f"portraits/{index:04d}"
            mask = {"id": "matte", "uri": f"{name}-matte.png", "content_type": "image/png", "mode": "alpha"}
            self._save(portrait.matte, mask["uri"])
            source = self._picture("camera", f"{name}.jpg", portrait.picture, [mask], size=PORTRAIT_SIZE)
            yield self._document(f"portrait-{index:04d}", "portraits", index, [source])
            self._progress()

    def clip(self, count: int) -> Iterator[Document]:
        """Draw a video and its video of masks; every second of its frames becomes one of the dataset."""
        video, masks = self._path("clip/street.mp4"), self._path("clip/street-semantic.mkv")
        times_ms = write_clip(video, masks, count, seed=self._seed, progress=self._progress)
        width, height = CLIP_SIZE
        for number, time_ms in list(enumerate(times_ms))[::2]:
            mask = {"id": "semantic", "uri": "clip/street-semantic.mkv", "content_type": "video/x-matroska"}
            source = {"id": "camera", "uri": "clip/street.mp4", "content_type": "video/mp4", "timestamp": time_ms}
            sized = {"width": width, "height": height, "masks": [mask | {"timestamp": time_ms}]}
            yield self._document(f"clip-{number:04d}", "clip", number, [source | sized])

    def _document(self, frame_id: str, context_id: str, moment: int, sources: list[Document]) -> Document:
        return {
            "id": frame_id,
            "context_id": context_id,
            "timestamp": moment * 1000 // FRAMES_PER_SECOND,
            "meta": {"generator": "mattebox demo", "seed": self._seed},
            "sources": sources,
        }

    def _picture(
        self, source_id: str, uri: str, picture: Image.Image, masks: list[Document], size: tuple[int, int] = SIZE
    ) -> Document:
        picture.save(self._path(uri), quality=_JPEG_QUALITY, subsampling=0)
        sized = {"width": size[0], "height": size[1]}
        return {"id": source_id, "uri": uri, "content_type": "image/jpeg", **sized, "masks": masks}

    def _rgb_mask(self, mask_id: str, uri: str, classes: npt.NDArray[np.uint8]) -> Document:
        self._save(Image.fromarray(label_colors(classes)), uri)
        return {"id": mask_id, "uri": uri, "content_type": "image/png"}

    def _palette_mask(self, mask_id: str, uri: str, classes: npt.NDArray[np.uint8]) -> Document:
        image = Image.fromarray(classes).convert("P")
        image.putpalette([channel for label in labels.LABELS for channel in label.value])
        self._save(image, uri)
        return {"id": mask_id, "uri": uri, "content_type": "image/png", "encoding": "index"}

    def _instance_mask(self, mask_id: str, uri: str, values: npt.NDArray[np.uint16]) -> Document:
        self.instances.update(int(value) for value in np.unique(values))
        self._save(Image.fromarray(values), uri)
        return {"id": mask_id, "uri": uri, "content_type": "image/png"}

    def _save(self, image: Image.Image, uri: str) -> None:
        image.save(self._path(uri))

    def _path(self, uri: str) -> Path:
        path = self._directory / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
