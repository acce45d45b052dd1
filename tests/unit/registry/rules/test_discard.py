"""What deleted versions left behind goes by itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

from mattebox_registry.rules.discard import BATCH_FRAMES, Discarder
from mattebox_registry.store.sqlite import open_store
from mattebox_runtime.lifecycle import cancel_on_exit
from support.stores import add_version, make_frame, put
from support.wait import wait_until


async def test_frames_of_deleted_versions_go_after_a_restart_too(tmp_path: Path) -> None:
    """Batch by batch, without being asked; later ones when they are told of."""
    path = tmp_path / "mattebox.db"

    def frames() -> int:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
            (count,) = reader.execute("SELECT count(*) FROM frames").fetchone()
            return int(count)

    async with open_store(path) as store:
        for version_id in ("v1", "v2", "v3"):
            await add_version(store, version_id)
            await put(store, *(make_frame(f"{number}") for number in range(BATCH_FRAMES + 1)), version_id=version_id)
        await store.delete_version("v1", force=False)
    async with open_store(path) as store:
        discarder = Discarder(store)
        async with cancel_on_exit(discarder.run(), name="discarder"):
            await wait_until(lambda: frames() == 2 * (BATCH_FRAMES + 1), description="v1 gone")
            await store.delete_version("v2", force=False)
            discarder.begin()
            await wait_until(lambda: frames() == BATCH_FRAMES + 1, description="v2 gone")
        assert not await store.delete_discarded(1)
        assert (await store.version("v3")).frame_count == BATCH_FRAMES + 1
