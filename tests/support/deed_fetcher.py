"""A fetcher whose URIs say what comes of them: for workers whose draws are deeds of `support.drawing_child`."""

from collections.abc import Sequence
from typing import cast

from mattebox.reasons import FetchReason
from mattebox_renderer.fetch import Fetched, FetchFailed, Seat
from support.fetched import fetched


class DeedFetcher:
    """Gives the bytes `source` for every URI but `lost:<reason>`, which fails for that reason."""

    async def open_local(self, uris: Sequence[str], seat: Seat | None = None) -> None:
        """See Fetcher: nothing is a file here."""

    async def fetch(self, uri: str, seat: Seat | None = None) -> Fetched:
        """See Fetcher."""
        scheme, _, reason = uri.partition(":")
        if scheme == "lost":
            raise FetchFailed(cast("FetchReason", reason))
        return fetched(b"source")
