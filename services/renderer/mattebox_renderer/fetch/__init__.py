"""Fetches sources and masks: guarded against what their URIs may point to, bounded in bytes and time."""

from mattebox_renderer.fetch.content import Fetched, FetchFailed
from mattebox_renderer.fetch.fetcher import Fetcher, open_fetcher

__all__ = ["FetchFailed", "Fetched", "Fetcher", "open_fetcher"]
