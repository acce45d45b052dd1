"""`mattebox demo --exit`: the whole way of a frame, from the drawing to the contact sheet."""

from pathlib import Path

from PIL import Image

from mattebox.aio import Client
from mattebox_runtime.demo.dataset import generate
from mattebox_runtime.demo.register import DATASET, register
from support.mattebox_up import running_command

_FRAMES = 9
_REGISTERED = _FRAMES + 1 + 1 + 2
"""The drive, a stereo pair, a portrait, and every second frame of a clip of four."""


async def test_demo_draws_every_preview_and_exits(tmp_path: Path) -> None:
    async with running_command("demo", "--exit", "--frames", str(_FRAMES), "--port", "0", "--data", tmp_path) as demo:
        code = await demo.process.wait()
    assert f"{_REGISTERED} ready" in demo.text, demo.text
    assert code == 0
    with Image.open(tmp_path / "demo" / "contact-sheet.png") as sheet:
        assert len(sheet.getcolors(sheet.width * sheet.height) or ()) > 1_000


async def test_demo_twice_registers_once(tmp_path: Path) -> None:
    """Running it again draws nothing and adds nothing."""
    demo_set = generate(tmp_path / "demo", _FRAMES)
    async with running_command("up", "--port", "0", "--data", tmp_path) as up:
        await up.says("Ctrl-C stops everything")
        async with Client(up.address(), (tmp_path / "token").read_text().strip()) as client:
            version_id, first = await register(client, demo_set)
            await client.wait_for_previews(version_id, timeout=60)
            again_id, second = await register(client, demo_set)
            counts = await client.preview_counts(version_id)
            datasets = [dataset.name async for dataset in client.datasets()]
    assert (again_id, first.created, second.created) == (version_id, _REGISTERED, 0)
    assert (counts.ready, counts.total) == (_REGISTERED, _REGISTERED)
    assert datasets == [DATASET]
