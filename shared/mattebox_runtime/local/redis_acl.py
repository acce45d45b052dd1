"""Who may do what in a Redis that Mattebox starts for itself: no user can read or drop what is not Mattebox's.

The lists hold commands that 6.2 and 7 both know; scripts run with the rights of the user who calls them.
"""

from hashlib import sha256

_KEYS = "~mattebox:*"

_BOTH = ("ping", "info", "get", "set", "del", "xadd", "xdel", "xrange", "xgroup|create", "evalsha", "script|load")

REGISTRY_COMMANDS = (*_BOTH, "unlink", "xread", "xinfo|stream")
"""Publishes jobs, withdraws outdated ones, reads results, keeps label tables, serves and forgets previews."""

RENDERER_COMMANDS = (*_BOTH, "exists", "xack", "xclaim", "xpending", "xreadgroup")
"""Takes, keeps and settles jobs, writes previews and results."""


def user_rule(name: str, password: str, commands: tuple[str, ...]) -> str:
    """Give the `user` line of a configuration: `commands` on the keys of Mattebox, no channels, nothing else."""
    digest = sha256(password.encode()).hexdigest()
    allowed = " ".join(f"+{command}" for command in commands)
    return f"user {name} on #{digest} resetchannels {_KEYS} -@all {allowed}"
