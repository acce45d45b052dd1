"""`mattebox demo --exit`: the whole way of a frame, from the drawing to the contact sheet."""

import asyncio
import signal
from pathlib import Path

from PIL import Image

from support.mattebox_up import running_command
from support.wait import wait_until

_FRAMES = 6
_REGISTERED = _FRAMES + 1 + 1 + 2
"""The drive, a stereo pair, a portrait, and every second frame of a clip of four."""


async def _run_demo(data: Path) -> tuple[int, str]:
    async with running_command("demo", "--exit", "--frames", str(_FRAMES), "--port", "0", "--data", data) as demo:
        code = await demo.process.wait()
    return code, demo.text


async def test_demo_draws_every_preview_and_doubles_nothing_the_second_time(tmp_path: Path) -> None:
    code, text = await _run_demo(tmp_path)
    assert code == 0, text
    assert f"{_REGISTERED} ready" in text
    with Image.open(tmp_path / "demo" / "contact-sheet.png") as sheet:
        assert len(sheet.getcolors(sheet.width * sheet.height) or ()) > 1_000
    drawn = {path: path.stat().st_mtime_ns for path in (tmp_path / "demo").glob("*/*")}
    blobs = {path for path in (tmp_path / "blobs").rglob("*") if path.is_file()}

    code, text = await _run_demo(tmp_path)
    assert code == 0, text
    assert f"{_REGISTERED} ready" in text
    assert drawn == {path: path.stat().st_mtime_ns for path in (tmp_path / "demo").glob("*/*")}
    assert blobs == {path for path in (tmp_path / "blobs").rglob("*") if path.is_file()}


async def test_demo_stops_at_once_while_it_draws(tmp_path: Path) -> None:
    """Nobody waits for the seventy pictures that are still to come."""
    async with running_command("demo", "--port", "0", "--data", tmp_path, "--workers", "1") as demo:
        await wait_until(lambda: any((tmp_path / "demo").glob("drive/*.jpg")), description="a picture", timeout_s=60)
        demo.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(10):
            assert await demo.process.wait() == 0
    assert "Traceback" not in demo.text
    assert not (tmp_path / "demo" / "demo.json").exists()
