"""Fetched content made from bytes."""

from mattebox_renderer.fetch import Fetched
from mattebox_renderer.fetch.content import Download


def fetched(content: bytes) -> Fetched:
    """Give bytes as if they had been downloaded."""
    with Download(len(content)) as download:
        download.write(content)
        return download.finish()
