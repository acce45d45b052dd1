"""Where the registry is, and the token for it. The only place of the SDK that reads the environment."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct, ValidationError, convert

from mattebox.errors import ConfigurationError, InputError

URL_VARIABLE = "MATTEBOX_URL"
TOKEN_VARIABLE = "MATTEBOX_TOKEN"  # noqa: S105 - the name of a variable, not a token
DATA_VARIABLE = "MATTEBOX_DATA"
CONFIG_VARIABLE = "MATTEBOX_CONFIG"
CACHE_VARIABLE = "MATTEBOX_CACHE"
DEFAULT_URL = "http://127.0.0.1:8750"
DEFAULT_DATA = "mattebox-data"


class Connection(Struct, frozen=True):
    """A registry's address, without a slash at its end, and the token to show there."""

    url: str
    token: str | None = None

    def __repr__(self) -> str:
        return f"Connection(url={self.url!r})"


def connection(url: str, token: str | None = None) -> Connection:
    """Check an address.

    Raises:
        ConfigurationError: not an http or https URL, or a token that cannot stand in a header.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(f"{url!r} is not the URL of a registry: it should look like {DEFAULT_URL}.")
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise ConfigurationError("The token holds characters that no token has: copy it again, in one piece.")
    return Connection(url.rstrip("/"), token or None)


def from_environment(
    url: str | None = None,
    token: str | None = None,
    *,
    environment: Mapping[str, str] = os.environ,  # noqa: TID251 - the one place of the SDK that may
) -> Connection:
    """Take what is not given from MATTEBOX_URL and MATTEBOX_TOKEN, then from the configuration file.

    Where nothing names a URL it is that of `mattebox up`; where nothing names a token, a server on this machine gets
    that of its data directory. The token of the file is shown to the registry of the file alone.

    Raises:
        ConfigurationError: not an http or https URL, or the file cannot be used.
        InputError: there is a token in the data directory that cannot be read.
    """
    file = _read_file(environment)
    chosen = url or environment.get(URL_VARIABLE) or file.url or DEFAULT_URL
    own = file.token if chosen.rstrip("/") == (file.url or DEFAULT_URL).rstrip("/") else None
    token = token or environment.get(TOKEN_VARIABLE) or own
    here = connection(chosen, token)
    if token is None and is_local(chosen):
        return connection(chosen, kept_token(Path(environment.get(DATA_VARIABLE) or DEFAULT_DATA)))
    return here


def kept_token(data: Path) -> str | None:
    """Give the token that a server keeps in its data directory; None where there is none.

    Raises:
        InputError: it cannot be read.
    """
    file = data / "token"
    try:
        return file.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        message = f"The token in {str(file)!r} cannot be read: give one by --token or MATTEBOX_TOKEN."
        raise InputError(message) from error


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    url: str | None = None
    token: str | None = None


def _read_file(environment: Mapping[str, str]) -> _File:
    named = environment.get(CONFIG_VARIABLE)
    path = Path(named) if named else _usual_file(environment)
    if path is None or not (named or path.is_file()):
        return _File()
    try:
        return convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as error:
        raise ConfigurationError(f"The configuration file {str(path)!r} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        message = f'The configuration file {str(path)!r} should hold url = "..." and token = "..." and nothing else'
        # The error itself may quote the token.
        raise ConfigurationError(f"{message}.") from error


def _usual_file(environment: Mapping[str, str]) -> Path | None:
    home = environment.get("XDG_CONFIG_HOME") or (f"{environment['HOME']}/.config" if "HOME" in environment else None)
    return Path(home) / "mattebox" / "config.toml" if home else None


def cache_directory(environment: Mapping[str, str] = os.environ) -> Path:  # noqa: TID251 - the one place of the SDK
    """Name the directory for downloaded sources and masks: MATTEBOX_CACHE, else the user's usual place."""
    named = environment.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    usual = environment.get("XDG_CACHE_HOME")
    return (Path(usual) if usual else Path.home() / ".cache") / "mattebox"


def is_local(url: str) -> bool:
    """Tell whether a URL points to this machine, whose data directory may hold the token."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
