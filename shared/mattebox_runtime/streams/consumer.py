"""A named member of the renderers' consumer group: takes jobs, keeps its leases, settles what it still owns."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from mattebox_runtime import redis_keys
from mattebox_runtime.events import FIELD, Lane
from mattebox_runtime.streams.client import StreamClients
from mattebox_runtime.streams.line import Command, Line
from mattebox_runtime.streams.scripts import load_script, pack_list

LANES: tuple[Lane, ...] = ("interactive", "bulk")
"""In the order in which they are served."""

_LANE_NUMBERS = {lane: number for number, lane in enumerate(LANES, 1)}


class Delivery(NamedTuple):
    """A job handed to this consumer."""

    lane: Lane
    id: bytes
    """Of the stream entry: `<seq>-0`."""
    event: bytes | None
    """Packed event; None where the entry holds something else."""
    starts: int
    """How often the job was handed out to be started, this time included."""

    @property
    def seq(self) -> int:
        """Number of the job in the outbox."""
        return int(self.id.partition(b"-")[0])


class Finished(NamedTuple):
    """What became of finished jobs."""

    accepted: list[bool]
    """Of each; False where it is no longer this consumer's."""
    successors: list[Delivery]
    ahead: list[Any]
    """Answers to the commands sent ahead; errors are among them."""


class Identity(NamedTuple):
    """A consumer name, and the token that proves whose it is."""

    name: str
    token: str


def lane_stream(generation: str, lane: Lane) -> str:
    """Name the stream of a lane."""
    return redis_keys.frames_stream(generation) if lane == "bulk" else redis_keys.requests_stream(generation)


async def current_generation(line: Line) -> str | None:
    """Read which generation renderers are to follow; None while no registry has told."""
    told = await line.execute_command("GET", redis_keys.GENERATION)
    return None if told is None else str(told, "ascii")


