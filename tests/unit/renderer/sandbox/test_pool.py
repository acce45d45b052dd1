"""The pool outlives whatever a drawing process does, and each draw gets its own answer."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import psutil
import pytest
import uvloop
from structlog.testing import capture_logs

from mattebox_renderer.outcome import DrawCrashed, Drawn, DrawRefused, DrawTimeout
from mattebox_renderer.sandbox import DrawPool, ProcessGone, open_pool
from mattebox_renderer.settings import Settings
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import RenderSpec, SourceSpec
from support.drawing_child import PROGRAM
from support.fetched import fetched


@pytest.fixture
async def pool() -> AsyncIterator[DrawPool]:
    """One process."""
    async with open_pool(Settings(), program=PROGRAM) as pool:
        yield pool


@pytest.fixture
async def hasty_pool() -> AsyncIterator[DrawPool]:
    """Two processes with a deadline of half a second."""
    async with open_pool(Settings(children=2, deadline_s=0.5), program=PROGRAM) as pool:
        yield pool


async def draw(
    pool: DrawPool,
    deed: str = "echo",
    source: bytes = b"source",
    masks: Sequence[bytes | Failure] = (),
    tables: Mapping[bytes, bytes] | None = None,
) -> Drawn:
    """Draw `source` in a process that does a deed of `support.drawing_child` first."""
    spec = RenderSpec(source=SourceSpec(uri=deed)).encode()
    contents = [mask if isinstance(mask, Failure) else fetched(mask) for mask in masks]
    with fetched(source) as content:
        try:
            return await pool.draw(spec, content, contents, tables or {})
        finally:
            for opened in contents:
                if not isinstance(opened, Failure):
                    opened.close()


def children() -> set[psutil.Process]:
    """Processes of this test run, the dead and unburied among them: those that draw, and services and browsers."""
    return set(psutil.Process().children())


async def test_everything_reaches_the_process_and_comes_back(pool: DrawPool) -> None:
    """Source, masks in their order with failures between them, and tables arrive as they were given."""
    masks: list[bytes | Failure] = [b"first", Failure("mask_not_found", mask="m"), b"", b"last"]
    drawn = await draw(pool, "echo", b"pixels", masks, {b"\1\2": b"table"})
    assert (drawn.state, drawn.body, drawn.content_type) == ("ready", b"pixels", "image/webp")
    assert drawn.report["masks"] == ["first", "mask_not_found", "", "last"]
    assert drawn.report["tables"] == [["0102", "table"]]


async def test_as_many_masks_as_a_source_may_have(pool: DrawPool) -> None:
    """256 masks are more files than one message over a socket takes."""
    drawn = await draw(pool, "echo", b"", [str(number).encode() for number in range(256)])
    assert drawn.report["masks"] == [str(number) for number in range(256)]


async def test_large_tables_and_answers(pool: DrawPool) -> None:
    """Nothing depends on the size of a socket's buffer."""
    tables = {bytes([number]): b"t" * 786_432 for number in range(4)}
    drawn = await draw(pool, "answer-bytes:30000000", tables=tables)
    assert len(drawn.body) == 30_000_000
    assert len(drawn.report["tables"][3][1]) == 786_432


async def test_large_sources_are_mapped(pool: DrawPool) -> None:
    """A video is not copied into the process to read a part of it."""
    drawn = await draw(pool, "echo", b"v" * (17 << 20))
    assert drawn.report["kind"] == "ClipFile"
    assert len(drawn.body) == 17 << 20


async def test_preview_too_large_to_travel_is_refused(pool: DrawPool) -> None:
    """A preview that no record could hold is refused by a code, not by a crash."""
    with pytest.raises(DrawRefused, match="too_many_pixels"):
        await draw(pool, "answer-bytes:67000000")


async def test_refusals_keep_the_process(pool: DrawPool) -> None:
    """A refusal is an ordinary answer."""
    before = (await draw(pool, "pid")).report["told"]
    with pytest.raises(DrawRefused) as refused:
        await draw(pool, "refuse:not_an_image")
    assert (refused.value.code, refused.value.state) == ("not_an_image", "failed")
    assert (await draw(pool, "pid")).report["told"] == before


