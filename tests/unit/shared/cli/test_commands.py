"""The command line, as far as it goes without a registry."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from mattebox import __version__
from mattebox.cli import extra_commands
from mattebox.cli.app import make_app
from mattebox.cli.connect import Server
from mattebox.errors import InputError

PLAIN = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "140"}


def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run a command in this process and give its exit code and what it wrote."""
    result = CliRunner().invoke(make_app(), list(arguments), env=PLAIN | environment)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("arguments", "taught"),
    [
        (["--help"], ["mattebox demo", "mattebox import folder IMAGES --masks MASKS", "up", "demo", "status", "token"]),
        (["import", "folder", "--help"], ["--recursive", "lemur_alpha.png", '"7": "road"', "MATTEBOX_URL"]),
        (["import", "voc", "--help"], ["mattebox import voc VOCdevkit/VOC2012", "SegmentationObject", "labelmap.txt"]),
        (["export", "--help"], ["mattebox export camvid/imported backup --format frames-json", "pngs", "files.csv"]),
        (["token", "create", "--help"], ["--scope read --scope ingest"]),
        (["status", "--help"], ["--json", "code 1"]),
    ],
)
def test_help_teaches_by_examples(arguments: list[str], taught: list[str]) -> None:
    """Whoever asks for help can copy a line that works."""
    code, out, _ = run(*arguments)
    assert code == 0
    assert [words for words in taught if words not in out] == []


def test_the_version_is_told() -> None:
    """One line, for scripts."""
    assert run("--version") == (0, f"mattebox {__version__}\n", "")


def test_no_registry_is_one_line_and_an_exit_code() -> None:
    """No traceback, and what to do next."""
    code, out, err = run("status", "--url", "http://127.0.0.1:9")
    assert (code, out) == (3, "")
    assert err == (
        "error: No registry answers at http://127.0.0.1:9: start one with `mattebox up`, or set MATTEBOX_URL.\n"
    )


def test_a_wrong_address_is_a_wrong_argument() -> None:
    """The message shows what one looks like."""
    code, _, err = run("status", "--url", "localhost")
    assert code == 2
    assert err.startswith("error: 'localhost' is not the URL of a registry")


def test_files_that_cannot_be_imported_are_told_before_a_registry_is_asked(tmp_path: Path) -> None:
    """The folders are looked at first."""
    code, _, err = run("import", "folder", str(tmp_path / "a"), "--masks", str(tmp_path), "--dataset", "d")
    assert (code, err) == (2, f"error: There is no file or folder '{tmp_path / 'a'}'.\n")


def test_the_token_of_a_local_server_is_found_in_its_data_directory(tmp_path: Path) -> None:
    """It is shown to this machine alone, and a token that is given comes first."""
    (tmp_path / "token").write_text("kept\n")

    def token(url: str, given: str = "") -> str | None:
        return Server(url, given, tmp_path).client()._transport.connection.token

    assert token("http://127.0.0.1:8750") == "kept"
    assert token("http://127.0.0.1:8750", "given") == "given"
    assert token("https://mattebox.example") is None


def test_the_configuration_file_says_where_the_registry_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To commands as to programs; an argument comes first."""
    file = tmp_path / "config.toml"
    file.write_text('url = "http://127.0.0.1:9"\ntoken = "t"')
    monkeypatch.setenv("MATTEBOX_CONFIG", str(file))
    monkeypatch.delenv("MATTEBOX_URL", raising=False)
    assert "No registry answers at http://127.0.0.1:9:" in run("status")[2]
    assert "No registry answers at http://127.0.0.1:19:" in run("status", "--url", "http://127.0.0.1:19")[2]


def test_a_token_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The way out is in the message."""
    (tmp_path / "token").mkdir()
    with pytest.raises(InputError, match=r"token.*--token"):
        Server("http://localhost:1", "", tmp_path).client()


def commands_of(monkeypatch: pytest.MonkeyPatch, value: str) -> typer.Typer:
    """Put the commands together as if `extra` were registered by an installed package."""
    entry = EntryPoint("extra", value, extra_commands.GROUP)
    monkeypatch.setattr(extra_commands, "entry_points", lambda group: [entry])
    return make_app()


def test_a_command_of_another_package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` and `demo` come from above the SDK, which does not import them."""
    app = commands_of(monkeypatch, "textwrap:dedent")
    result = CliRunner().invoke(app, ["extra", "--help"], env=PLAIN)
    assert result.exit_code == 0
    assert "Remove any common leading whitespace" in result.stdout


def test_a_command_that_is_not_installed_is_listed_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever arguments it is given."""
    app = commands_of(monkeypatch, "a_package_that_is_not_there:up")
    assert "pip install 'mattebox[all]'" in CliRunner().invoke(app, ["--help"], env=PLAIN).stdout
    result = CliRunner().invoke(app, ["extra", "--port", "1", "x"], env=PLAIN)
    assert result.exit_code == 2
    assert result.stderr == (
        "error: `mattebox extra` needs more than the SDK (a_package_that_is_not_there): pip install 'mattebox[all]'\n"
    )


def test_a_fault_of_ours_is_not_taken_for_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of Mattebox that should be there is a bug, and shows as one."""
    with pytest.raises(ModuleNotFoundError):
        commands_of(monkeypatch, "mattebox.no_such_module:up")


def test_the_console_script_runs_in_a_process_of_its_own() -> None:
    """As people start it, with the exit code they see."""
    script = Path(sys.executable).with_name("mattebox")
    result = subprocess.run(
        [script, "status"],
        check=False,
        env=os.environ | PLAIN | {"MATTEBOX_URL": "http://127.0.0.1:9"},  # noqa: TID251 - handed on to a child
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 3
    assert result.stderr.startswith("error: No registry answers")
    assert "Traceback" not in result.stderr
