"""Previews from Python: every form of input, the same pictures as the service draws, errors that say what was wrong."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import mattebox_renderer
from mattebox.errors import InputError
from mattebox.models import MaskLabel
from mattebox_renderer import MaskInput, RenderFailed, render_index_map, render_preview
from mattebox_renderer.media_input import file_bytes
from mattebox_runtime.labels import LabelsError
from support.masks import blocks, encoded, noise

PHOTO = noise(60, 40)
IDS = blocks(60, 40, [0, 1, 2])
LABELS: dict[int, list[str]] = {1: ["road"], 2: ["car"]}
EXACT: Any = {"size": None, "format": "png"}


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def painted(color: str, source: np.ndarray, opacity: float) -> np.ndarray:
    """Blend a colour over a source."""
    target = np.frombuffer(bytes.fromhex(color[1:]), np.uint8)
    return np.asarray(np.rint(source + (target - source.astype(float)) * opacity))


def test_values_are_painted_in_the_colours_of_the_report() -> None:
    preview = render_preview(PHOTO, [IDS], mask_labels=LABELS, **EXACT)
    assert (preview.width, preview.height, preview.content_type, preview.state) == (60, 40, "image/png", "ready")
    expected = PHOTO.astype(float)
    for entry in preview.report["masks"][0]["labels"]:
        value = entry["value"]
        assert entry["labels"] == LABELS[value]
        assert entry["pixels"] == (value == IDS).sum()
        expected[value == IDS] = painted(entry["color"], PHOTO, 0.6)[value == IDS]
    assert np.abs(pixels(preview.data) - expected).max() <= 1


def test_ignored_values_are_counted_apart_under_their_names() -> None:
    labels = [{"value": 1, "labels": ["void"], "ignore": True}, {"value": 2, "labels": ["car"]}]
    (report,) = render_preview(PHOTO, [IDS], mask_labels=labels).report["masks"]
    (ignored,) = report["ignored"]["values"]
    assert (ignored["value"], ignored["labels"], ignored["pixels"]) == (1, ["void"], (IDS == 1).sum())
    assert [entry["labels"] for entry in report["labels"]] == [["car"]]


def test_every_form_of_an_input_draws_the_same(tmp_path: Path) -> None:
    """Bytes, paths as text and as Path, Pillow images and arrays."""
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    photo.write_bytes(encoded(PHOTO))
    mask.write_bytes(encoded(IDS))
    forms: list[tuple[Any, Any]] = [
        (PHOTO, IDS),
        (photo, mask),
        (str(photo), str(mask)),
        (photo.read_bytes(), memoryview(mask.read_bytes())),
        (Image.fromarray(PHOTO), Image.fromarray(IDS)),
    ]
    drawn = {render_preview(source, [mask], mask_labels=LABELS).data for source, mask in forms}
    assert len(drawn) == 1


@pytest.mark.parametrize(
    "array",
    [
        np.eye(8, 9, dtype=bool),
        np.arange(72, dtype=np.uint8).reshape(8, 9),
        np.arange(0, 72_000, 1000, dtype=np.uint16).reshape(8, 9),
        np.arange(72, dtype=">u2").reshape(8, 9),
        np.arange(0, 72_000_000, 1_000_000, dtype=np.int64).reshape(8, 9),
        np.linspace(0, 1, 72, dtype=np.float64).reshape(8, 9),
        noise(9, 8, 2),
        noise(9, 8, 3),
        noise(9, 8, 4)[:, ::-1],
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_arrays_keep_every_value(array: np.ndarray) -> None:
    """Whatever the order of their bytes in memory; a bool is 0 or 255."""
    found = pixels(file_bytes(array))
    expected = array * np.uint8(255) if array.dtype == bool else array
    assert found.shape == array.shape
    assert np.array_equal(found, expected.astype(np.float32) if array.dtype.kind == "f" else expected)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I", "F", "CMYK"])
def test_pillow_images_of_every_mode_can_be_drawn(mode: str) -> None:
    image = Image.fromarray(noise(9, 8)).convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    assert render_preview(image).width == 9


@pytest.mark.parametrize(
    ("media", "error", "words"),
    [
        (np.zeros((4, 4, 5), np.uint8), TypeError, r"\(4, 4, 5\) of uint8"),
        (np.zeros((4, 4, 3)), TypeError, "float64"),
        (np.zeros((0, 4), np.uint8), ValueError, "no pixels"),
        (np.full((4, 4), -1), ValueError, "between 0 and"),
        (np.full((4, 4), 2**31), ValueError, "between 0 and"),
        ("https://host/a.png", ValueError, "is a URI"),
        ("/no/such/file.png", FileNotFoundError, "no/such"),
        (17, TypeError, "int"),
    ],
)
def test_what_is_no_picture_is_told(media: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        render_preview(media)


def test_a_mask_by_name_with_options_of_its_own() -> None:
    """Its own labels come first, its encoding and opacity are its own; the ids name it in the report."""
    mask = MaskInput(IDS, encoding="index", labels=[{"value": 2, "labels": "truck", "color": "#ff0000"}], opacity=1.0)
    preview = render_preview(PHOTO, {"ids": mask}, mask_labels=LABELS, **EXACT)
    (report,) = preview.report["masks"]
    assert (report["id"], report["encoding"]) == ("ids", "index")
    assert {tuple(entry["labels"]) for entry in report["labels"]} == {("road",), ("truck",)}
    assert (pixels(preview.data)[IDS == 2] == (255, 0, 0)).all()


def test_mattes_cut_out_and_tint() -> None:
    matte = np.zeros((40, 60), np.uint8)
    matte[10:30, 10:50] = 255
    cut = pixels(render_preview(PHOTO, [matte], background=None, **EXACT).data)
    assert cut.shape == (40, 60, 4)
    assert (cut[..., 3] == matte).all()
    tinted = pixels(render_preview(PHOTO, [MaskInput(matte, tint="#00ff00")], background="#0000ff", **EXACT).data)
    assert (tinted[0, 0] == (0, 0, 255)).all()
    assert np.abs(tinted[20, 20] - painted("#00ff00", PHOTO, 0.5)[20, 20]).max() <= 1


def test_options_of_the_preview() -> None:
    """Hidden labels are counted, undeclared values painted, borders outlined; sizes and formats as in a query."""
    ids = np.zeros((40, 60), np.uint8)
    ids[:, 30:] = 1
    labels = [MaskLabel(value=1, labels=["road"], color="#ff0000")]
    hidden = render_preview(PHOTO, [ids], mask_labels=labels, hide=["road"], **EXACT)
    assert (pixels(hidden.data) == PHOTO).all()
    assert hidden.report["masks"][0]["labels"][0]["pixels"] == 1200
    shown = pixels(render_preview(PHOTO, [ids], mask_labels=labels, unmapped="#0000ff", opacity=1.0, **EXACT).data)
    assert (shown[:, :30] == (0, 0, 255)).all()
    lined = pixels(render_preview(PHOTO, [ids], mask_labels=labels, opacity=0.0, outline=2, **EXACT).data)
    assert (lined[:, 30:32] == (255, 0, 0)).all()
    assert (lined[:, 32:] == PHOTO[:, 32:]).all()
    small = render_preview(PHOTO, [ids], mask_labels=labels, size=30, format="jpeg")
    assert (small.width, small.height, small.content_type) == (30, 20, "image/jpeg")


def test_a_mask_that_cannot_be_read_leaves_a_partial_preview() -> None:
    preview = render_preview(PHOTO, {"good": IDS, "bad": b"not an image"}, mask_labels=LABELS)
    assert preview.state == "partial"
    assert preview.report["masks"][1]["error"] == "mask_not_an_image"


def test_a_source_that_cannot_be_drawn_is_told_by_its_code() -> None:
    with pytest.raises(RenderFailed, match="not an image or video") as failed:
        render_preview(b"not an image")
    assert failed.value.code == "not_an_image"


@pytest.mark.parametrize(
    "choices",
    [
        {"size": 0},
        {"opacity": 1.5},
        {"outline": 65},
        {"background": "red"},
        {"unmapped": "#12"},
        {"format": "gif"},
        {"mode": "both"},
        {"format": "jpeg", "background": None},
        {"sise": 3},
    ],
)
def test_options_that_are_not_accepted_are_named(choices: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError), match=next(reversed(choices))):
        render_preview(PHOTO, [IDS], mask_labels=LABELS, **choices)


def test_labels_come_in_every_form_of_the_sdk_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    file.write_text(json.dumps({"1": "road", "2": "car"}))
    forms: list[Any] = [
        LABELS,
        {(1, 1, 1): "road", (2, 2, 2): "car"},
        [{"value": 1, "labels": ["road"]}, {"value": [2, 2, 2], "labels": "car"}],
        {"_all_": [{"value": 1, "labels": ["road"]}], "00": [{"value": 2, "labels": ["car"]}]},
        file,
    ]
    assert len({render_preview(PHOTO, [IDS], mask_labels=labels).data for labels in forms}) == 1
    with pytest.raises(LabelsError, match=r"\[1\].value"):
        render_preview(PHOTO, [IDS], mask_labels=[{"value": 1, "labels": "a"}, {"value": 1, "labels": "b"}])
    with pytest.raises(InputError, match="cannot be read"):
        render_preview(PHOTO, [IDS], mask_labels=tmp_path / "none.json")


@pytest.mark.parametrize("mask", ["mask.png", b"", Path("mask.png"), IDS, np.dstack([IDS] * 3), MaskInput(IDS)])
def test_a_single_mask_without_brackets_is_told(mask: Any) -> None:
    """Text, bytes and arrays could be gone through too: letter by letter, row by row."""
    with pytest.raises(TypeError, match=r"masks .* brackets"):
        render_preview(PHOTO, mask)


def test_a_single_hidden_label_without_brackets_is_told() -> None:
    with pytest.raises(TypeError, match=r"hide .* brackets"):
        render_preview(PHOTO, [IDS], mask_labels=LABELS, hide="road")


def test_an_index_map_tells_the_entry_of_each_pixel() -> None:
    found = render_index_map(PHOTO, IDS, mask_labels=LABELS, size=None)
    numbers = {entry.value: entry.index for entry in found.entries}
    expected = np.zeros_like(IDS)
    for value, number in numbers.items():
        expected[value == IDS] = number
    assert (pixels(found.data) == expected).all()
    assert (found.kind, found.width, found.height) == ("labels", 60, 40)
    assert render_index_map(PHOTO, IDS).kind == "opacity"
    with pytest.raises(RenderFailed, match="not_an_image"):
        render_index_map(PHOTO, b"none")


def test_notebooks_show_previews_and_files_hold_them(tmp_path: Path) -> None:
    preview = render_preview(PHOTO)
    assert set(preview._repr_mimebundle_()) == {"image/webp"}
    preview.save(tmp_path / "out.webp")
    assert (tmp_path / "out.webp").read_bytes() == preview.data


def test_importing_the_package_imports_no_picture_library() -> None:
    """The services import it in processes that draw nothing."""
    asked = "import sys, mattebox_renderer; print({'PIL', 'numpy', 'av'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "set()"
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = mattebox_renderer.no_such_name
