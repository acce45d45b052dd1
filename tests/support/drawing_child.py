"""A drawing process whose draws do what the spec's source URI says: for tests of the pool.

Started by path, with the same flags as the real one, so that it is confined in the same way.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mattebox_renderer.child.files import Content
from mattebox_renderer.child.serving import serve
from mattebox_renderer.child.terms import decode_terms
from mattebox_renderer.outcome import Drawn, DrawRefused, Wish
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import RenderSpec

PROGRAM = (sys.executable, "-I", __file__)


def draw(
    spec: RenderSpec,
    source: Content,
    masks: Sequence[Content | Failure],
    tables: Mapping[bytes, bytes],
    *,
    wish: Wish,
) -> Drawn:
    """Do the deed named by the source URI, then give back what came in."""
    name, _, argument = spec.source.uri.partition(":")
    told = DEEDS[name](argument)
    report = {
        "told": told,
        "masks": [
            mask.code if isinstance(mask, Failure) else bytes(mask[:]).decode(errors="replace") for mask in masks
        ],
        "tables": [[digest.hex(), table.decode()] for digest, table in tables.items()],
        "kind": type(source).__name__,
    }
    body = bytes(int(argument)) if name == "answer-bytes" else bytes(source[:])
    content_type = "text/html" if name == "wrong-type" else "image/webp"
    return Drawn("ready", body, content_type, 1, 1, report)


def _refuse(code: str) -> None:
    raise DrawRefused(code)


def _take_memory(megabytes: str) -> None:
    bytearray(int(megabytes) << 20)


def _spin(_: str) -> None:
    while True:
        pass


def _hang(_: str) -> None:
    threading.Event().wait()


def _wait_s(seconds: str) -> None:
    time.sleep(float(seconds))


def _raise(text: str) -> None:
    raise RuntimeError(text)


def _shout(text: str) -> None:
    os.write(2, text.encode() * 100_000)
    os._exit(3)


def _murmur(text: str) -> int:
    """Write to stderr as a C library would, that does not look whether it could; gives the bytes that were taken."""
    libc = ctypes.CDLL(None)
    return sum(max(0, libc.write(2, text.encode(), len(text))) for _ in range(20_000))


def _environment(_: str) -> dict[str, str]:
    return dict(os.environ)  # noqa: TID251 - what a stranger's code would see


def _open_files(_: str) -> list[str]:
    found = []
    for handle in range(512):
        try:
            os.fstat(handle)
        except OSError:
            continue
        found.append(str(handle))
    return found


def _attempt(action: Callable[[], object]) -> str:
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "done"


def _escape(argument: str) -> dict[str, str]:
    told = json.loads(argument)
    pid = os.getppid()
    return {
        "read": _attempt(lambda: Path(told["secret"]).read_bytes()),
        "write": _attempt(lambda: Path(told["writable"]).write_bytes(b"x")),
        "grow": _attempt(lambda: os.truncate(told["writable"], 9)),
        "environment of the parent": _attempt(lambda: Path(f"/proc/{pid}/environ").read_bytes()),
        "connect": _attempt(lambda: socket.create_connection(("127.0.0.1", told["port"]), 2)),
        "unix socket": _attempt(lambda: socket.socket(socket.AF_UNIX)),
        "signal": _attempt(lambda: os.kill(pid, 0)),
        "program": _attempt(lambda: subprocess.run(["/bin/true"], check=True)),
    }


DEEDS: dict[str, Callable[[str], object]] = {
    "echo": lambda _: None,
    "http": lambda _: None,
    "wrong-type": lambda _: None,
    "answer-bytes": lambda _: None,
    "refuse": _refuse,
    "memory": _take_memory,
    "spin": _spin,
    "hang": _hang,
    "wait": _wait_s,
    "raise": _raise,
    "shout": _shout,
    "murmur": _murmur,
    "sigkill": lambda _: signal.raise_signal(signal.SIGKILL),
    "segfault": lambda _: ctypes.string_at(0),
    "exit": lambda code: os._exit(int(code)),
    "environment": _environment,
    "files": _open_files,
    "escape": _escape,
    "pid": lambda _: os.getpid(),
}


if __name__ == "__main__":
    serve(draw, decode_terms(sys.argv[1]))
