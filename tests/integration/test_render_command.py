"""`mattebox render`: one preview without a server, and what it says when something is wrong."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from PIL import Image
from typer.testing import CliRunner, Result

from mattebox.cli.app import make_app
from mattebox_renderer import MaskInput, render_preview
from support.clips import Kind, encode_clip
from support.masks import blocks, encoded, noise

PHOTO = noise(60, 40)
IDS = blocks(60, 40, [0, 1, 2])
LABELS = {"1": "road", "2": ["car", "vehicle"]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a photo, two masks and labels, to work in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.png").write_bytes(encoded(PHOTO))
    (tmp_path / "ids.png").write_bytes(encoded(IDS))
    (tmp_path / "matte.png").write_bytes(encoded(blocks(60, 40, [0, 128, 255], seed=4)))
    (tmp_path / "labels.json").write_text(json.dumps(LABELS))
    return tmp_path


def render(*arguments: str, code: int = 0) -> Result:
    """Run the command; its exit code is `code`."""
    result = CliRunner().invoke(make_app(), ["render", *arguments])
    assert result.exit_code == code, result.output
    return result


def told(result: Result) -> str:
    """Give what was said on standard error in one line."""
    return " ".join(result.stderr.split())


def pixels(file: Path) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image)


CASES: list[tuple[list[str], dict[str, Any]]] = [
    ([], {}),
    (["--mask", "ids.png"], {"masks": {"ids": IDS}}),
    (["--mask", "ids.png=segmentation", "--opacity", "0.3"], {"masks": {"ids": IDS}, "opacity": 0.3}),
    (["--mask", "ids.png", "--opacity", "ids=1"], {"masks": {"ids": MaskInput(IDS, opacity=1.0)}}),
    (["--mask", "ids.png", "--encoding", "index"], {"masks": {"ids": MaskInput(IDS, encoding="index")}}),
    (["--mask", "ids.png", "--hide", "road", "--hide", "none"], {"masks": {"ids": IDS}, "hide": ["road"]}),
    (["--mask", "ids.png", "--unmapped", "#ff00ff"], {"masks": {"ids": IDS}, "unmapped": "#ff00ff"}),
    (["--mask", "ids.png", "--outline", "2"], {"masks": {"ids": IDS}, "outline": 2}),
    (["--mask", "ids.png", "--mode", "alpha"], {"masks": {"ids": IDS}, "mode": "alpha"}),
    (["--size", "30"], {"size": 30}),
    (["--size", "full"], {"size": None}),
]


@pytest.mark.parametrize(("arguments", "choices"), CASES, ids=lambda case: " ".join(case) if case else "")
def test_an_option_draws_what_it_does_in_python(here: Path, arguments: list[str], choices: dict[str, Any]) -> None:
    """The confined process draws as the calling one does."""
    render("photo.png", *arguments, "--labels", "labels.json", "-o", "out.png")
    expected = render_preview(PHOTO, **choices, mask_labels=here / "labels.json", format="png")
    assert (here / "out.png").read_bytes() == expected.data


def test_mattes_with_background_and_tint(here: Path) -> None:
    matte = pixels(here / "matte.png")
    for option, mask in (
        ("#00ff00", MaskInput(matte, tint="#00ff00")),
        ("matte=#00ff00", MaskInput(matte, tint="#00ff00")),
    ):
        render("photo.png", "--mask", "matte.png", "--tint", option, "--background", "transparent", "-o", "out.webp")
        expected = render_preview(PHOTO, {"matte": mask}, background=None)
        assert (here / "out.webp").read_bytes() == expected.data


def test_several_masks_are_drawn_in_their_order(here: Path) -> None:
    """An alpha mask and one of labels; the list that names a file is that mask's own."""
    (here / "labels.json").write_text(json.dumps({"ids.png": [{"value": 1, "labels": ["road"], "color": "#ff0000"}]}))
    arguments = ["--mask", "matte.png=alpha", "--mask", "ids.png", "--labels", "labels.json"]
    render("photo.png", *arguments, "-o", "out.jpg")
    matte = MaskInput(pixels(here / "matte.png"), mode="alpha")
    ids = MaskInput(IDS, labels=[{"value": 1, "labels": ["road"], "color": "#ff0000"}])
    expected = render_preview(PHOTO, {"matte": matte, "ids": ids}, format="jpeg")
    assert (here / "out.jpg").read_bytes() == expected.data


