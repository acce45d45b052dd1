"""A load generator in its own process: one request again and again over keep-alive connections.

It only counts bytes, so that on two cores the server is what is measured.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Annotated

import typer
import uvloop

CONNECTIONS = 16


class _Connection(asyncio.Protocol):
    """Sends the request, counts the answer's bytes, sends it again until the budget of requests is used up."""

    def __init__(self, request: bytes, budget: list[int], done: asyncio.Event) -> None:
        self._request = request
        self._budget = budget
        self._done = done
        self._missing = 0
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        if self._budget[0] <= 0:
            self._transport.close()
            self._done.set()
            return
        self._budget[0] -= 1
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._missing = end + 4 + _content_length(self._head[:end])
            data, self._head = self._head, b""
        self._missing -= len(data)
        if self._missing == 0:
            self._send()


def _content_length(head: bytes) -> int:
    if head.startswith((b"HTTP/1.1 304", b"HTTP/1.1 204")):
        return 0
    lowered = head.lower()
    start = lowered.index(b"content-length:") + len(b"content-length:")
    return int(lowered[start:].split(b"\r\n", 1)[0])


async def _drive(host: str, port: int, request: bytes, requests: int) -> float:
    loop = asyncio.get_running_loop()
    budget, finished = [requests], [asyncio.Event() for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for done in finished:
        await loop.create_connection(lambda done=done: _Connection(request, budget, done), host, port)  # type: ignore[misc]  # bound early on purpose
    await asyncio.gather(*(done.wait() for done in finished))
    return requests / (time.perf_counter() - start)


def requests_per_second(port: int, path: str, headers: Mapping[str, str], requests: int) -> float:
    """Measure `GET path` on 127.0.0.1 from another process."""
    command = [sys.executable, "-m", "benchmarks.load", str(port), path, str(requests), json.dumps(dict(headers))]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(run.stdout)


def main(
    port: Annotated[int, typer.Argument()],
    path: Annotated[str, typer.Argument()],
    requests: Annotated[int, typer.Argument()],
    headers: Annotated[str, typer.Argument(help="JSON object.")] = "{}",
) -> None:
    """Print the requests per second of GET PATH on 127.0.0.1:PORT."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in json.loads(headers).items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    print(uvloop.run(_drive("127.0.0.1", port, request, requests)))


if __name__ == "__main__":
    typer.run(main)
