"""Ids for what comes without one."""

import secrets
import time


def new_id() -> str:
    """Give 32 hex digits nobody else gives, in the order in which they are asked for."""
    return f"{time.time_ns():016x}{secrets.token_hex(8)}"