def test_a_frame_of_a_video_with_its_mask(here: Path) -> None:
    """The timestamp holds for the source and for masks."""
    clip = encode_clip(Kind("ffv1", "matroska"))
    for name in ("clip.mkv", "mask.mkv"):
        (here / name).write_bytes(clip)
    render("clip.mkv", "--mask", "mask.mkv=alpha", "--timestamp", "500", "-o", "out.png")
    expected = render_preview(clip, {"mask": MaskInput(clip, mode="alpha", timestamp=500)}, timestamp=500, format="png")
    assert (here / "out.png").read_bytes() == expected.data
    assert "no frame at this timestamp" in told(render("clip.mkv", "--timestamp", "1e6", "-o", "x.png", code=2))


def test_the_report_as_json(here: Path) -> None:
    arguments = ["--mask", "ids.png", "--labels", "labels.json", "-o", "out.webp", "--report", "json"]
    report = json.loads(render("photo.png", *arguments, "--index", "index.png").stdout)
    assert report["preview"] == {
        "file": "out.webp", "state": "ready", "content_type": "image/webp", "width": 60, "height": 40,
        "bytes": (here / "out.webp").stat().st_size,
    }  # fmt: skip
    (mask,) = report["report"]["masks"]
    assert {tuple(entry["labels"]): entry["pixels"] for entry in mask["labels"]} == {
        ("road",): (IDS == 1).sum(),
        ("car", "vehicle"): (IDS == 2).sum(),
    }
    entries = {entry["index"]: entry for entry in report["index"]["entries"]}
    found = pixels(here / "index.png")
    for number, entry in entries.items():
        assert ((found == number) == (entry["value"][0] == IDS)).all()


def test_the_report_as_a_table(here: Path) -> None:
    """Labels with their pixels, and what nothing declares."""
    page = render(
        "photo.png", "--mask", "ids.png", "--labels", "labels.json", "-o", "o.png", "--report", "table"
    ).stdout
    assert "60x40 png" in page
    (row,) = [line.split() for line in page.splitlines() if "road" in line]
    assert row == ["road", "1", "1", "1", f"{(IDS == 1).sum():,}", f"{(IDS == 1).mean():.2%}"]
    assert "unmapped" in page


def test_without_a_report_warnings_are_told(here: Path) -> None:
    result = render("photo.png", "--mask", "ids.png", "--labels", "labels.json", "-o", "out.png")
    assert result.stdout.startswith("out.png")
    assert "without an entry" in told(result)


def test_a_mask_that_cannot_be_read_is_left_out_and_told(here: Path) -> None:
    """The picture is written, the exit code says that it is not complete."""
    (here / "broken.png").write_bytes(b"no image")
    result = render("photo.png", "--mask", "broken.png", "--report", "table", "-o", "out.png", code=1)
    assert "mask broken: The file is not an image" in told(result)
    assert "mask_not_an_image" in result.stdout
    assert (pixels(here / "out.png") == PHOTO).all()


LABEL_FAULTS = {
    "no.json": (None, "cannot be read"),
    "text.json": ("{", "not JSON"),
    "short.json": ('[{"value": [1, 2, 3], "labels": ["a"]}, {"value": [1, 2], "labels": ["b"]}]', "entry 2"),
    "blank.json": ('[{"value": 1, "labels": [" "]}]', "not blank"),
    "other.json": ('{"road.png": [{"value": 1, "labels": ["a"]}]}', "_all_"),
}


