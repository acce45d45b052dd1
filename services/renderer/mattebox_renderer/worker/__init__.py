"""The worker: takes as many jobs as it has free slots, keeps their leases, settles what it still owns."""

from mattebox_renderer.worker.handler import Handler
from mattebox_renderer.worker.worker import Worker

__all__ = ["Handler", "Worker"]
