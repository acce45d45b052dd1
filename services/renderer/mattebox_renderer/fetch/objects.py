"""s3://, gs:// and az:// through obstore, with the operator's credentials and nothing of the client's but names."""

from datetime import timedelta
from functools import lru_cache

import obstore
from obstore.exceptions import BaseError, InvalidPathError, PermissionDeniedError, UnauthenticatedError
from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store

from mattebox_renderer.fetch.content import Download, Fetched, FetchFailed
from mattebox_renderer.fetch.turns import Seat
from mattebox_renderer.fetch.uris import object_place

SCHEMES = ("s3", "gs", "az")

_STORES = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}
_CHUNK_BYTES = 2**20
_STORES_KEPT = 64
_ROLE_SERVICE = "169.254.169.254"


class Objects:
    """Reads objects; endpoint, region and credentials come from the environment, as obstore reads it."""

    def __init__(self, max_bytes: int, timeout_s: float) -> None:
        self._max_bytes = max_bytes
        # The library's own default is ten retries within three minutes.
        self._retries = {"max_retries": 2, "retry_timeout": timedelta(seconds=min(10.0, timeout_s))}
        self._client = {
            # Only the operator names endpoints: one with http:// is meant.
            "allow_http": True,
            "connect_timeout": timedelta(seconds=min(5.0, timeout_s)),
            "read_timeout": timedelta(seconds=min(10.0, timeout_s)),
            "timeout": timedelta(seconds=timeout_s),
        }
        self._store = lru_cache(maxsize=_STORES_KEPT)(self._open_store)

    async def fetch(self, scheme: str, uri: str, seat: Seat | None) -> Fetched:
        """Download one object. Raises FetchFailed."""
        bucket, key = object_place(uri)
        with Download(self._max_bytes, seat) as download:
            try:
                found = await obstore.get_async(self._store(scheme, bucket), key)
                download.expect(found.meta["size"])
                async for chunk in found.stream(min_chunk_size=_CHUNK_BYTES):
                    download.write(memoryview(chunk))
            except (BaseError, FileNotFoundError, ValueError) as error:
                raise _explain(error) from error
            return download.finish()

    def _open_store(self, scheme: str, bucket: str) -> ObjectStore:
        try:
            store: ObjectStore = _STORES[scheme](bucket, client_options=self._client, retry_config=self._retries)
        except BaseError as error:
            # The operator gave no account or credentials for stores of this kind.
            raise FetchFailed("forbidden") from error
        return store


def _explain(error: Exception) -> FetchFailed:
    match error:
        case FileNotFoundError():
            return FetchFailed("not_found")
        case PermissionDeniedError() | UnauthenticatedError():
            return FetchFailed("forbidden")
        case ValueError() | InvalidPathError():
            return FetchFailed("bad_uri")
        case _ if _ROLE_SERVICE in str(error):
            # No credentials are set, and what gives a machine its role gave none: it has none, or is late.
            return FetchFailed("forbidden", transient=True)
        case _:
            return FetchFailed("unreachable", transient=True)
