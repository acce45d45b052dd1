"""The pictures, masks and labels of docs/rendering.md, drawn by the painters of the demo."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.clip import label_colors, write_clip
from mattebox_runtime.demo.portrait import Portrait, draw_portrait
from mattebox_runtime.demo.street import SEED, StreetFrame, draw_street_frame

STREET_FRAME = 33
STREET_SIZE = (960, 540)
PORTRAIT_SIZE = (720, 540)
POLES_SIZE = (2048, 1152)
CLIP_FRAMES = 7

SCENERY = (labels.SKY, labels.BUILDING, labels.ROAD, labels.SIDEWALK, labels.MARKING, labels.VEGETATION, labels.TERRAIN)
PEOPLE = (labels.PERSON, labels.RIDER)
VEHICLES = (labels.BICYCLE, labels.CAR, labels.BUS)

_PHOTO: dict[str, Any] = {"quality": 91, "subsampling": 0}
_TURNED_LEFT = 6
"""The EXIF orientation of a picture that has to be turned a quarter to the right."""


def write_inputs(directory: Path) -> None:
    """Write every file that the commands of the page name."""
    directory.mkdir(parents=True, exist_ok=True)
    street = draw_street_frame(STREET_FRAME, STREET_SIZE)
    street.picture.save(directory / "street.jpg", **_PHOTO)
    write_classes(directory, street.labels)
    write_labels(directory)
    write_segments(directory, street)
    write_poles(directory, street)
    portrait = draw_portrait(0, PORTRAIT_SIZE)
    write_mattes(directory, portrait, street)
    write_phone(directory, portrait)
    write_clip(directory / "drive.mp4", directory / "masks.mkv", CLIP_FRAMES, seed=SEED, progress=lambda: None)


def write_classes(directory: Path, classes: npt.NDArray[np.uint8]) -> None:
    """Write the mask of classes: as a palette PNG, small, of another shape, as a JPEG, and as a decoded JPEG."""
    mask = Image.fromarray(classes).convert("P")
    mask.putpalette([channel for label in labels.LABELS for channel in label.value])
    mask.save(directory / "classes.png")
    mask.resize((120, 68), Image.Resampling.NEAREST).save(directory / "small.png")
    mask.crop((210, 0, 750, 540)).save(directory / "square.png")
    Image.fromarray(label_colors(classes)).save(directory / "classes.jpg", quality=75)
    Image.open(directory / "classes.jpg").save(directory / "decoded.png")


def write_labels(directory: Path) -> None:
    """Write what the values mean: all of it, by index, with faint scenery, without vehicles, and nothing but things."""
    entries = labels.rgb_entries()
    _write_json(directory / "labels.json", entries)
    _write_json(directory / "ids.json", labels.index_entries())
    faint = [entry | {"opacity": 0.25} if i in SCENERY else entry for i, entry in enumerate(entries)]
    _write_json(directory / "faint.json", faint)
    _write_json(directory / "forgetful.json", [entry for i, entry in enumerate(entries) if i not in VEHICLES])
    _write_json(directory / "things.json", [entries[i] for i in (*PEOPLE, *VEHICLES)])


def write_segments(directory: Path, street: StreetFrame) -> None:
    """Write a panoptic mask, r + 256·g + 65536·b, and the labels of its segments."""
    ids = np.where(street.instances > 0, street.instances, street.labels).astype(np.uint32)
    Image.fromarray(np.stack([ids & 255, ids >> 8 & 255, ids >> 16], axis=-1).astype(np.uint8)).save(
        directory / "segments.png"
    )
    things = labels.instance_entries({int(value) for value in np.unique(street.instances)})[1:]
    _write_json(directory / "segments.json", [*labels.index_entries(), *things])


def write_mattes(directory: Path, portrait: Portrait, street: StreetFrame) -> None:
    """Write a portrait with its matte in 8 bits, cut hard, faded in 16 bits and as a cut-out, and two of the street."""
    portrait.picture.save(directory / "lion.jpg", **_PHOTO)
    portrait.matte.save(directory / "matte.png")
    portrait.matte.point(lambda value: 255 * (value >= 128)).save(directory / "hard.png")
    Image.fromarray(_faded(np.asarray(portrait.matte))).save(directory / "faded.png")
    cutout = Image.new("RGB", portrait.matte.size, "white")
    cutout.putalpha(portrait.matte)
    cutout.save(directory / "cutout.png")
    for name, classes in (("people", PEOPLE), ("vehicles", VEHICLES)):
        Image.fromarray(np.isin(street.labels, classes).astype(np.uint8) * 255).save(directory / f"{name}.png")


def write_phone(directory: Path, portrait: Portrait) -> None:
    """Write the portrait as telephones store it: turned, with a note in EXIF; and its mask, turned, without one."""
    exif = Image.Exif()
    exif[0x0112] = _TURNED_LEFT
    portrait.picture.transpose(Image.Transpose.ROTATE_90).save(directory / "phone.jpg", exif=exif, **_PHOTO)
    portrait.matte.transpose(Image.Transpose.ROTATE_90).save(directory / "phone-matte.png")


def write_poles(directory: Path, street: StreetFrame) -> None:
    """Write a large picture with poles and wires that are two pixels wide, as a mask and with its labels."""
    street.picture.resize(POLES_SIZE).save(directory / "poles.jpg", **_PHOTO)
    mask = Image.new("L", POLES_SIZE)
    draw = ImageDraw.Draw(mask)
    for x in range(620, 1110, 43):
        draw.rectangle((x, 60, x + 1, 330), 1)
    for y, drop in ((90, 26), (130, 60), (170, 110)):
        draw.line((600, y, 1120, y + drop), 2, 2)
    mask.save(directory / "poles.png")
    _write_json(
        directory / "poles.json",
        [
            {"value": 1, "labels": ["pole"], "color": "#ff3d7f"},
            {"value": 2, "labels": ["wire"], "color": "#00e5ff"},
        ],
    )


def _faded(matte: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    height, width = matte.shape
    y, x = np.mgrid[:height, :width]
    distance = np.hypot((x - width / 2) / width, (y - height * 0.42) / height) / 0.62
    return np.rint(matte * 257.0 * np.clip(1.35 - distance**2 * 1.6, 0, 1)).astype(np.uint16)


def _write_json(file: Path, entries: list[dict[str, Any]]) -> None:
    file.write_text(json.dumps(entries, indent=1))