@pytest.mark.parametrize("name", LABEL_FAULTS)
def test_what_is_wrong_with_labels_is_told(here: Path, name: str) -> None:
    content, words = LABEL_FAULTS[name]
    if content is not None:
        (here / name).write_text(content)
    result = render("photo.png", "--mask", "ids.png", "--labels", name, "-o", "out.png", code=2)
    assert name in told(result)
    assert words in told(result)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.png", "-o", "o.png"], "There is no file 'none.png'"),
        ([".", "-o", "o.png"], "is no file"),
        (["labels.json", "-o", "o.png"], "not an image or video"),
        (["photo.png", "--mask", "none.png", "-o", "o.png"], "There is no file 'none.png'"),
        (["photo.png", "--mask", "ids.png=soft", "-o", "o.png"], "use auto, segmentation, alpha"),
        (["photo.png", "-o", "o.gif"], "use .webp, .jpg, .jpeg, .png"),
        (["photo.png", "-o", "none/o.png"], "make it first"),
        (["photo.png", "-o", "photo.png"], "one of the inputs"),
        (["photo.png", "--mask", "ids.png", "-o", "o.png", "--index", "ids.png"], "one of the inputs"),
        (["photo.png", "--size", "huge", "-o", "o.png"], "or full"),
        (["photo.png", "--size", "0", "-o", "o.png"], "--size: 0 is no size"),
        (["photo.png", "--outline", "65", "-o", "o.png"], "--outline"),
        (["photo.png", "--mode", "both", "-o", "o.png"], "--mode both: use one of auto, segmentation, alpha"),
        (["photo.png", "--opacity", "much", "-o", "o.png"], "--opacity much"),
        (["photo.png", "--opacity", "2", "-o", "o.png"], "--opacity"),
        (["photo.png", "--opacity", "ids=1", "-o", "o.png"], "there is no mask 'ids'; give masks by --mask"),
        (["photo.png", "--mask", "ids.png", "--tint", "a=#ff0000", "-o", "o.png"], "the masks are ids"),
        (["photo.png", "--mask", "ids.png", "--encoding", "hex", "-o", "o.png"], "use one of auto, rgb, index"),
        (["photo.png", "--background", "red", "-o", "o.png"], "#rrggbb"),
        (["photo.png", "--background", "transparent", "-o", "o.jpg"], "JPEG has no transparency"),
        (["photo.png", "--index", "i.png", "-o", "o.png"], "one --mask, not 0"),
        (["photo.png", "--mask", "ids.png", "--index", "i.jpg", "-o", "o.png"], "end in .png"),
        (["http://127.0.0.1:1/a.png", "-o", "o.png"], "http://127.0.0.1/a.png"),
        (["ftp://host/a.png", "-o", "o.png"], "URIs of this scheme are not read"),
        (["photo.png", "--allow-cidr", "10.0.0.0/40", "--mask", "http://host/a.png", "-o", "o.png"], "10.0.0.0/8"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_say_what_to_do_next_and_nothing_is_written(here: Path, arguments: list[str], words: str) -> None:
    assert words in told(render(*arguments, code=2))
    assert not (here / "o.png").exists()


def test_names_that_look_odd(here: Path) -> None:
    """A file with = in its name, two masks of one name, a link, a file URI with a blank."""
    (here / "a=b.png").write_bytes(encoded(IDS))
    (here / "sub dir").mkdir()
    (here / "sub dir/ids.png").write_bytes(encoded(IDS))
    (here / "link.png").symlink_to(here / "photo.png")
    masks = ["--mask", "a=b.png", "--mask", "ids.png", "--mask", (here / "sub dir/ids.png").as_uri() + "=alpha"]
    result = render("link.png", *masks, "--labels", "labels.json", "-o", "out.png", "--report", "json")
    assert [mask["id"] for mask in json.loads(result.stdout)["report"]["masks"]] == ["a=b", "ids", "ids-2"]


def test_a_pipe_is_no_file_and_is_not_waited_for(here: Path) -> None:
    os.mkfifo(here / "pipe")
    assert "is no file" in told(render("pipe", "-o", "o.png", code=2))


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    """A web server with the photo on it."""

    async def photo(_: web.Request) -> web.Response:
        return web.Response(body=encoded(PHOTO))

    app = web.Application()
    app.router.add_get("/photo.png", photo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/photo.png"
    await runner.cleanup()


async def test_uris_are_fetched_under_the_rules_of_the_renderer(here: Path, origin: str) -> None:
    """A private address only where its range was named; what is secret in a query is not told."""
    command = ["mattebox", "render", origin + "?token=secret", "-o", "out.png", "--size", "full"]
    refused = await _run(command)
    assert refused.returncode == 2
    assert b"--allow-cidr" in refused.stderr
    assert b"secret" not in refused.stderr
    drawn = await _run([*command, "--allow-cidr", "127.0.0.0/8"])
    assert drawn.returncode == 0, drawn.stderr
    assert (pixels(here / "out.png") == PHOTO).all()


async def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    program = Path(sys.executable).parent / command[0]
    return await asyncio.to_thread(lambda: subprocess.run([program, *command[1:]], capture_output=True, check=False))


def test_the_limits_of_the_service_hold(here: Path) -> None:
    """A picture of more pixels than the renderer takes is refused by its header."""
    body = io.BytesIO()
    Image.new("1", (8_000, 7_000)).save(body, "PNG")
    (here / "bomb.png").write_bytes(body.getvalue())
    assert "more pixels" in told(render("bomb.png", "-o", "o.png", code=2))


def test_the_help_teaches_by_examples() -> None:
    page = render("--help").stdout
    assert page.count("mattebox render ") >= 6
    assert "Exit codes" in page
