"""What only grows in SQLite, read and deleted batch by batch."""

from collections.abc import Mapping, Sequence

from mattebox_registry.store.clock import utc_text
from mattebox_registry.store.connection import Readers, Session, Writer
from mattebox_registry.store.outbox import add_tables


class SqlitePruning:
    """The pruning part of the store."""

    _writer: Writer
    _readers: Readers

    async def last_frame_number(self) -> int:
        return await self._readers.run(_last_frame_number)

    async def frame_keys(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        return await self._readers.run(_rows, "keys_of_frames", after, limit)

    async def previews_before(self, time_s: float, after: int, limit: int) -> tuple[int | None, list[bytes]]:
        return await self._readers.run(_previews_before, utc_text(time_s), after, limit)

    async def delete_previews(self, keys: Sequence[bytes], before_s: float) -> int:
        return await self._writer.run(_delete, "prune_preview", keys, utc_text(before_s))

    async def requested_specs(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        return await self._readers.run(_rows, "specs_of_requests", after, limit)

    async def tables_before(self, time_s: float, after: bytes, limit: int) -> tuple[bytes | None, list[bytes]]:
        return await self._readers.run(_tables_before, time_s, after, limit)

    async def delete_tables(self, digests: Sequence[bytes], before_s: float) -> int:
        return await self._writer.run(_delete, "prune_table", digests, before_s)

    async def keep_tables(self, tables: Mapping[bytes, bytes]) -> None:
        await self._writer.run(add_tables, tables)


def _last_frame_number(session: Session) -> int:
    number: int = session.row("last_frame")[0]
    return number


def _rows(session: Session, query: str, after: int, limit: int) -> list[tuple[int, bytes]]:
    return session.rows(query, after, limit)


def _previews_before(session: Session, time: str, after: int, limit: int) -> tuple[int | None, list[bytes]]:
    rows = session.rows("previews_recorded", after, limit)
    return rows[-1][0] if rows else None, [key for _, key, rendered_at in rows if rendered_at < time]


def _tables_before(session: Session, time_s: float, after: bytes, limit: int) -> tuple[bytes | None, list[bytes]]:
    rows = session.rows("tables_after", after, limit)
    return rows[-1][0] if rows else None, [digest for digest, used_s in rows if used_s < time_s]


def _delete(session: Session, query: str, keys: Sequence[bytes], before: str | float) -> int:
    return session.run_many(query, [(key, before) for key in keys])
