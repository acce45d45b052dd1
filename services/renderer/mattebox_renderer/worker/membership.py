"""Which generation a worker follows, and under which name."""

import secrets

import structlog

from mattebox_runtime.streams.client import StreamClients
from mattebox_runtime.streams.consumer import Consumer, Identity, claim_name, current_generation

log = structlog.get_logger()


class NothingToFollow(Exception):
    """No registry has told Redis yet which generation to follow."""


class Membership:
    """Joins the group of the current generation, and joins again when told to look."""

    def __init__(self, clients: StreamClients, wanted_name: str, *, lease_s: float) -> None:
        self._clients = clients
        self._wanted_name = wanted_name
        self._lease_s = lease_s
        self._token = secrets.token_hex(8)
        self._identity: Identity | None = None
        self._consumer: Consumer | None = None

    @property
    def consumer(self) -> Consumer | None:
        """The last one joined as."""
        return self._consumer

    async def join(self) -> Consumer:
        """Follow the current generation, with a name and groups in place. The consumer stays if nothing changed.

        Raises:
            NothingToFollow: no generation has been told.
            RedisError: Redis is down.
        """
        generation = await current_generation(self._clients.line)
        if generation is None:
            raise NothingToFollow("no registry has announced a generation")
        if self._identity is None:
            self._identity = await claim_name(
                self._clients.commands, self._wanted_name, self._token, lasting_s=self._lease_s
            )
        if self._consumer is None or (self._consumer.generation, self._consumer.identity) != (
            generation,
            self._identity,
        ):
            self._consumer = Consumer(self._clients, generation, self._identity)
            log.info("worker joined", name=self._identity.name, generation=generation)
        await self._consumer.join()
        return self._consumer

    async def is_current(self) -> bool:
        """Say whether the generation is still the one joined. Raises RedisError."""
        generation = await current_generation(self._clients.line)
        return self._consumer is not None and self._consumer.generation == generation

    def lose_name(self) -> None:
        """Claim another name next time: a process that took this one for dead has it now."""
        self._identity = None
        self._consumer = None
