"""The previews served last, in memory in front of Redis."""

from collections import OrderedDict

from mattebox_runtime.events import CachedPreview

# What an entry costs besides its body, roughly: the struct, its report, a dictionary slot.
_ENTRY_BYTES = 1024


class PreviewLru:
    """Previews by key up to a sum of bytes; the one not asked for the longest goes first."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._previews: OrderedDict[bytes, CachedPreview] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: bytes) -> CachedPreview | None:
        """Give a preview and make it the newest."""
        preview = self._previews.get(key)
        if preview is not None:
            self._previews.move_to_end(key)
        return preview

    def put(self, preview: CachedPreview) -> None:
        """Keep a preview, unless it alone is larger than an eighth of the whole memory."""
        self.forget(preview.key)
        if _cost(preview) > self._max_bytes // 8:
            return
        self._previews[preview.key] = preview
        self.size_bytes += _cost(preview)
        while self.size_bytes > self._max_bytes:
            _, oldest = self._previews.popitem(last=False)
            self.size_bytes -= _cost(oldest)

    def forget(self, key: bytes) -> None:
        """Drop a preview if it is there."""
        preview = self._previews.pop(key, None)
        if preview is not None:
            self.size_bytes -= _cost(preview)


def _cost(preview: CachedPreview) -> int:
    return len(preview.body) + len(preview.report) + _ENTRY_BYTES
