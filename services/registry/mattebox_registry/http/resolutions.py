"""What preview queries came to, so that a picture asked for again costs no look into the database."""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from mattebox_registry.rules.previews import Wanted

RESOLUTIONS_KEPT = 20_000

PREVIEW_ROUTE = "/api/v1/versions/{version}/frames/{frame}/preview"
INDEX_MAP_ROUTE = f"{PREVIEW_ROUTE}/index"


class Query(NamedTuple):
    """Everything in a GET that decides its preview, as it came."""

    target: str
    """Path and query."""
    accept: str | None


class Resolution(NamedTuple):
    """What a query came to."""

    route: str
    """Under which its answers are counted."""
    epoch: int
    """Of the version, read before resolving."""
    wanted: Wanted
    wait_s: float
    etag: str


class Resolutions:
    """The resolutions asked for last."""

    def __init__(self, epoch: Callable[[str], int], max_resolutions: int = RESOLUTIONS_KEPT) -> None:
        """`epoch` counts the changes of a version."""
        self._epoch = epoch
        self._max_resolutions = max_resolutions
        self._resolutions: OrderedDict[Query, Resolution] = OrderedDict()

    def get(self, query: Query) -> Resolution | None:
        """Give a resolution unless frames or labels of its version changed since."""
        resolution = self._resolutions.get(query)
        if resolution is None or resolution.epoch != self._epoch(resolution.wanted.version_id):
            return None
        self._resolutions.move_to_end(query)
        return resolution

    def put(self, query: Query, resolution: Resolution) -> None:
        """Keep a resolution."""
        self._resolutions[query] = resolution
        if len(self._resolutions) > self._max_resolutions:
            self._resolutions.popitem(last=False)
