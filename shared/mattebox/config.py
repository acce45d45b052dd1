"""Where the registry is, and the token for it. The only place of the SDK that reads the environment."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from mattebox.errors import ConfigurationError

URL_VARIABLE = "MATTEBOX_URL"
TOKEN_VARIABLE = "MATTEBOX_TOKEN"  # noqa: S105 - the name of a variable, not a token
DATA_VARIABLE = "MATTEBOX_DATA"
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
    """Take what is not given from MATTEBOX_URL and MATTEBOX_TOKEN; the URL of `mattebox up` where neither is.

    Raises:
        ConfigurationError: not an http or https URL.
    """
    return connection(
        url or environment.get(URL_VARIABLE) or DEFAULT_URL,
        token or environment.get(TOKEN_VARIABLE),
    )


def is_local(url: str) -> bool:
    """Tell whether a URL points to this machine, whose data directory may hold the token."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
