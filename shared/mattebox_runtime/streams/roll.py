"""The roll of renderers: each tells of itself when it renews its claim on its name, and is alive while that lasts."""

from typing import Any

import msgspec
from redis.asyncio import Redis

from mattebox.answers import Renderer
from mattebox_runtime import redis_keys

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Renderer)


async def sign_roll(redis: Redis, renderer: Renderer) -> None:
    """Tell how a renderer fares. Raises RedisError."""
    await redis.hset(redis_keys.ROLL, renderer.name, _encoder.encode(renderer))


async def leave_roll(redis: Redis, name: str) -> None:
    """Tell that a renderer has left. Raises RedisError."""
    await redis.hdel(redis_keys.ROLL, name)


async def call_roll(redis: Redis) -> list[Renderer]:
    """Give the renderers that are alive, by name, and strike off the others. Raises RedisError."""
    signed: Any = await redis.hgetall(redis_keys.ROLL)
    names = sorted(signed)
    async with redis.pipeline(transaction=False) as claims:
        for name in names:
            claims.exists(redis_keys.worker(name.decode()))
        answers = await claims.execute() if names else []
    gone = [name for name, is_claimed in zip(names, answers, strict=True) if not is_claimed]
    if gone:
        await redis.hdel(redis_keys.ROLL, *gone)
    return [_read(name, signed[name]) for name, is_claimed in zip(names, answers, strict=True) if is_claimed]


def _read(name: bytes, signed: bytes) -> Renderer:
    try:
        return _decoder.decode(signed)
    except msgspec.DecodeError:
        # Of another release, which tells something else.
        return Renderer(name.decode())
