"""A bucket of S3 over a folder: as much as listing and reading takes, spoken over real HTTP by a thread of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

PAGE = 2
"""Keys in a page of a list: as few as make several pages of everything."""


@contextmanager
def served_bucket(name: str, folder: Path) -> Iterator[str]:
    """Serve a folder as a bucket until the end of the block; give the endpoint. Nobody may read the key `locked`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, name, folder)) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), name="bucket")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, bucket: str, folder: Path, *connection: Any) -> None:
        self._bucket = bucket
        self._folder = folder
        super().__init__(*connection)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        bucket, _, key = unquote(url.path).lstrip("/").partition("/")
        file = self._folder / key
        if bucket != self._bucket:
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
        elif key == "locked":
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        elif not key:
            asked = {field: values[0] for field, values in parse_qs(url.query).items()}
            self._answer(200, _listed(self._folder, asked.get("prefix", ""), asked.get("continuation-token", "")))
        elif not file.is_file():
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._object(file.read_bytes(), self.headers.get("Range"))

    def do_HEAD(self) -> None:
        self.do_GET()

    def _object(self, content: bytes, wanted: str | None) -> None:
        if wanted is None:
            self._answer(200, content)
            return
        first, last = map(int, wanted.removeprefix("bytes=").split("-"))
        part = content[first : last + 1]
        self._answer(206, part, {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(content)}"})

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(status)
        known = {"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Content-Length": str(len(body))}
        for field, value in {**known, **headers}.items():
            self.send_header(field, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


def _listed(folder: Path, prefix: str, after: str) -> bytes:
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    keys = sorted(key for key in files if key.startswith(prefix) and key > after)
    page = "".join(
        f"<Contents><Key>{escape(key)}</Key><Size>{files[key].stat().st_size}</Size>"
        "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
        for key in keys[:PAGE]
    )
    more = len(keys) > PAGE
    rest = f"<NextContinuationToken>{escape(keys[PAGE - 1])}</NextContinuationToken>" if more else ""
    truncated = "true" if more else "false"
    return f"<ListBucketResult><IsTruncated>{truncated}</IsTruncated>{rest}{page}</ListBucketResult>".encode()