@pytest.mark.parametrize("deed", ["sigkill", "segfault", "exit:0", "raise:a fault of ours", "shout:help "])
async def test_death_while_drawing_is_a_crash(pool: DrawPool, deed: str) -> None:
    """However a process dies, the draw ends as crashed and the next one is drawn by another process."""
    before = (await draw(pool, "pid")).report["told"]
    with pytest.raises(DrawCrashed):
        await draw(pool, deed)
    assert (await draw(pool, "pid")).report["told"] != before


@pytest.mark.parametrize("deed", ["wrong-type", "refuse:<script>"])
async def test_answer_of_a_process_that_was_taken_over_is_not_believed(pool: DrawPool, deed: str) -> None:
    """Only the content types and reason codes of Mattebox get out; the process that said something else ends."""
    before = (await draw(pool, "pid")).report["told"]
    with pytest.raises(DrawCrashed):
        await draw(pool, deed)
    assert (await draw(pool, "pid")).report["told"] != before


async def test_memory_is_bounded() -> None:
    """A picture that needs more memory than the process has is refused, and the process replaced."""
    async with open_pool(Settings(child_memory_mb=512), program=PROGRAM) as pool:
        before = (await draw(pool, "pid")).report["told"]
        with pytest.raises(DrawRefused, match="too_many_pixels"):
            await draw(pool, "memory:600")
        assert (await draw(pool, "pid")).report["told"] != before


@pytest.mark.parametrize("deed", ["spin", "hang"])
async def test_deadline(hasty_pool: DrawPool, deed: str) -> None:
    """A draw past its deadline is killed; the other process goes on meanwhile."""
    stuck = asyncio.create_task(draw(hasty_pool, deed), name="stuck")
    assert (await draw(hasty_pool)).body == b"source"
    with pytest.raises(DrawTimeout):
        await stuck
    assert [(await draw(hasty_pool)).state for _ in range(3)] == ["ready"] * 3


async def test_deadline_does_not_count_the_queue(hasty_pool: DrawPool) -> None:
    """Draws that wait for a process are not blamed for the wait."""
    answers = await asyncio.gather(*(draw(hasty_pool, "wait:0.2") for _ in range(10)))
    assert len(answers) == 10


async def test_four_stuck_of_two_hundred(hasty_pool: DrawPool) -> None:
    """Stuck draws cost their own deadline and nobody else's result, and each result is the draw's own."""
    deeds = ["hang" if number % 50 == 7 else "echo" for number in range(200)]
    answers = await asyncio.gather(
        *(draw(hasty_pool, deed, str(number).encode()) for number, deed in enumerate(deeds)), return_exceptions=True
    )
    for number, (deed, answer) in enumerate(zip(deeds, answers, strict=True)):
        if deed == "hang":
            assert isinstance(answer, DrawTimeout)
        else:
            assert isinstance(answer, Drawn)
            assert answer.body == str(number).encode()


async def test_cancelled_draw_leaves_no_answer_behind(pool: DrawPool) -> None:
    """The answer to a draw that nobody waits for any more never meets the next one."""
    for number in range(5):
        abandoned = asyncio.create_task(draw(pool, "wait:0.05", b"stale"), name="abandoned")
        await asyncio.sleep(0.02)
        abandoned.cancel()
        with pytest.raises(asyncio.CancelledError):
            await abandoned
        assert (await draw(pool, "echo", str(number).encode())).body == str(number).encode()


async def test_cancelled_wait_costs_no_process(pool: DrawPool) -> None:
    """Giving up before a draw has started changes nothing for the others."""
    before = (await draw(pool, "pid")).report["told"]
    busy = asyncio.create_task(draw(pool, "wait:0.1"), name="busy")
    waiting = asyncio.create_task(draw(pool), name="waiting")
    await asyncio.sleep(0.02)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await busy
    assert (await draw(pool, "pid")).report["told"] == before


async def test_draws_start_in_the_order_they_came(pool: DrawPool) -> None:
    """No draw is overtaken for ever."""
    finished: list[int] = []

    async def one(number: int) -> None:
        await draw(pool)
        finished.append(number)

    await asyncio.gather(*(one(number) for number in range(30)))
    assert finished == list(range(30))


