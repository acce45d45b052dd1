"""Specs of jobs that are not in memory any more: made again of the documents of their frames."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
import structlog
from msgspec.structs import replace

from mattebox_registry.errors import NotFound, StyleChanged
from mattebox_registry.records import Job
from mattebox_registry.rules.batches import Batch
from mattebox_registry.rules.frames import CheckedFrame, frame_of
from mattebox_registry.rules.style import StyleBook
from mattebox_registry.store.port import Store

log = structlog.get_logger()


class SpecMaker:
    """Completes jobs as the relay takes them from the store."""

    def __init__(self, store: Store, styles: StyleBook) -> None:
        self._store = store
        self._styles = styles

    async def complete(self, jobs: Sequence[Job]) -> list[Job]:
        """Give the jobs that have no spec theirs, in the same order.

        Left out are those whose frame comes to another key now, because its version's style or this build differs from
        what it was stored under: it gets the new key, and owes its render under a new number.
        """
        if None not in [job.spec for job in jobs]:
            return list(jobs)
        bare: defaultdict[str, list[Job]] = defaultdict(list)
        for job in jobs:
            if job.spec is None:
                bare[job.version_id].append(job)
        made: dict[int, Job] = {}
        for version_id, owed in bare.items():
            made |= {job.seq: job for job in await self._make(version_id, owed)}
        return [found for job in jobs if (found := job if job.spec is not None else made.get(job.seq)) is not None]

    async def _make(self, version_id: str, jobs: Sequence[Job]) -> list[Job]:
        while True:
            try:
                return await self._make_once(version_id, jobs)
            except StyleChanged:
                continue
            except NotFound:
                # The version went, and its jobs with it.
                return []

    async def _make_once(self, version_id: str, jobs: Sequence[Job]) -> list[Job]:
        style = self._styles.style(await self._store.version(version_id))
        outdated = Batch.under(style)
        made = []
        needed: dict[bytes, bytes] = {}
        for job in jobs:
            try:
                checked = CheckedFrame(frame_of(job.document), job.frame_id, True, job.document)
            except msgspec.MsgspecError:
                # Its renderer finds the empty spec as unreadable as the document, and says so.
                log.warning("stored frame unreadable", version=version_id, frame=job.frame_id)
                made.append(replace(job, spec=b""))
                continue
            plan = outdated.planner.plan(checked.frame)
            if plan.key == job.key:
                tables = dict(plan.tables)
                made.append(replace(job, spec=plan.encoded, tables=frozenset(tables)))
                needed |= tables
            else:
                outdated.add(checked)
        if outdated.frames:
            await self._store.renew_frames(
                version_id, outdated.frames, style_revision=style.revision, tables=outdated.tables
            )
        # They were stored together with the frames, which may be so long ago that they were pruned.
        await self._store.keep_tables(needed)
        return made
