"""docs/rendering.md: its pictures are what the renderer draws today, its queries and commands are accepted."""

import importlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from mattebox.cli.app import make_app
from mattebox_registry.http.preview_query import read_index_map_query, read_preview_query
from mattebox_renderer import render_index_map, render_preview

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "rendering.md").read_text()
PICTURES = DOCS / "images" / "rendering"

SHOWN = re.findall(r"!\[([^\]]*)\]\(images/rendering/([\w-]+)\.webp\)", PAGE)
QUERIES = sorted(set(re.findall(r"`([a-z]+(?:\.[a-z]+)?=[^`]*)`", PAGE)))
SHELL = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).replace("\\\n", "")
COMMANDS = [line for line in SHELL.splitlines() if line.startswith("mattebox render ")]

MAX_BYTES = 1_000_000
ROOM = 6
"""Levels between two drawings, on the average of 8 x 8 pixels: codecs and fonts of another release differ by less."""


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """The script that makes the pictures; it lies outside of every package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS / "images")
        yield importlib.import_module("make_rendering")
    for name in ("make_rendering", "rendering_inputs"):
        del sys.modules[name]


@pytest.fixture(scope="module")
def inputs(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the files that the commands name."""
    directory = tmp_path_factory.mktemp("inputs")
    script.write_inputs(directory)
    return directory


def block(name: str) -> str:
    """Give the fenced block of the page that follows a named comment."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)\n```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def blurred(data: bytes) -> np.ndarray:
    """Average 8 x 8 pixels, premultiplied, so that hidden colours do not count."""
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGBA").convert("RGBa")).astype(float)
    height, width = (side // 8 * 8 for side in pixels.shape[:2])
    squares = pixels[:height, :width].reshape(height // 8, 8, width // 8, 8, 4)
    return np.asarray(np.mean(squares, axis=(1, 3)))


def test_the_page_shows_all_pictures_and_says_what_each_shows(script: ModuleType) -> None:
    """None is missing, forgotten or without words for those who cannot see it; together they are small."""
    names = sorted(name for _, name in SHOWN)
    files = list(PICTURES.iterdir())
    assert names == sorted(file.stem for file in files) == sorted([*script.SHOTS, *script.SPECIAL])
    assert [name for words, name in SHOWN if len(words) < 15] == []
    assert sum(file.stat().st_size for file in files) < MAX_BYTES


@pytest.mark.parametrize("name", [name for _, name in SHOWN])
def test_a_picture_is_what_is_drawn_today(script: ModuleType, inputs: Path, name: str) -> None:
    """After a change that is meant, `python docs/images/make_rendering.py` makes them anew."""
    stored, drawn = blurred((PICTURES / f"{name}.webp").read_bytes()), blurred(script.draw_picture(name, inputs))
    assert stored.shape == drawn.shape
    assert np.abs(stored - drawn).max() <= ROOM


def test_over_a_picture_stands_the_query_that_made_it(script: ModuleType) -> None:
    """Or, for parts that are magnified together, right before their table."""
    wrong = []
    for before, header, row in re.findall(r"([^\n]*)\n\n(\|[^\n]+\|)\n\|[-|]+\|\n(\|[^\n]+\|)", PAGE):
        for caption, cell in zip(header.split(" | "), row.split(" | "), strict=True):
            name = re.search(r"images/rendering/([\w-]+)\.webp", cell)
            shot = script.SHOTS.get(name[1]) if name else None
            if shot is not None and shot.caption not in caption and not (shot.finish and shot.caption in before):
                wrong.append((caption, shot.caption))
    assert wrong == []


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_page_is_accepted(query: str) -> None:
    pairs = parse_qsl(query, keep_blank_values=True)
    if query.startswith("mask="):
        assert read_index_map_query(pairs).options.mask
    else:
        assert read_preview_query(pairs, None)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_is_accepted(inputs: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Where it may not write it is refused last, after all it says was understood, and before it draws."""
    monkeypatch.chdir(inputs)
    result = CliRunner().invoke(make_app(), [*shlex.split(command)[1:], "-o", "nowhere/out.png"])
    assert "There is no folder 'nowhere'" in " ".join(result.stderr.split())
    assert [word for word in shlex.split(command) if is_input(word) and not Path(word.partition("=")[0]).exists()] == []


def is_input(word: str) -> bool:
    """Tell whether an argument names a file; those that commands write do not count."""
    return bool(re.search(r"\.(jpg|mp4|mkv|json)$|\.png(=alpha)?$", word)) and word not in {"map.png", *OUTPUTS}


OUTPUTS = re.findall(r"-o ([\w.-]+)", SHELL)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_says_what_made_the_picture_of_its_name(script: ModuleType, command: str) -> None:
    """That an option of the command draws what it does in Python is tested where the command is."""
    words = shlex.split(command)[2:]
    name = Path(words[words.index("-o") + 1]).stem
    shot = script.SHOTS.get(name)
    if shot is not None and shot.finish is None:
        assert sorted(words) == sorted(arguments_of(shot, name))


def arguments_of(shot: Any, name: str) -> Iterator[str]:
    """Say a shot as arguments of `mattebox render`."""
    yield from (shot.scene.source, "--size", "480", "-o", f"{name}.webp")
    options = [("mask", mask) for mask in shot.scene.masks]
    options += [("labels", shot.scene.labels)] if shot.scene.labels else []
    options += shot.fields.items()
    for option, value in parse_qsl(shot.query):
        family, _, mask = option.partition(".")
        options += [(family, f"{mask}={each}" if mask else each) for each in value.split(",")]
    for option, value in options:
        yield from (f"--{option}", str(value))


def test_the_report_on_the_page_is_that_of_its_command(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(inputs)
    monkeypatch.setenv("COLUMNS", "80")
    (command,) = (command for command in COMMANDS if command.endswith("-o things.webp"))
    result = CliRunner().invoke(make_app(), shlex.split(command)[1:])
    told = [line.rstrip() for line in result.output.splitlines()]
    # The first line says how many bytes a codec made of it.
    assert told[1:] == block("report").splitlines()[1:]


def test_the_legend_on_the_page_is_that_of_its_map(inputs: Path) -> None:
    found = render_index_map(inputs / "street.jpg", inputs / "classes.png", mask_labels=inputs / "labels.json")
    assert msgspec.json.decode(block("legend")) in msgspec.to_builtins(found.entries)


def test_the_page_says_what_its_lossy_mask_lost(inputs: Path) -> None:
    preview = render_preview(inputs / "street.jpg", [inputs / "classes.jpg"], mask_labels=inputs / "labels.json")
    (report,) = preview.report["masks"]
    snapped, unmapped = (round(100 * report[found]["share"]) for found in ("snapped", "unmapped"))
    assert f"pixels {snapped} % are not exact and were snapped; {unmapped} %, at borders, are too far" in PAGE