async def test_death_while_idle_is_nobodys_fault(pool: DrawPool) -> None:
    """A process that the system kills between two draws is replaced without failing a draw, however close the two."""
    for _ in range(5):
        idle = psutil.Process((await draw(pool, "pid")).report["told"])
        idle.kill()
        assert (await draw(pool)).body == b"source"


async def test_decoder_that_complains_does_not_block(pool: DrawPool) -> None:
    """What it writes beyond the pipe is lost, and the next draw finds the pipe empty."""
    complaint = "warning: tag 33432 is not sorted in ascending order. " * 4
    for _ in range(3):
        taken = (await draw(pool, f"murmur:{complaint}")).report["told"]
        assert 0 < taken < 20_000 * len(complaint)


async def test_process_is_replaced_after_its_share_of_draws() -> None:
    async with open_pool(Settings(), program=PROGRAM, max_draws=3) as pool:
        with capture_logs() as logs:
            pids = [(await draw(pool, "pid")).report["told"] for _ in range(7)]
    assert [len(list(draws)) for _, draws in groupby(pids)] == [3, 3, 1]
    assert {entry["log_level"] for entry in logs} == {"info"}


async def test_no_process_and_no_file_is_left() -> None:
    """Closing a pool that has seen every kind of end reaps all processes and closes all files."""
    others = children()
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - only the number counts
    async with open_pool(Settings(children=2, deadline_s=0.3), program=PROGRAM) as pool:
        deeds = ["echo", "sigkill", "hang", "refuse:not_an_image", "raise:x"]
        await asyncio.gather(*(draw(pool, deed) for deed in deeds), return_exceptions=True)
        with pytest.raises(DrawCrashed):
            await draw(pool, "sigkill")
    assert children() <= others
    assert len(os.listdir("/proc/self/fd")) <= len(before) + 1  # noqa: PTH208


async def test_program_that_cannot_start_is_told() -> None:
    """A renderer whose drawing processes cannot start says so, with their last words."""
    others = children()
    broken = (PROGRAM[0], "-c", "raise SystemExit('no such codec')")
    with pytest.raises(ProcessGone, match="no such codec"):
        async with open_pool(Settings(children=2), program=broken):
            pass
    assert children() <= others


async def test_process_holds_no_secret(pool: DrawPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its environment is six settings of ours; open are the null device, the error pipe, its socket and the source."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    async with open_pool(Settings(), program=PROGRAM) as pool_of_a_rich_parent:
        drawn = await draw(pool_of_a_rich_parent, "environment")
    assert set(drawn.report["told"]) <= {
        "LANG", "LC_CTYPE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
        "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_",
    }  # fmt: skip
    # The source has been read and is closed only after the draw.
    assert len((await draw(pool, "files")).report["told"]) == 5


async def test_process_is_confined(pool: DrawPool, tmp_path: Path) -> None:
    """Code that took a process over reads no file of ours, writes none, reaches no socket and no other process."""
    secret, writable = tmp_path / "secret", tmp_path / "writable"
    secret.write_text("token")
    writable.write_text("")
    with socket.create_server(("127.0.0.1", 0)) as server:
        wish = {"secret": str(secret), "writable": str(writable), "port": server.getsockname()[1]}
        told = (await draw(pool, f"escape:{json.dumps(wish)}")).report["told"]
    assert told.pop("grow") in {"PermissionError", "OSError"}
    assert set(told.values()) == {"PermissionError"}


def test_uvloop_serves_as_well() -> None:
    """Both event loops run the exchange: answers, deadlines, crashes and cancellation."""

    async def scenario() -> None:
        async with open_pool(Settings(deadline_s=0.5), program=PROGRAM) as pool:
            assert len((await draw(pool, "answer-bytes:3000000")).body) == 3_000_000
            with pytest.raises(DrawTimeout):
                await draw(pool, "hang")
            with pytest.raises(DrawCrashed):
                await draw(pool, "sigkill")
            abandoned = asyncio.create_task(draw(pool, "hang"), name="abandoned")
            await asyncio.sleep(0.02)
            abandoned.cancel()
            with pytest.raises(asyncio.CancelledError):
                await abandoned
            assert (await draw(pool)).body == b"source"

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())
