"""An event loop in a thread of its own, for synchronous callers: works where a loop runs already, as in notebooks."""

import asyncio
import os
import selectors
import threading
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

CleanUp = Callable[[], Awaitable[None]]


class LoopThread:
    """Runs coroutines for threads that have no loop.

    Started when made; ended by `close`, at the end of the process, or when nothing refers to it any more. `clean_up`
    is awaited in the loop before it ends.
    """

    def __init__(self, clean_up: CleanUp) -> None:
        # Of our own: the default executor of a loop can only be shut down by a new thread, and at exit there is none.
        executor = ThreadPoolExecutor(thread_name_prefix="mattebox-files")
        selector = selectors.DefaultSelector()
        loop = asyncio.SelectorEventLoop(selector)
        loop.set_default_executor(executor)
        thread = threading.Thread(target=loop.run_forever, name="mattebox", daemon=True)
        self._parts = _Parts(loop, thread, executor, clean_up, os.getpid())
        self._end = weakref.finalize(self, _end, self._parts)
        os.register_at_fork(after_in_child=partial(_leave_to_parent, weakref.ref(self), selector))
        thread.start()

    @property
    def alive(self) -> bool:
        """Whether it can run anything: not closed, and not copied from the process that forked this one."""
        return self._end.alive and self._parts.pid == os.getpid()

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine beside the caller, who asks for the result or cancels it.

        Raises:
            RuntimeError: called from inside the loop, which would wait for itself.
        """
        if threading.current_thread() is self._parts.thread:
            work.close()
            raise RuntimeError("A callback of Mattebox cannot call Mattebox: do that after the call has returned.")
        return asyncio.run_coroutine_threadsafe(work, self._parts.loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end; it is cancelled when the caller is interrupted. Raises what `start` raises."""
        future = self.start(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def iterate(self, items: AsyncIterator[T], batch: int) -> Iterator[T]:
        """Give the items of an asynchronous iterator, `batch` of them for each change of threads."""
        try:
            while taken := self.run(_take(items, batch)):
                yield from taken
                if len(taken) < batch:
                    return
        finally:
            if isinstance(items, AsyncGenerator) and self.alive:
                self.run(items.aclose())

    def close(self) -> None:
        """End the loop and its threads; twice is the same as once."""
        self._end()


class _Parts(NamedTuple):
    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    executor: ThreadPoolExecutor
    clean_up: CleanUp
    pid: int


async def _take(items: AsyncIterator[T], count: int) -> list[T]:
    taken: list[T] = []
    async for item in items:
        taken.append(item)
        if len(taken) == count:
            break
    return taken


def _end(parts: _Parts) -> None:
    if parts.pid != os.getpid():
        _inherited.append(parts)
        return
    if threading.current_thread() is parts.thread:  # the garbage collector runs anywhere
        parts.loop.stop()
        return
    asyncio.run_coroutine_threadsafe(_finish(parts.clean_up), parts.loop).result()
    parts.loop.call_soon_threadsafe(parts.loop.stop)
    parts.thread.join()
    parts.executor.shutdown()
    parts.loop.close()


async def _finish(clean_up: CleanUp) -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await clean_up()
    await asyncio.get_running_loop().shutdown_asyncgens()


_inherited: list[_Parts] = []
"""What a fork copied from its parent, kept so that it is never collected: its connections are the parent's."""


def _leave_to_parent(loop_thread: "weakref.ref[LoopThread]", selector: selectors.DefaultSelector) -> None:
    living = loop_thread()
    if living is None or not living._end.alive:  # noqa: SLF001 - its own module
        return
    # An epoll set is shared over a fork: whatever is closed here would fall out of the parent's set too.
    with selectors.DefaultSelector() as own:
        os.dup2(own.fileno(), selector.fileno())
