"""The Lua scripts in `lua/`, and how lists travel to them."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Literal

import msgpack
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

ScriptName = Literal["announce", "forget", "gone", "publish", "release", "renew", "restart", "take", "turn"]


def load_script(redis: Redis, name: ScriptName) -> AsyncScript:
    """Bind a script to a client; a server that lost its scripts is sent the text again."""
    return redis.register_script((files(__package__) / "lua" / f"{name}.lua").read_text("utf-8"))


def pack_list(items: Sequence[Any]) -> bytes:
    """Pack a list into one script argument: hundreds of arguments of their own cost redis-py 2 us each."""
    # Without the bin type, which the msgpack of Redis' Lua does not know: there, strings are bytes.
    packed: bytes = msgpack.packb(items, use_bin_type=False)
    return packed
