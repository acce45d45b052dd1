"""Who may do what in a Redis that Mattebox starts for itself: no user can read or drop what is not Mattebox's.

The lists hold commands that 6.2 and 7 both know; scripts run with the rights of the user who calls them.
"""

from hashlib import sha256

_KEYS = "~mattebox:*"

_BOTH = ("ping", "info", "get", "set", "exists", "pttl", "expire", "pexpire", "eval", "evalsha", "script|load")
_STREAMS = ("xadd", "xack", "xdel", "xlen", "xrange", "xpending", "xclaim", "xgroup", "xreadgroup")

REGISTRY_COMMANDS = (
    *_BOTH,
    *_STREAMS,
    "del",
    "unlink",
    "mget",
    "xread",
    "xrevrange",
    "xinfo",
    "xtrim",
    "multi",
    "exec",
)
RENDERER_COMMANDS = (*_BOTH, *_STREAMS, "del")


def user_rule(name: str, password: str, commands: tuple[str, ...]) -> str:
    """Give the `user` line of a configuration: `commands` on the keys of Mattebox, no channels, nothing else."""
    digest = sha256(password.encode()).hexdigest()
    allowed = " ".join(f"+{command}" for command in commands)
    return f"user {name} on #{digest} resetchannels {_KEYS} -@all {allowed}"
