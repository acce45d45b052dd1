"""The loop of a drawing process: receive files, draw, answer."""

import faulthandler
import os
import select
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec

from mattebox_renderer.child.confinement import allow_cpu_seconds, confine
from mattebox_renderer.child.files import KEEP_S, Content, Files
from mattebox_renderer.child.terms import Terms
from mattebox_renderer.child.wire import ANSWER, FILES_PER_MESSAGE, REQUEST, Answer, Refusal, Request
from mattebox_renderer.outcome import Drawn, DrawRefused, Wish
from mattebox_runtime import codec
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import RenderSpec, decode_spec

# A preview travels on as one record; the rest of it takes less than this.
_MAX_BODY_BYTES = codec.MAX_BYTES - 2**20


class Draw(Protocol):
    """What this process does."""

    def __call__(
        self,
        spec: RenderSpec,
        source: Content,
        masks: Sequence[Content | Failure],
        tables: Mapping[bytes, bytes],
        *,
        wish: Wish,
    ) -> Drawn:
        """Raises DrawRefused."""


def serve(draw: Draw, terms: Terms) -> None:
    """Confine this process, then draw until the other end closes the socket.

    An exception of `draw` other than DrawRefused and MemoryError is a fault of this build: it ends the process.
    """
    faulthandler.enable()
    confinement = confine(terms)
    # Closed by the end of the process, not before: by then a traceback has been written.
    connection = socket.socket(fileno=terms.socket_fd)
    _send(connection, Answer(confinement=confinement))
    # Not select(): the number of the socket is the parent's, and may be above 1024.
    requests = select.poll()
    requests.register(connection, select.POLLIN)
    files = Files(terms.memory_bytes // 2)
    while True:
        if files.keeps_any and not requests.poll(KEEP_S * 1000):
            files.forget()
        try:
            request, handles = _receive(connection)
        except EOFError:
            return
        allow_cpu_seconds(terms.cpu_s, time.process_time())
        try:
            answer = _answer(draw, request, files, handles)
        finally:
            for handle in handles:
                os.close(handle)
        _send(connection, answer)


def _answer(draw: Draw, request: Request, files: Files, handles: Sequence[int]) -> Answer:
    """Draw; once more without anything kept from before if something was refused, which might be due to that."""
    kept_any = files.keeps_any
    answer = _answer_once(draw, request, files, handles)
    if kept_any and _refuses(answer, request):
        files.forget()
        return _answer_once(draw, request, files, handles)
    return answer


def _refuses(answer: Answer, request: Request) -> bool:
    failure = None if answer.drawn is None else answer.drawn.failure
    return answer.refusal is not None or (failure is not None and failure not in request.failures)


def _answer_once(draw: Draw, request: Request, files: Files, handles: Sequence[int]) -> Answer:
    try:
        contents = iter([files.read(handle, size) for handle, size in zip(handles, request.sizes, strict=True)])
        source = next(contents)
        masks = [next(contents) if failure is None else failure for failure in request.failures]
        drawn = draw(decode_spec(request.spec), source, masks, request.tables, wish=request.wish)
    except DrawRefused as refused:
        return Answer(refusal=Refusal(refused.code, refused.state))
    except MemoryError:
        # The limit of memory is a limit of pixels by another name; trying again would not help.
        return Answer(refusal=Refusal("too_many_pixels", spent=True))
    finally:
        files.end_draw()
    if len(drawn.body) > _MAX_BODY_BYTES:
        return Answer(refusal=Refusal("too_many_pixels"))
    return Answer(drawn=drawn)


def _receive(connection: socket.socket) -> tuple[Request, list[int]]:
    """Wait for a request. Raises EOFError when the other end is gone."""
    header, files, _, _ = socket.recv_fds(connection, REQUEST.size, FILES_PER_MESSAGE)
    if not header:
        raise EOFError
    length, file_count = REQUEST.unpack(header)
    while len(files) < file_count:
        _, more, _, _ = socket.recv_fds(connection, 1, FILES_PER_MESSAGE)
        files += more
    body = bytearray(length)
    with memoryview(body) as view:
        received = 0
        while received < length:
            count = connection.recv_into(view[received:])
            if not count:
                raise EOFError
            received += count
    return msgspec.msgpack.decode(body, type=Request), files


def _send(connection: socket.socket, answer: Answer) -> None:
    body = msgspec.msgpack.encode(answer)
    # The other end may have left; the next receive tells.
    with suppress(BrokenPipeError, ConnectionResetError):
        # At once, or the other end would wake up twice.
        connection.sendall(ANSWER.pack(len(body)) + body)
