"""The command line with a real registry and a real renderer: import, look, token."""

import os
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.command_line import run
from support.live_stack import LiveRegistry, write_image


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands write what they left out to where they were started."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def pictures(folder: Path) -> Path:
    """Three images with masks, and a labels file, in a folder of the test's own."""
    for number in range(3):
        write_image(folder / "images" / f"{number}.png", (number, 100, 200))
        write_image(folder / "masks" / f"{number}.png", number)
    (folder / "labels.json").write_text('{"0": "sky", "1": "road", "2": ["car", "vehicle"]}')
    return folder


def import_folder(registry: LiveRegistry, folder: Path, *options: str, columns: str = "140") -> tuple[int, str, str]:
    """Import the test's pictures into a dataset of the folder's name."""
    source = [str(folder / "images"), "--masks", str(folder / "masks"), "--dataset", folder.name]
    return run(registry, "import", "folder", *source, *options, columns=columns)


def summary_of(out: str) -> dict[str, Any]:
    """Read the summary of `--json`."""
    summary: dict[str, Any] = msgspec.json.decode(out)
    return summary


def test_a_folder_is_imported_and_every_preview_drawn(registry: LiveRegistry, pictures: Path) -> None:
    """What was found is told first, the counts last."""
    code, out, err = import_folder(registry, pictures, "--labels", str(pictures / "labels.json"))
    assert code == 0
    assert [line.split()[:2] for line in err.splitlines()[:4]] == [
        ["3", "images"],
        ["3", "masks"],
        ["3", "pairs"],
        ["4", "labels"],
    ]
    assert f"✓ {pictures.name} / imported  3 new, 0 known already" in out
    assert "3 ready" in out


def test_importing_again_doubles_nothing(registry: LiveRegistry, pictures: Path) -> None:
    """Frames are known by their path, files by their content; a new picture is added."""
    assert import_folder(registry, pictures)[0] == 0
    write_image(pictures / "images" / "3.png", (3, 3, 3))
    write_image(pictures / "masks" / "3.png", 3)
    code, out, _ = import_folder(registry, pictures, "--json")
    summary = summary_of(out)
    assert (code, summary["created"], summary["updated"], summary["previews"]["ready"]) == (0, 1, 3, 4)
    blobs = [path for path in (registry.data / "blobs").rglob("*") if path.is_file()]
    assert len({path.read_bytes() for path in blobs}) == len(blobs)


def test_failures_are_grouped_by_reason_and_make_the_import_fail(registry: LiveRegistry, pictures: Path) -> None:
    """Each reason comes with what it means and where to look; partial previews count too."""
    (pictures / "images" / "0.png").write_text("no picture")
    (pictures / "masks" / "1.png").write_text("no mask")
    code, out, _ = import_folder(registry, pictures)
    assert code == 1
    assert "1 ready · 1 partial · 1 failed" in out
    lines = [line.split() for line in out.splitlines()]
    assert any(line[:2] == ["1", "not_an_image"] and "0.png" in line for line in lines)
    assert any(line[:2] == ["1", "mask_not_an_image"] and "1.png" in line for line in lines)


def test_files_can_be_read_in_place(registry: LiveRegistry, pictures: Path) -> None:
    """Without uploads the frames point to the files, and the import need not wait."""
    code, out, err = import_folder(registry, pictures, "--no-upload", "--no-wait", "--version", "in place", "--json")
    summary = summary_of(out)
    assert (code, summary["version"], summary["previews"]) == (0, "in place", None)
    assert "mattebox status" in err
    assert summary_of(import_folder(registry, pictures, "--no-upload", "--version", "in place", "--json")[1])[
        "previews"
    ] == {"pending": 0, "ready": 3, "partial": 0, "failed": 0, "unsupported": 0}


def test_what_is_left_out_is_told(registry: LiveRegistry, pictures: Path) -> None:
    """Images and masks without a partner are named, and so are labels that belong to nothing."""
    write_image(pictures / "images" / "lonely.png", (0, 0, 0))
    write_image(pictures / "masks" / "stray.png", 0)
    (pictures / "labels.json").write_text('{"typo": [{"value": 1, "labels": ["x"]}]}')
    code, _, err = import_folder(registry, pictures, "--labels", str(pictures / "labels.json"))
    assert code == 0
    assert "left out, 1 image without a mask: lonely.png" in err
    assert "left out, 1 mask without an image: stray.png" in err
    assert "not used: typo" in err
    assert Path("mattebox-left-out.csv").read_text() == (
        "what,noun,why\nlonely.png,image,without a mask\nstray.png,mask,without an image\n"
    )


def test_a_labels_file_may_name_a_value_twice(registry: LiveRegistry, pictures: Path) -> None:
    """Exports of annotation tools do; the plan tells what became of it."""
    (pictures / "labels.json").write_text(
        '[{"value": [0, 0, 0], "labels": ["ego"], "color": "#ff0000"}, {"value": [1, 1, 1], "labels": ["road"]},'
        ' {"value": [0, 0, 0], "labels": ["border"]}, {"value": [0, 0, 0], "labels": "x", "color": "#00ff00"}]'
    )
    code, _, err = import_folder(registry, pictures, "--labels", str(pictures / "labels.json"))
    assert code == 0
    assert "note: 2 repeated values in the labels: each value is taken once, with all its labels" in err
    assert "1 asked for another colour than the first, which counts." in err


