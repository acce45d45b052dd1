"""Taking URIs apart; every scheme's rules for what can be read at all."""

import re
from urllib.parse import unquote_to_bytes, urlsplit

from yarl import URL

from mattebox_renderer.fetch.content import FetchFailed

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")

# The bucket becomes part of a host name: nothing that could end it may pass.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,220}")


def scheme_of(uri: str) -> str:
    """Give the lower-case scheme. Raises FetchFailed: there is none, or a control character is in the URI."""
    found = _SCHEME.match(uri)
    if found is None or _CONTROL.search(uri):
        raise FetchFailed("bad_uri")
    return found[1].lower()


def file_path_parts(uri: str) -> tuple[bytes, ...]:
    """Give the names on the path of a file URI, decoded: `file:///a/b%20c` is a, b c.

    Raises:
        FetchFailed: `blocked` for another host or a way up, `bad_uri` for no absolute path, a query or a NUL.
    """
    pieces = urlsplit(uri)
    if pieces.netloc not in ("", "localhost"):
        raise FetchFailed("blocked")
    # Decoded before it is judged: %2e%2e is a way up, too.
    path = unquote_to_bytes(pieces.path)
    if not path.startswith(b"/") or b"\0" in path or pieces.query or pieces.fragment:
        raise FetchFailed("bad_uri")
    parts = tuple(part for part in path.split(b"/") if part not in (b"", b"."))
    if b".." in parts:
        raise FetchFailed("blocked")
    return parts


def web_url(uri: str, base: URL | None = None) -> URL:
    """Read an http(s) URI, or the Location of a redirect from `base`.

    Raises:
        FetchFailed: `blocked` for another scheme or credentials in it, `bad_uri` for no host.
    """
    try:
        # Signed URLs break when they are quoted again, so only those are that could not be sent as they are.
        url = URL(uri, encoded=uri.isascii() and " " not in uri)
        url = url if base is None else base.join(url)
        _ = url.port
    except ValueError as error:
        raise FetchFailed("bad_uri") from error
    if url.scheme not in ("http", "https") or url.user is not None or url.password is not None:
        raise FetchFailed("blocked")
    if not url.host:
        raise FetchFailed("bad_uri")
    return url


def object_place(uri: str) -> tuple[str, str]:
    """Give bucket and key of an s3, gs or az URI; keys are taken as they are written. Raises FetchFailed."""
    bucket, _, key = uri.partition("://")[2].partition("/")
    if not key or not _BUCKET.fullmatch(bucket):
        raise FetchFailed("bad_uri")
    return bucket, key
