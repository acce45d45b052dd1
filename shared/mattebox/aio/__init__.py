"""The asynchronous client: `async with Client() as client: ...`."""

from mattebox._protocol import RetryPolicy
from mattebox.aio.client import Client

__all__ = ["Client", "RetryPolicy"]
