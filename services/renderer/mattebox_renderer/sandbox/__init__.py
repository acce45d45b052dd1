"""Draws in processes that can be killed, because what they decode was made by strangers."""

from mattebox_renderer.sandbox.pool import DrawPool, open_pool
from mattebox_renderer.sandbox.process import ProcessGone

__all__ = ["DrawPool", "ProcessGone", "open_pool"]
