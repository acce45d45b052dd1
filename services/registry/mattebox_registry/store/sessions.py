"""Sessions of the web viewer in SQLite."""

from collections.abc import Sequence

from mattebox_registry.records import ViewerSession
from mattebox_registry.store.connection import Readers, Session, Writer


class SqliteSessions:
    """The sessions part of the store."""

    _writer: Writer
    _readers: Readers

    async def add_session(self, session: ViewerSession) -> None:
        await self._writer.run(_add_session, session)

    async def sessions(self) -> list[ViewerSession]:
        return await self._readers.run(_sessions)

    async def delete_sessions(self, digests: Sequence[bytes]) -> None:
        await self._writer.run(_delete_sessions, digests)


def _add_session(session: Session, added: ViewerSession) -> None:
    session.run("add_session", *added)


def _sessions(session: Session) -> list[ViewerSession]:
    return [ViewerSession(*row) for row in session.rows("sessions")]


def _delete_sessions(session: Session, digests: Sequence[bytes]) -> None:
    for digest in digests:
        session.run("delete_session", digest)
