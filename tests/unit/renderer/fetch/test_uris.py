"""What a URI is taken for, before anything is opened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox_renderer.fetch import FetchFailed
from mattebox_renderer.fetch.uris import file_path_parts, object_place, scheme_of, web_url


@pytest.mark.parametrize(
    "uri", ["", "/a/b", "a/b.png", "://x", "1s://b/k", "http//x", "s3 ://b/k", "http://x/\n", "\0"]
)
def test_no_scheme(uri: str) -> None:
    """Paths and strings with control characters are not URIs."""
    with pytest.raises(FetchFailed, match="bad_uri"):
        scheme_of(uri)


def test_schemes_have_no_case() -> None:
    """RFC 3986: the scheme is case-insensitive."""
    assert scheme_of("HTTPS://example.com/a") == "https"


def test_file_paths_are_decoded() -> None:
    """Percent-encoding, doubled slashes and single dots are undone, bytes that are no UTF-8 are kept."""
    assert file_path_parts("file:///a%20b//./%C3%A9/%FF.png") == (b"a b", "é".encode(), b"\xff.png")
    assert file_path_parts("file://localhost/a") == (b"a",)
    assert file_path_parts("file:/a") == (b"a",)


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("file://server/share/a.png", "blocked"),
        ("file:///a/../b", "blocked"),
        ("file:///a/%2e%2e/b", "blocked"),
        ("file:///a/%2E./b", "blocked"),
        ("file:///a%2f..%2fb", "blocked"),
        ("file:a.png", "bad_uri"),
        ("file://", "bad_uri"),
        ("file:///a%00b", "bad_uri"),
        ("file:///a?b", "bad_uri"),
        ("file:///a#b", "bad_uri"),
    ],
)
def test_file_uris_refused(uri: str, reason: str) -> None:
    """Ways up are found after decoding; what is no absolute path is no file URI."""
    with pytest.raises(FetchFailed) as failed:
        file_path_parts(uri)
    assert failed.value.reason == reason


@given(st.binary(max_size=40))
def test_no_file_uri_leads_up(path: bytes) -> None:
    """Whatever is encoded, the parts hold no separator, no NUL and no way up."""
    uri = "file:///" + "".join(f"%{byte:02x}" for byte in path)
    try:
        parts = file_path_parts(uri)
    except FetchFailed:
        return
    assert not any(part in (b"", b".", b"..") or b"/" in part or b"\0" in part for part in parts)


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://user:secret@example.com/", "blocked"),
        ("http://user@example.com/", "blocked"),
        ("http://example.com@10.0.0.1/", "blocked"),
        ("http://:80/", "bad_uri"),
        ("http:///a", "bad_uri"),
        ("http://example.com:99999/", "bad_uri"),
        ("http://[::1/", "bad_uri"),
    ],
)
def test_web_uris_refused(uri: str, reason: str) -> None:
    """Credentials in a URI would end up in logs and answers; without a host there is nothing to ask."""
    with pytest.raises(FetchFailed) as failed:
        web_url(uri)
    assert failed.value.reason == reason


@pytest.mark.parametrize(
    "location", ["ftp://example.com/a", "file:///etc/passwd", "gopher://x/", "//u:p@example.com/a"]
)
def test_redirects_stay_on_the_web(location: str) -> None:
    """A redirect may not change to another scheme or bring credentials."""
    with pytest.raises(FetchFailed, match="blocked"):
        web_url(location, web_url("https://example.com/a"))


def test_signed_urls_are_sent_as_they_are() -> None:
    """Quoting a signature again would break it; what could not be sent is quoted."""
    signed = "https://example.com/a%2Fb?X-Amz-Credential=A%2F1&X-Amz-Signature=00%3D"
    assert str(web_url(signed)) == signed
    assert str(web_url("https://example.com/a b")) == "https://example.com/a%20b"


@pytest.mark.parametrize(
    "uri",
    ["s3://", "s3://bucket", "s3://bucket/", "s3:///key", "s3://a@b/key", "s3://evil.com#/key", "s3:b/k", "s3://a:1/k"],
)
def test_buckets_that_are_none(uri: str) -> None:
    """A bucket becomes part of a host name: nothing passes that could end it."""
    with pytest.raises(FetchFailed, match="bad_uri"):
        object_place(uri)


def test_object_keys_are_taken_as_written() -> None:
    """Keys are not percent-decoded, as with the stores' own tools."""
    assert object_place("s3://my.bucket-1/a%20b/c?d.png") == ("my.bucket-1", "a%20b/c?d.png")
