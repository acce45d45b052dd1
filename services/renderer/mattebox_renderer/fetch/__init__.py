"""Fetches sources and masks: guarded against what their URIs may point to, bounded in bytes and time."""

from mattebox_renderer.fetch.content import Fetched, FetchFailed, NoRoom
from mattebox_renderer.fetch.fetcher import Fetcher, open_fetcher
from mattebox_renderer.fetch.turns import Seat

__all__ = ["FetchFailed", "Fetched", "Fetcher", "NoRoom", "Seat", "open_fetcher"]
