"""Frames in bulk: the event loop resolves a batch while the writing thread has the one before it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from mattebox_registry.rules.batches import FrameWriter
from mattebox_registry.rules.ingestion import Ingestion
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.store.sqlite import open_store
from support.stores import add_version
from support.wait import wait_blocking


async def test_a_batch_is_written_while_the_event_loop_is_busy_with_the_next(tmp_path: Path) -> None:
    """Written only when the next one is full, the two would take turns, and half of each core would be idle."""
    database = tmp_path / "mattebox.db"
    async with open_store(database) as store:
        await add_version(store, "v1")
        ingestion = Ingestion(FrameWriter(store, StyleBook(), lambda _: None), "v1", max_frame_bytes=1_000)
        async with ingestion:
            ingestion.add(b'{"id":"a","sources":[{"uri":"s3://b/a.png"}]}')
            await ingestion.write_batch()
            with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as reader:

                def is_on_disk() -> bool:
                    return bool(reader.execute("SELECT count(*) FROM frames").fetchone() == (1,))

                # The event loop does nothing else meanwhile.
                wait_blocking(is_on_disk, description="the first batch on disk")
