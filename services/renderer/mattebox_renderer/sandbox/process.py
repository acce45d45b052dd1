"""One drawing process as its parent sees it: start, one exchange at a time, kill, last words."""

import asyncio
import math
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from mattebox_renderer.child.terms import MAX_CLIPS, Confinement, Terms
from mattebox_renderer.child.wire import ANSWER, FILES_PER_MESSAGE, REQUEST, Answer, Request
from mattebox_renderer.sandbox.places import Place
from mattebox_renderer.settings import Settings
from mattebox_runtime import codec

Program: TypeAlias = Sequence[str]

DRAWING_PROGRAM: Program = (sys.executable, "-I", "-m", "mattebox_renderer.child")

# One thread each: there are as many processes as the operator wants processors used.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

# glibc gives each image's memory back to the kernel and has it zeroed anew for the next: 2,000 page faults and 7 ms of
# system time a draw at 2048x1024, 9,000 and 25 ms where the preview is as large. With these it keeps what is below
# 32 MiB, up to 64 MiB of it unused. Other C libraries ignore them.
_KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20)}

_ENVIRONMENT = {"LANG": "C.UTF-8", **_ONE_THREAD, **_KEEP_MEMORY}

_START_TIMEOUT_S = 30.0

# A source and its mask are two clips.
_MAX_POSITIONS = MAX_CLIPS // 2
_MAX_LAST_WORDS = 400

_PART_BYTES = 2**16


class ProcessGone(Exception):
    """The drawing process died, or answered what no sound one would answer."""


class NeverStarted(ProcessGone):
    """The drawing process died without reading what it was to draw."""


class _Receiving:
    """An answer on its way; whoever waits for its body is woken once, when it is whole."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self.body: asyncio.Future[memoryview] = self._loop.create_future()
        """Fails with ProcessGone or ConnectionError."""
        self._data = bytearray()
        self._loop.add_reader(connection, self._read)

    def end(self) -> None:
        """Read no more."""
        self._loop.remove_reader(self._connection)

    def _read(self) -> None:
        if self.body.done():
            return
        try:
            self._take(self._connection.recv(_PART_BYTES))
        except BlockingIOError:
            return
        except (ProcessGone, OSError) as error:
            self.body.set_exception(error)

    def _take(self, part: bytes) -> None:
        if not part:
            raise ProcessGone("the process died")
        self._data += part
        if len(self._data) < ANSWER.size:
            return
        (length,) = ANSWER.unpack_from(self._data)
        missing = ANSWER.size + length - len(self._data)
        if length > codec.MAX_BYTES:
            raise ProcessGone("the answer is too long")
        if missing < 0:
            raise ProcessGone("there is more than an answer")
        if not missing:
            self.body.set_result(memoryview(self._data)[ANSWER.size :])


class DrawingProcess:
    """A running child; made by `start_process`."""

    def __init__(self, child: subprocess.Popen[bytes], connection: socket.socket, errors: int) -> None:
        self._child = child
        self._connection = connection
        self._errors = errors
        self.pid = child.pid
        self.draws = 0
        self.confinement = Confinement(network=False, files=False, calls=False)
        self.home: str | None = None
        self._positions: dict[str, float] = {}

    def position(self, clip: str) -> float | None:
        """Tell the moment of a clip that was drawn last; None of clips that will hardly be open any more."""
        return self._positions.get(clip)

    def note(self, place: Place) -> None:
        """Note what was drawn."""
        self._positions.pop(place.clip, None)
        self._positions[place.clip] = place.timestamp
        if len(self._positions) > _MAX_POSITIONS:
            del self._positions[next(iter(self._positions))]

    async def greet(self) -> None:
        """Wait until the process is ready. Raises ProcessGone."""
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                ready = await self._receive()
        except (TimeoutError, ConnectionError) as error:
            raise ProcessGone("the process did not start") from error
        if ready.confinement is None:
            raise ProcessGone("the process did not say how it is confined")
        self.confinement = ready.confinement

    async def exchange(self, request: Request, files: Sequence[int]) -> Answer:
        """Send one request and wait for its answer.

        A process whose exchange did not end with an answer must be killed, or the answer would meet the next request.

        Raises:
            NeverStarted: it was dead already.
            ProcessGone: it died, or its answer is not one.
        """
        body = msgspec.msgpack.encode(request)
        header = REQUEST.pack(len(body), len(files))
        try:
            # Never blocks: the process has read all that was sent before.
            for start in range(FILES_PER_MESSAGE, len(files), FILES_PER_MESSAGE):
                socket.send_fds(self._connection, [header], files[start - FILES_PER_MESSAGE : start])
                header = b"+"
            last = files[-(len(files) % FILES_PER_MESSAGE or FILES_PER_MESSAGE) :]
            sent = socket.send_fds(self._connection, [header, body], last) - len(header)
            if sent < len(body):
                await asyncio.get_running_loop().sock_sendall(self._connection, memoryview(body)[sent:])
            answer = await self._receive()
        except ConnectionError as error:
            # After it has read a request whole, its death is the end of the stream instead.
            raise NeverStarted("the process was dead") from error
        self._last_words()
        self.draws += 1
        return answer

    async def _receive(self) -> Answer:
        receiving = _Receiving(self._connection)
        try:
            return msgspec.msgpack.decode(await receiving.body, type=Answer)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ProcessGone("the answer is not an answer") from error
        finally:
            receiving.end()

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._child.kill()

    async def bury(self) -> str:
        """Wait for the end of a killed process and free what it held; gives its last words on one short line."""
        # A thread: it can take the kernel a while to free gigabytes.
        status = await asyncio.to_thread(self._child.wait)
        words = self._last_words()
        self._connection.close()
        os.close(self._errors)
        return f"exit {status}: {words}" if words else f"exit {status}"

    def _last_words(self) -> str:
        try:
            written = os.read(self._errors, 2**16)
        except BlockingIOError:
            return ""
        return " | ".join(written.decode(errors="replace").split("\n")).strip(" |")[-_MAX_LAST_WORDS:]


def start_process(settings: Settings, program: Program) -> DrawingProcess:
    """Start a child with an empty environment, its socket and nothing else open; `greet` waits until it is ready.

    Called on the event loop's thread: the kernel ties a child's life to the thread that started it.
    """
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    # What a child writes beyond the pipe is lost; it must not block on it.
    for handle in (reading, writing):
        os.set_blocking(handle, False)
    ours.setblocking(False)
    terms = Terms(
        socket_fd=theirs.fileno(),
        parent_pid=os.getpid(),
        memory_bytes=settings.child_memory_mb * 2**20,
        cpu_s=math.ceil(settings.deadline_s),
        max_pixels=settings.max_pixels,
    )
    try:
        child = subprocess.Popen(  # noqa: S603 - the program is this interpreter and our own module
            [*program, terms.encode()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=writing,
            env=_ENVIRONMENT,
            cwd="/",
            umask=0o077,
            pass_fds=[theirs.fileno()],
            # Ctrl-C in a terminal is for the parent, which drains first.
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        os.close(reading)
        raise
    finally:
        theirs.close()
        os.close(writing)
    return DrawingProcess(child, ours, reading)
