"""What the browser composes from a picture and index maps agrees with what the renderer draws of the same options."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from mattebox_renderer.render.scale import preview_size
from support.masks import blocks, drawn, encoded, labelled, matte, noise, pixels
from support.naive import NaiveEntry, NaiveMask, alpha_plane, label_map, open_copy, stretched

NODE = shutil.which("node")
DRAW = Path(__file__).parent / "draw_case.mjs"

pytestmark = pytest.mark.skipif(NODE is None, reason="the viewer's modules run in node here")

WIDTH, HEIGHT = 120, 80
PHOTO = encoded(noise(WIDTH, HEIGHT))
CUT_OUT = encoded(noise(WIDTH, HEIGHT, channels=4))
ENTRIES = [
    NaiveEntry((1, 1, 1), (200, 40, 10)),
    NaiveEntry(2, (10, 90, 220), 0.4),
    NaiveEntry(3, (9, 9, 9), 1, ignore=True),
]
LABELS = encoded(blocks(WIDTH, HEIGHT, [0, 1, 2, 3]))
MATTE = encoded(noise(WIDTH, HEIGHT, channels=1, seed=1))


class Layer(NamedTuple):
    """A mask as both sides take it."""

    id: str
    file: bytes
    is_alpha: bool
    opacity: float


ROADS = Layer("roads", LABELS, False, 0.6)
CARS = Layer("cars", encoded(blocks(WIDTH // 2, HEIGHT // 2, [0, 2], seed=3)), False, 0.35)
HAIR = Layer("hair", MATTE, True, 1.0)
HAND = Layer("hand", encoded(noise(WIDTH, HEIGHT, channels=1, seed=2)), True, 0.7)

CASES: dict[str, tuple[bytes, list[Layer], dict[str, Any]]] = {
    "one segmentation mask": (PHOTO, [ROADS], {}),
    "two segmentation masks": (PHOTO, [ROADS, CARS], {}),
    "outline": (PHOTO, [ROADS, CARS], {"outline": 3}),
    "unmapped": (PHOTO, [ROADS], {"unmapped": "#ff00ff"}),
    "alpha": (PHOTO, [HAIR], {}),
    "two alphas with a tint": (PHOTO, [HAIR, HAND], {"tint.hand": "#00ff80", "background": "#102030"}),
    "alpha under segmentation": (PHOTO, [ROADS, HAND], {"tint.hand": "#ff0000"}),
    "alpha over nothing": (PHOTO, [HAIR, ROADS], {"background": None}),
    "transparent source": (CUT_OUT, [ROADS], {}),
    "transparent source over nothing": (CUT_OUT, [HAIR, ROADS], {"background": None}),
    "no mask": (CUT_OUT, [], {"background": "#336699"}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_browser_draws_what_the_server_draws(case: str, tmp_path: Path) -> None:
    """At full size every channel is within 1, which is what rounding in another order may come to; twice, where a mask
    lies over an alpha mask.
    """
    photo, layers, options = CASES[case]
    ours = drawn_by_browser(tmp_path, photo, layers, options)
    theirs = over_nothing(drawn_by_server(photo, layers, options))
    roundings = len({layer.is_alpha for layer in layers}) or 1
    assert np.abs(visible(ours) - visible(theirs)).max() <= roundings


@pytest.mark.parametrize("options", [{}, {"outline": 2}])
def test_a_reduced_picture_is_close(options: dict[str, Any], tmp_path: Path) -> None:
    """Reduced, the browser has one id where the server averages several: close enough until the exact one comes."""
    ours = drawn_by_browser(tmp_path, PHOTO, [ROADS], options, size=60)
    theirs = over_nothing(drawn_by_server(PHOTO, [ROADS], options, size=60))
    assert np.abs(visible(ours) - visible(theirs)).mean() <= 8


def drawn_by_server(photo: bytes, layers: list[Layer], options: dict[str, Any], size: int | None = None) -> np.ndarray:
    """Give (h, w, 3 or 4)."""
    masks = [
        matte(layer.file, layer.id, layer.opacity, tint=options.get(f"tint.{layer.id}"))
        if layer.is_alpha
        else labelled(layer.file, ENTRIES, layer.id, layer.opacity)
        for layer in layers
    ]
    fields = {name: value for name, value in options.items() if "." not in name}
    return pixels(drawn(photo, *masks, size=size, **fields))


def drawn_by_browser(
    directory: Path, photo: bytes, layers: list[Layer], options: dict[str, Any], size: int | None = None
) -> np.ndarray:
    """Give (h, w, 4)."""
    picture = over_nothing(pixels(drawn(photo, size=size, background=None)))
    width, height = preview_size((WIDTH, HEIGHT), size)
    (directory / "picture.rgba").write_bytes(picture.tobytes())
    masks = []
    for layer in layers:
        (directory / layer.id).write_bytes(encoded(stretched(index_map(layer), height, width).astype(np.uint8)))
        kind = "opacity" if layer.is_alpha else "labels"
        masks.append({"id": layer.id, "kind": kind, "entries": [] if layer.is_alpha else legend(), "map": layer.id})
    query = {f"opacity.{layer.id}": layer.opacity for layer in layers} | options
    if query.get("background", "") is None:
        query["background"] = "transparent"
    case = {"width": width, "height": height, "scale": width / WIDTH, "query": urlencode(query), "masks": masks}
    (directory / "case.json").write_text(json.dumps(case))
    subprocess.run([str(NODE), str(DRAW), str(directory)], check=True, timeout=60)
    return np.frombuffer((directory / "drawn.rgba").read_bytes(), np.uint8).reshape(height, width, 4)


def index_map(layer: Layer) -> np.ndarray:
    """Give (h, w): what lets through 0..255, or 1-based entries."""
    image = open_copy(layer.file)
    if layer.is_alpha:
        return np.asarray(np.rint(alpha_plane(image) * 255))
    return label_map(NaiveMask(image, "segmentation", entries=ENTRIES), "rgb") + 1


def legend() -> list[dict[str, Any]]:
    """Give the entries as `preview/status` tells them."""
    return [
        {
            "index": position,
            "value": entry.value,
            "labels": [f"label {position}"],
            "color": "#{:02x}{:02x}{:02x}".format(*entry.color),
            "opacity": entry.opacity,
            "ignore": entry.ignore,
        }
        for position, entry in enumerate(ENTRIES, 1)
    ]


def over_nothing(image: np.ndarray) -> np.ndarray:
    """Give (h, w, 4)."""
    return np.asarray(Image.fromarray(image).convert("RGBA"))


def visible(image: np.ndarray) -> np.ndarray:
    """Weigh colours by their alpha: where nothing is seen, any colour is right."""
    pixels_ = image.astype(np.float64)
    return np.concatenate([pixels_[..., :3] * pixels_[..., 3:] / 255, pixels_[..., 3:]], axis=2)
