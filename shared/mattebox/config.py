"""Where the registry is, and the token for it. The only place of the SDK that reads the environment."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct, ValidationError, convert
from msgspec.structs import replace

from mattebox.errors import ConfigurationError, InputError

URL_VARIABLE = "MATTEBOX_URL"
TOKEN_VARIABLE = "MATTEBOX_TOKEN"  # noqa: S105 - the name of a variable, not a token
DATA_VARIABLE = "MATTEBOX_DATA"
CONFIG_VARIABLE = "MATTEBOX_CONFIG"
CACHE_VARIABLE = "MATTEBOX_CACHE"
DEFAULT_URL = "http://127.0.0.1:8750"
DEFAULT_DATA = "mattebox-data"
TOKEN_FILE = "token"  # noqa: S105 - the name of a file, not a token


class Connection(Struct, frozen=True):
    """A registry's address, without a slash at its end, and the token to show there."""

    url: str
    token: str | None = None
    token_from: str = "that was given"  # noqa: S105 - words about a token
    """Which token it is, in words."""
    token_file: str | None = None
    """Where a server on this machine keeps its own, as far as is known."""

    def __repr__(self) -> str:
        return f"Connection(url={self.url!r})"

    @property
    def is_token_kept(self) -> bool:
        """Whether the token is that of a data directory, if there is one."""
        return self.token_file is not None and self.token_from == _in(self.token_file)

    def token_advice(self) -> str:
        """Say what to do where the registry takes no token, or not this one."""
        what = f"does not know the token {self.token_from}"
        if self.token is None:
            what = f"wants a token, and there is none {_in(self.token_file)}" if self.token_file else "wants a token"
        way = f"set {TOKEN_VARIABLE}, or pass a token"
        if self.is_token_kept:
            way = f"set {DATA_VARIABLE} to the data directory of the server, or {TOKEN_VARIABLE}, or pass a token"
        elif self.token_file:
            way += f"; a server on this machine keeps its own in its data directory, which may be {self.token_file!r}"
        return f"The registry at {self.url} {what}: {way}."


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
    data: Path | None = None,
    environment: Mapping[str, str] = os.environ,  # noqa: TID251 - the one place of the SDK that may
) -> Connection:
    """Take what is not given from MATTEBOX_URL and MATTEBOX_TOKEN, then from the configuration file.

    Where nothing names a URL it is that of `mattebox up`; where nothing names a token, a server on this machine gets
    that of its data directory: `data`, or as MATTEBOX_DATA says. The token of the file is shown to the registry of
    the file alone.

    Raises:
        ConfigurationError: not an http or https URL, or the file cannot be used.
        InputError: there is a token in the data directory that cannot be read.
    """
    file = _read_file(environment)
    chosen = url or environment.get(URL_VARIABLE) or file.url or DEFAULT_URL
    own = file.token if chosen.rstrip("/") == (file.url or DEFAULT_URL).rstrip("/") else None
    here = connection(chosen, token or environment.get(TOKEN_VARIABLE) or own)
    if not token and here.token is not None:
        origin = f"of {TOKEN_VARIABLE}" if environment.get(TOKEN_VARIABLE) else _in(_file_path(environment))
        here = replace(here, token_from=origin)
    if not is_local(chosen):
        return here
    data = data or Path(environment.get(DATA_VARIABLE) or DEFAULT_DATA)
    here = replace(here, token_file=str(data.absolute() / TOKEN_FILE))
    if here.token is not None:
        return here
    return replace(here, token=connection(chosen, kept_token(data)).token, token_from=_in(here.token_file))


def _in(file: str | Path | None) -> str:
    return f"in {str(file)!r}"


def kept_token(data: Path) -> str | None:
    """Give the token that a server keeps in its data directory; None where there is none.

    Raises:
        InputError: it cannot be read.
    """
    file = data / TOKEN_FILE
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
    path = _file_path(environment)
    if path is None or not (environment.get(CONFIG_VARIABLE) or path.is_file()):
        return _File()
    try:
        return convert(tomllib.loads(path.read_text("utf-8")), _File)
    except OSError as error:
        raise ConfigurationError(f"The configuration file {str(path)!r} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        message = f'The configuration file {str(path)!r} should hold url = "..." and token = "..." and nothing else'
        # The error itself may quote the token.
        raise ConfigurationError(f"{message}.") from error


def _file_path(environment: Mapping[str, str]) -> Path | None:
    if named := environment.get(CONFIG_VARIABLE):
        return Path(named)
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
