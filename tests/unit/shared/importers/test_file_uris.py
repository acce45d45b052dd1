"""What files are called where they lie."""

from pathlib import Path

import pytest

from mattebox.importers.file_uris import Located
from mattebox.importers.plan import DatasetFile


def test_a_file_is_called_by_the_place_that_links_lead_to(tmp_path: Path) -> None:
    """Links of folders above it, and its own; whatever its name."""
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "linked").symlink_to(real)
    for name in ("a.png", "b #1é%20.png"):
        (real / name).touch()
    (real / "c.png").symlink_to("a.png")
    (real / "gone.png").symlink_to("nowhere.png")
    located = Located()
    names = ["a.png", "b #1é%20.png", "gone.png", "c.png"]
    uris = [located.uri(DatasetFile(tmp_path, f"linked/{name}")) for name in names]
    assert uris == [(real / name).resolve().as_uri() for name in names]
    assert uris[3] == uris[0]


def test_the_root_may_be_where_the_program_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A URI has no folder that it goes by."""
    (tmp_path / "a.png").touch()
    monkeypatch.chdir(tmp_path)
    assert Located().uri(DatasetFile(Path(), "a.png")) == (tmp_path / "a.png").as_uri()
