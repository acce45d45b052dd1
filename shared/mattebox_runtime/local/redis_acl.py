"""Who may do what in a Redis that Mattebox starts for itself: no user can read or drop what is not Mattebox's.

The lists hold commands that 6.2 and 7 both know; scripts run with the rights of the user who calls them.
"""

from hashlib import sha256

_KEYS = "~mattebox:*"

_BOTH = ("ping", "info", "get", "set", "del", "exists", "xadd", "xdel", "xrange", "xpending", "xgroup|create", "hdel",
         "evalsha", "script|load")  # fmt: skip

REGISTRY_COMMANDS = (*_BOTH, "unlink", "xread", "xinfo|stream", "xinfo|consumers", "xgroup|delconsumer", "xlen",
                     "hgetall")  # fmt: skip
"""Publishes jobs, withdraws outdated ones, reads results, keeps label tables, serves and forgets previews,
sees which renderers are alive, forgets those that are no more."""

RENDERER_COMMANDS = (*_BOTH, "xack", "xclaim", "xreadgroup", "hset")
"""Takes, keeps and settles jobs, writes previews and results, tells of itself."""


def user_rule(name: str, password: str, commands: tuple[str, ...]) -> str:
    """Give the `user` line of a configuration: `commands` on the keys of Mattebox, no channels, nothing else."""
    digest = sha256(password.encode()).hexdigest()
    allowed = " ".join(f"+{command}" for command in commands)
    return f"user {name} on #{digest} resetchannels {_KEYS} -@all {allowed}"
