"""What `up` checks before it starts anything."""

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
    assert check_places(Settings(file_roots=("photos",))).file_roots == (str(tmp_path / "photos"),)


def test_file_root_that_is_not_there_is_named() -> None:
    with pytest.raises(LocalError, match="--file-root /no/such/place"):
        check_places(Settings(file_roots=("/no/such/place",)))


def test_file_root_with_a_comma_is_refused(tmp_path: Path) -> None:
    """Roots travel to the renderers in one variable, parted by commas."""
    (tmp_path / "a,b").mkdir()
    with pytest.raises(LocalError, match="comma"):
        check_places(Settings(file_roots=(str(tmp_path / "a,b"),)))


@pytest.mark.parametrize("cidr", ["10.0.0.1/8", "nonsense", "10.0.0.0/33"])
def test_range_that_is_none_is_named(cidr: str) -> None:
    with pytest.raises(LocalError, match=f"--allow-cidr {cidr}"):
        check_places(Settings(allow_cidrs=(cidr,)))


def test_workers_are_one_per_core_and_at_most_four() -> None:
    assert 1 <= default_workers() <= 4
