"""Where the registry is."""

from pathlib import Path

import pytest

from mattebox.config import DEFAULT_URL, cache_directory, connection, from_environment, is_local
from mattebox.errors import ConfigurationError, InputError


def where(*given: str, environment: dict[str, str]) -> tuple[str, str | None]:
    """Give the address and the token that are found."""
    found = from_environment(*given, environment=environment)
    return found.url, found.token


def test_arguments_beat_the_environment_which_beats_the_default() -> None:
    """The nearest word counts."""
    environment = {"MATTEBOX_URL": "https://there/", "MATTEBOX_TOKEN": "t"}
    assert where(environment={}) == ("http://127.0.0.1:8750", None)
    assert where(environment=environment) == ("https://there", "t")
    assert where("http://here", "mine", environment=environment) == ("http://here", "mine")


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8750", "ftp://x", "http://", "http://u:p@x", "http://x?y=1", "http://x:port", "http://[x"]
)
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    """The message shows what one looks like."""
    with pytest.raises(ConfigurationError, match=r"http://127\.0\.0\.1:8750"):
        connection(url)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "tök"])
def test_a_token_that_cannot_be_sent_is_refused_without_repeating_it(token: str) -> None:
    """A token that was copied wrongly is told early, and not shown."""
    with pytest.raises(ConfigurationError) as caught:
        connection("http://x", token)
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "local"), [("http://localhost:1", True), ("http://[::1]:1", True), ("https://mattebox.example", False)]
)
def test_only_this_machine_is_local(url: str, local: bool) -> None:
    """The token of a local data directory is shown to no other machine."""
    assert is_local(url) is local


def config_file(tmp_path: Path, text: str) -> dict[str, str]:
    """Write the configuration file of a home directory, and give the environment that leads there."""
    folder = tmp_path / ".config" / "mattebox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)
    return {"HOME": str(tmp_path)}


def test_the_configuration_file_comes_last(tmp_path: Path) -> None:
    """Behind arguments and variables; in the usual place, or where a variable says."""
    home = config_file(tmp_path, 'url = "https://there/"\ntoken = "t"')
    assert where(environment=home) == ("https://there", "t")
    assert where(environment=home | {"MATTEBOX_TOKEN": "mine"}) == ("https://there", "mine")
    elsewhere = tmp_path / "other.toml"
    elsewhere.write_text('token = "o"')
    assert where(environment=home | {"MATTEBOX_CONFIG": str(elsewhere)}) == (DEFAULT_URL, "o")
    moved = {"HOME": "/nowhere", "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    assert from_environment(environment=moved).url == "https://there"
    assert where(environment={"HOME": "/nowhere"}) == (DEFAULT_URL, None)


def test_the_token_of_the_file_is_for_the_registry_of_the_file_alone(tmp_path: Path) -> None:
    """Another registry must not get to see it."""
    home = config_file(tmp_path, 'url = "https://there"\ntoken = "t"')
    assert where("https://evil", environment=home) == ("https://evil", None)
    assert where(environment=home | {"MATTEBOX_URL": "https://other"}) == ("https://other", None)
    assert from_environment("https://there/", environment=home).token == "t"  # noqa: S105 - of a test


@pytest.mark.parametrize("text", ["url = ", 'tokn = "secret-token"', "url = 7", "\udcff"])
def test_a_configuration_file_that_cannot_be_used_is_named_without_its_secrets(tmp_path: Path, text: str) -> None:
    """And it says what should be in it."""
    environment = {"MATTEBOX_CONFIG": str(tmp_path / "config.toml")}
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        from_environment(environment=environment)
    (tmp_path / "config.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigurationError, match=r"config\.toml.*url = ") as caught:
        from_environment(environment=environment)
    assert "secret-token" not in str(caught.value)


def test_what_to_do_about_a_token_names_where_it_came_from(tmp_path: Path) -> None:
    """A data directory that was looked into, as a whole path; nothing of this machine where the server is another's."""
    home = config_file(tmp_path, 'url = "https://there"\ntoken = "t"')
    data = {"MATTEBOX_DATA": str(tmp_path)}

    def advice(*given: str, environment: dict[str, str]) -> str:
        return from_environment(*given, environment=environment).token_advice()

    assert advice("http://x", "t", environment=data) == (
        "The registry at http://x does not know the token that was given: set MATTEBOX_TOKEN, or pass a token."
    )
    assert f"its data directory, which may be {str(tmp_path / 'token')!r}" in advice(
        "http://localhost:1", "t", environment=data
    )
    assert "token of MATTEBOX_TOKEN:" in advice(environment={"MATTEBOX_TOKEN": "t"})
    assert f"token in {str(tmp_path / '.config/mattebox/config.toml')!r}:" in advice(environment=home)
    assert advice("https://other", environment=data) == (
        "The registry at https://other wants a token: set MATTEBOX_TOKEN, or pass a token."
    )
    file = str(tmp_path / "token")
    assert f"wants a token, and there is none in {file!r}: set MATTEBOX_DATA to" in advice(environment=data)
    assert str(Path("mattebox-data/token").absolute()) in advice(environment={})
    (tmp_path / "token").write_text("kept")
    assert f"does not know the token in {file!r}: set MATTEBOX_DATA to" in advice(environment=data)


def test_downloads_are_kept_where_a_user_keeps_such_things(tmp_path: Path) -> None:
    """A variable, the desktop's rule, or the home directory."""
    assert cache_directory({"MATTEBOX_CACHE": "/c"}) == Path("/c")
    assert cache_directory({"XDG_CACHE_HOME": "/x"}) == Path("/x/mattebox")
    assert cache_directory({}) == Path.home() / ".cache" / "mattebox"


def test_a_server_of_this_machine_gets_the_token_of_its_data_directory(tmp_path: Path) -> None:
    """So that a notebook beside `mattebox up` needs no settings; another machine never gets to see it."""
    data = {"MATTEBOX_DATA": str(tmp_path)}
    assert from_environment(environment=data).token is None
    (tmp_path / "token").write_text("kept\n")
    assert from_environment(environment=data).token == "kept"  # noqa: S105 - of a test
    assert from_environment(token="mine", environment=data).token == "mine"  # noqa: S105, S106 - of a test
    assert from_environment("https://mattebox.example", environment=data).token is None
    (tmp_path / "token").write_bytes(b"\xff")
    with pytest.raises(InputError, match="cannot be read"):
        from_environment(environment=data)