def test_a_published_version_is_not_imported_into(registry: LiveRegistry, pictures: Path) -> None:
    """The way on is another version."""
    summary = summary_of(import_folder(registry, pictures, "--json")[1])
    version = f"{registry.url}/api/v1/versions/{summary['version_id']}/publish"
    subprocess.run(
        ["curl", "-fsS", "-X", "POST", "-H", f"Authorization: Bearer {registry.token}", version],
        check=True,
        capture_output=True,
    )
    code, _, err = import_folder(registry, pictures)
    assert code == 2
    assert "read-only: name another one with --version" in err


def test_status_shows_every_version_with_its_counts(registry: LiveRegistry, pictures: Path) -> None:
    """The same for people and for programs."""
    import_folder(registry, pictures)
    code, out, _ = run(registry, "status")
    assert code == 0
    assert out.startswith(f"● {registry.url}  ready  store ok  redis ok  delivery ok")
    lines = [line.split() for line in out.splitlines()]
    assert ["Renderer", "host", "processes", "jobs", "longest"] in lines
    assert ["bulk", "0", "waiting,", "0", "under", "way"] in lines
    states = next(line for line in lines if line[:2] == ["Dataset", "Version"])[3:]
    (row,) = [line[3:] for line in lines if line[:3] == [pictures.name, "imported", "draft"]]
    assert dict(zip(["frames", *states], row, strict=True))["ready"] == "3"
    found = summary_of(run(registry, "status", "--json")[1])
    assert found["ready"] is True
    assert pictures.name in [row["dataset"]["name"] for row in found["versions"]]


def test_status_cuts_no_name_where_the_terminal_is_narrow(registry: LiveRegistry, pictures: Path) -> None:
    """States that no version has take no room, and an id can be copied in one piece."""
    name = f"{pictures.name} with a name of quite some length"
    summary = summary_of(import_folder(registry, pictures, "--dataset", name, "--json")[1])
    code, out, _ = run(registry, "status", "--ids", columns="80")
    assert code == 0
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= 80
    assert any(line.startswith(f"{summary['version_id']}  ") for line in out.splitlines())
    assert summary["version_id"] not in run(registry, "status")[1]


def test_an_import_ends_with_the_versions_id_and_a_command_that_works(registry: LiveRegistry, pictures: Path) -> None:
    """Both in one piece, however narrow the terminal is."""
    version = summary_of(import_folder(registry, pictures, "--json")[1])["version_id"]
    out = import_folder(registry, pictures, columns="40")[1]
    assert f"  version id  {version}\n" in out
    command = next(line for line in out.splitlines() if line.startswith("  next")).removeprefix("  next").strip()
    result = subprocess.run(
        ["sh", "-c", f"{command.replace('-o preview.webp', '-o -')} -fsS"],
        check=True,
        env=os.environ | {"MATTEBOX_TOKEN": registry.token},  # noqa: TID251 - to a child
        capture_output=True,
        timeout=60,
    )
    assert result.stdout[:4] == b"RIFF"


def test_a_token_is_made_listed_used_and_revoked(registry: LiveRegistry) -> None:
    """The secret alone is on standard output, so that a script can keep it."""
    code, out, _ = run(registry, "token", "create", "script", "--scope", "read")
    assert code == 0
    secret = out.strip()
    assert run(registry, "status", "--token", secret)[0] == 0
    code, _, err = run(registry, "token", "list", "--token", secret)
    assert (code, "admin" in err) == (3, True)
    listed = msgspec.json.decode(run(registry, "token", "list", "--json")[1])
    (token,) = [token for token in listed if token["name"] == "script"]
    assert secret not in run(registry, "token", "list")[1]
    assert run(registry, "token", "revoke", token["id"])[0] == 0
    assert run(registry, "status", "--token", secret)[0] == 3
    assert "revoked" in run(registry, "token", "list")[1]


@pytest.mark.reference
@pytest.mark.parametrize(
    ("dataset", "frames"),
    [
        ("camvid_train60", 60),
        ("comma10k_a6", 6),
        ("alpha_lemur", 1),
        ("shapes_multi_mask", 2),
        ("pixelannotationtool_road1", 1),
    ],
)
def test_real_datasets_are_imported_with_every_preview_ready(
    registry: LiveRegistry, reference_data: Path, dataset: str, frames: int
) -> None:
    """Photos and masks as they are out there."""
    folder = reference_data / dataset
    labels = ["--labels", str(folder / "labels.json")] if (folder / "labels.json").exists() else []
    code, out, _ = import_folder(registry, folder, *labels, "--json")
    summary = summary_of(out)
    assert (code, summary["failures"], summary["previews"]["ready"]) == (0, [], frames)


def test_login_prints_a_link_with_a_new_code(registry: LiveRegistry) -> None:
    """Nothing but the link goes to standard output."""
    code, out, err = run(registry, "login")
    assert code == 0
    assert "works once" in err
    assert out.startswith(f"{registry.url}/login#")
    assert run(registry, "login")[1] != out
