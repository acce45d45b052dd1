"""The floor of ingestion: the same bytes into the same tables and the same stream, in one process, with nothing around.

Each document is decoded, a row of it is written as part of one transaction for each batch, and one script call puts
the batch into a stream. No HTTP, no verdicts, no key of the pixels, no lock between threads; one thread does it all.
"""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import redis

from mattebox.models import Frame
from mattebox_registry.store.sql_files import load_migrations, load_queries
from mattebox_runtime.streams.scripts import pack_list

BATCH = 1_000
_SCRIPT = """
local jobs = cmsgpack.unpack(ARGV[1])
for i = 1, #jobs, 2 do redis.call('XADD', KEYS[1], jobs[i], 'e', jobs[i + 1]) end
"""

_QUERIES = load_queries()
_decoder = msgspec.json.Decoder(Frame)
_encoder = msgspec.msgpack.Encoder()


def frames_per_second(directory: Path, redis_socket: Path, documents: Sequence[bytes]) -> float:
    """Ingest the documents into a database and a stream of their own."""
    path = directory / "bare.db"
    connection = _open(path)
    with redis.Redis(unix_socket_path=str(redis_socket)) as client:
        script = client.register_script(_SCRIPT)
        start = time.perf_counter()
        for first in range(0, len(documents), BATCH):
            events = _store(connection, documents[first : first + BATCH], first)
            script(["bare:frames"], [pack_list(events)])
        seconds = time.perf_counter() - start
        client.unlink("bare:frames")
    connection.close()
    path.unlink()
    return len(documents) / seconds


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for migration in load_migrations():
        connection.executescript(migration.script)
    return connection


def _store(connection: sqlite3.Connection, documents: Sequence[bytes], first: int) -> list[str | bytes]:
    frames, events = [], []
    for number, document in enumerate(documents, first + 1):
        frame = _decoder.decode(document)
        key = number.to_bytes(16, "big")
        spec = _encoder.encode(frame.sources)
        frames.append((1, frame.id, frame.context_id, float(frame.timestamp or 0), document, key, 0, number))
        events += [f"{number}-0", _encoder.encode((frame.id, key, spec))]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_QUERIES["insert_frame"], frames)
    connection.execute("COMMIT")
    return events
