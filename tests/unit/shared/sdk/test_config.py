"""Where the registry is."""

import pytest

from mattebox.config import Connection, connection, from_environment, is_local
from mattebox.errors import ConfigurationError


def test_arguments_beat_the_environment_which_beats_the_default() -> None:
    """The nearest word counts."""
    environment = {"MATTEBOX_URL": "https://there/", "MATTEBOX_TOKEN": "t"}
    assert from_environment(environment={}) == Connection("http://127.0.0.1:8750")
    assert from_environment(environment=environment) == Connection("https://there", "t")
    assert from_environment("http://here", "mine", environment=environment) == Connection("http://here", "mine")


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
