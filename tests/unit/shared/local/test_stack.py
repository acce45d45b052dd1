"""What `up` checks before it starts anything."""

import os
import socket
from pathlib import Path

import pytest

from mattebox_runtime.local.errors import LocalError, PortInUse
from mattebox_runtime.local.settings import Settings, check_places, default_workers
from mattebox_runtime.local.stack import claim_port


def test_port_in_use_names_the_option() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Port {port} .* in use .*--port"):
            claim_port("127.0.0.1", port)


def test_port_zero_takes_a_free_one() -> None:
    assert claim_port("127.0.0.1", 0) > 0


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortInUse, match="cannot be used"):
        claim_port("192.0.2.1", 8750)


def test_file_roots_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    checked = check_places(Settings(data="kept/here", file_roots=("photos",)))
    assert checked.file_roots == (str(tmp_path / "photos"),)
    assert (checked.data, (tmp_path / "kept" / "here").is_dir()) == (str(tmp_path / "kept" / "here"), True)


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """Data directories that cannot be used, by what is wrong with them."""
    (tmp_path / "file").write_text("a file")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "logs").write_text("a file in the way")
    return {
        "no directories are made there": "/proc/x",
        "a file": str(tmp_path / "file"),
        "below a file": str(tmp_path / "file" / "x"),
        "a file within": str(tmp_path / "half"),
        "an unknown user": "~no-such-user/x",
        "too long": str(tmp_path / ("x" * 300)),
    }


@pytest.mark.parametrize(
    "fault",
    [
        "no directories are made there",
        "a file",
        "below a file",
        "a file within",
        "an unknown user",
        "too long",
    ],
)
def test_data_directory_that_cannot_be_used_names_the_option_and_the_way_out(
    places: dict[str, str], fault: str
) -> None:
    with pytest.raises(LocalError, match=r"with --data \(or MATTEBOX_DATA\)") as refusal:
        check_places(Settings(data=places[fault]))
    assert str(refusal.value).startswith(f"--data {places[fault]}: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_data_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LocalError, match="cannot be written to"):
            check_places(Settings(data=str(tmp_path)))
    finally:
        tmp_path.chmod(0o700)


def test_file_root_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="--file-root /no/such/place"):
        check_places(Settings(data=str(tmp_path), file_roots=("/no/such/place",)))


def test_file_root_with_a_comma_is_refused(tmp_path: Path) -> None:
    """Roots travel to the renderers in one variable, parted by commas."""
    (tmp_path / "a,b").mkdir()
    with pytest.raises(LocalError, match="comma"):
        check_places(Settings(data=str(tmp_path), file_roots=(str(tmp_path / "a,b"),)))


@pytest.mark.parametrize("cidr", ["10.0.0.1/8", "nonsense", "10.0.0.0/33"])
def test_range_that_is_none_is_named(tmp_path: Path, cidr: str) -> None:
    with pytest.raises(LocalError, match=f"--allow-cidr {cidr}"):
        check_places(Settings(data=str(tmp_path), allow_cidrs=(cidr,)))


def test_workers_are_one_per_core_and_at_most_four() -> None:
    assert 1 <= default_workers() <= 4
