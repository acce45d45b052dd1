"""A load generator in its own process: one request again and again over keep-alive connections.

It only counts bytes, so that on two cores the server is what is measured.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Annotated, cast

import typer
import uvloop

CONNECTIONS = 16
TIMEOUT_S = 60.0


class UnexpectedAnswer(Exception):
    """The server answered with another status, or hung up."""


class _Load:
    """So many requests, and what every answer must begin with; `done` ends with the last or the first wrong answer."""

    def __init__(self, request: bytes, status: int, requests: int) -> None:
        self.request = request
        self.begin = b"HTTP/1.1 %d " % status
        self.unsent = self.unanswered = requests
        self.done = asyncio.get_running_loop().create_future()

    def answered(self) -> None:
        self.unanswered -= 1
        if not self.unanswered:
            self.done.set_result(None)

    def fail(self, reason: str) -> None:
        if not self.done.done():
            self.done.set_exception(UnexpectedAnswer(reason))


class _Connection(asyncio.Protocol):
    """Sends the request, counts the answer's bytes, sends it again until all are sent.

    The first answer tells the length of all: the same request gets the same headers, of the same lengths.
    """

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._length = 0
        self._received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def _send(self) -> None:
        if self._load.unsent:
            self._load.unsent -= 1
            self._transport.write(self._load.request)

    def data_received(self, data: bytes) -> None:
        if not self._received:
            if not data.startswith(self._load.begin):
                self._load.fail(data[:40].decode("latin-1"))
                return
            self._length = self._length or _length(data)
        self._received += len(data)
        if self._received >= self._length:
            self._received = 0
            self._load.answered()
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.fail(f"connection lost: {exc}")


def _length(answer: bytes) -> int:
    """Bytes of an answer, told by its headers, which come in one piece."""
    head, end, _ = answer.lower().partition(b"\r\n\r\n")
    _, _, rest = head.partition(b"\r\ncontent-length:")
    return len(head) + len(end) + int(rest.partition(b"\r\n")[0] or 0)


async def _drive(port: int, load: tuple[bytes, int, int]) -> float:
    loop = asyncio.get_running_loop()
    shared = _Load(*load)
    start = time.perf_counter()
    async with asyncio.timeout(TIMEOUT_S):
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: _Connection(shared), "127.0.0.1", port)
        await shared.done
    return time.perf_counter() - start


def drive(port: int, path: str, headers: Mapping[str, str], *, status: int, requests: int) -> float:
    """Send `GET path` to 127.0.0.1 from another process; seconds until the last answer, all of the status given."""
    given = [str(port), path, str(status), str(requests), json.dumps(dict(headers))]
    run = subprocess.run([sys.executable, "-m", "benchmarks.load", *given], check=True, stdout=subprocess.PIPE)
    return float(run.stdout)


def main(
    port: Annotated[int, typer.Argument()],
    path: Annotated[str, typer.Argument()],
    status: Annotated[int, typer.Argument(help="Of every answer.")],
    requests: Annotated[int, typer.Argument()],
    headers: Annotated[str, typer.Argument(help="JSON object.")] = "{}",
) -> None:
    """Print the seconds that so many GET PATH on 127.0.0.1:PORT take."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in json.loads(headers).items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    print(uvloop.run(_drive(port, (request, status, requests))))


if __name__ == "__main__":
    typer.run(main)