class Consumer:
    """Reads both lanes of one generation under one name. Every method raises RedisError when Redis is down.

    A vanished group shows as an error of which `client.lost_group` is true.
    """

    def __init__(self, clients: StreamClients, generation: str, identity: Identity) -> None:
        self._redis = clients.commands
        self._blocking = clients.blocking
        self._line = clients.line
        self.generation = generation
        self.identity = identity
        self._streams = [lane_stream(generation, lane) for lane in LANES]
        self._claim = redis_keys.worker(identity.name)
        self._turn_keys = [redis_keys.previews_stream(generation), self._claim, *self._streams]
        self._take = load_script(self._redis, "take")
        self._turn = load_script(self._redis, "turn")
        self._renew = load_script(self._redis, "renew")
        self._restart = load_script(self._redis, "restart")
        self._release = load_script(self._redis, "release")

    async def join(self) -> None:
        """Make the groups where they are missing, from the beginning of each lane: nothing may be skipped."""
        for stream in self._streams:
            try:
                await self._redis.xgroup_create(stream, redis_keys.GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def read(self, limit: int, kept: int = 0, bulk_first: int = 0) -> list[Delivery]:
        """Take at most `limit` new jobs without waiting: at most `bulk_first` of the bulk lane, then interactive ones.

        What these leave is for the bulk lane again, but for the last `kept`.
        """
        return (await self.finish([], successors=limit, kept=kept, bulk_first=bulk_first)).successors

    async def wait(self, timeout_s: float, lanes: Collection[Lane] = LANES) -> list[Delivery]:
        """Wait for a new job of any of the lanes; at most one of each comes.

        When this fails or is cancelled, jobs may have been handed out all the same: `take_own` finds them.
        """
        group = ("GROUP", redis_keys.GROUP, self.identity.name)
        streams = [lane_stream(self.generation, lane) for lane in lanes]
        read: Command = ("XREADGROUP", *group, "COUNT", 1, "BLOCK", _ms(timeout_s), "STREAMS", *streams)
        try:
            reply = await self._blocking.execute_command(*read, *[">"] * len(streams))
        except asyncio.CancelledError:
            # Or a job might still be handed to whoever is gone.
            await self._blocking.close()
            raise
        return [
            Delivery(LANES[self._streams.index(stream.decode())], id_, _event(fields), 1)
            for stream, entries in reply or []
            for id_, fields in entries
        ]

    async def take_own(
        self, held: Collection[tuple[Lane, bytes]], limit: int, kept: int = 0, *, restarted: bool
    ) -> list[Delivery]:
        """Take jobs already handed to this name that are not `held`; with `restarted` each counts as a new start."""
        limits = (limit, limit - kept)
        return await self._take_pending(held, limits, self.identity.name, idle_s=0, start=restarted)

    async def take_idle(
        self, held: Collection[tuple[Lane, bytes]], limit: int, kept: int = 0, *, idle_s: float
    ) -> list[Delivery]:
        """Take over jobs whose consumer has been silent for `idle_s`; each counts as a new start."""
        return await self._take_pending(held, (limit, limit - kept), "", idle_s=idle_s, start=True)

    async def _take_pending(
        self, held: Collection[tuple[Lane, bytes]], limits: Collection[int], owner: str, *, idle_s: float, start: bool
    ) -> list[Delivery]:
        deliveries: list[Delivery] = []
        for lane, stream, limit in zip(LANES, self._streams, limits, strict=True):
            if len(deliveries) < limit:
                skipped = [id_ for held_lane, id_ in held if held_lane == lane]
                asked: list[str | int] = [
                    redis_keys.GROUP,
                    self.identity.name,
                    round(idle_s * 1000),
                    limit - len(deliveries),
                ]
                taken = await self._take([stream], [*asked, owner, int(start), pack_list(skipped)])
                deliveries += [Delivery(lane, id_, event, starts) for id_, event, starts in taken]
        return deliveries

    async def renew(self, held: Collection[tuple[Lane, bytes]], *, name_for_s: float) -> bool:
        """Renew the claim on the name and the leases on those of `held` that are still this consumer's.

        False: another process has the name, and nothing was renewed.
        """
        jobs = [[_LANE_NUMBERS[lane], id_] for lane, id_ in held]
        renewed = await self._renew([self._claim, *self._streams], [*self._who(), _ms(name_for_s), pack_list(jobs)])
        return bool(renewed >= 0)

    async def finish(
        self,
        jobs: Sequence[tuple[Delivery, bytes]],
        *,
        ahead: Sequence[Command] = (),
        successors: int = 0,
        kept: int = 0,
        bulk_first: int = 0,
    ) -> Finished:
        """Send the packed results of jobs, delete the jobs, and take at most `successors` new ones as `read` does.

        The commands `ahead` are run before that. An empty result is not sent: its job is only deleted. When this fails,
        jobs may have been handed out all the same: `take_own` finds them.
        """
        packed = pack_list([[_LANE_NUMBERS[job.lane], job.id, result] for job, result in jobs])
        wanted: list[str | bytes | int] = [*self._who(), packed, successors, kept, bulk_first]
        (settled, taken), told = await self._line.run(self._turn, self._turn_keys, wanted, ahead)
        return Finished(
            [bool(one) for one in settled],
            [Delivery(LANES[number - 1], id_, event, 1) for number, id_, event in taken],
            told,
        )

    async def restart(self, job: Delivery) -> Delivery | None:
        """Count one more start of a job; None where it is no longer this consumer's."""
        starts = await self._restart([self._claim, lane_stream(self.generation, job.lane)], [*self._who(), job.id])
        return job._replace(starts=starts) if starts else None

    async def release(self, *, lease_s: float) -> int:
        """Hand every unfinished job back for anybody to take at once, give up the name; say how many jobs it were."""
        released: int = await self._release([self._claim, *self._streams], [*self._who(), _ms(lease_s)])
        return released

    def _who(self) -> list[str]:
        return [redis_keys.GROUP, *self.identity]


async def claim_name(redis: Redis, wanted: str, token: str, *, lasting_s: float) -> Identity:
    """Claim a consumer name: the wanted one, or where another process has that, `<wanted>-2`, `<wanted>-3`...

    Stable names let a restarted worker find its own jobs, and keep dead consumers from piling up.
    """
    number = 1
    while True:
        name = _numbered(wanted, number)
        claim = redis_keys.worker(name)
        # The claim may be this process's own, from a try whose answer was lost.
        if await redis.set(claim, token, nx=True, px=_ms(lasting_s)) or await redis.get(claim) == token.encode():
            return Identity(name, token)
        number += 1


async def is_claimed(redis: Redis, wanted: str) -> bool:
    """Say whether somebody has a name, or one of the first that are given where it is taken. Raises RedisError."""
    return bool(await redis.exists(*(redis_keys.worker(_numbered(wanted, number)) for number in range(1, 10))))


async def forget_silent(redis: Redis, generation: str, *, silent_s: float) -> int:
    """Forget consumers that hold no job and asked for none in this time; say how many. Raises RedisError."""
    lanes = [lane_stream(generation, lane) for lane in LANES]
    forgotten: int = await load_script(redis, "forget")(lanes, [redis_keys.GROUP, _ms(silent_s)])
    return forgotten


def _numbered(wanted: str, number: int) -> str:
    return wanted if number == 1 else f"{wanted}-{number}"


def _event(fields: Sequence[bytes]) -> bytes | None:
    return fields[1] if fields and fields[0] == FIELD else None


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
