"""The memory in front of Redis."""

from hypothesis import given
from hypothesis import strategies as st

from mattebox_registry.preview_lru import PreviewLru
from mattebox_runtime.events import CachedPreview

KIB = 1024


def preview(key: int, size: int = 3 * KIB) -> CachedPreview:
    """A preview that costs its size and 1 KiB."""
    return CachedPreview(
        key=bytes([key]) * 16, state="ready", content_type="image/webp", width=1, height=1, body=bytes(size), report=b""
    )


def test_the_preview_not_asked_for_the_longest_goes_first() -> None:
    """Asking keeps a preview young."""
    lru = PreviewLru(32 * KIB)
    for key in range(8):
        lru.put(preview(key))
    assert lru.get(preview(0).key) is not None
    lru.put(preview(8))
    assert lru.get(preview(0).key) is not None
    assert lru.get(preview(1).key) is None


def test_a_preview_that_would_push_out_the_others_is_not_kept() -> None:
    """One full-size PNG does not empty the grid's thumbnails."""
    lru = PreviewLru(32 * KIB)
    lru.put(preview(1))
    lru.put(preview(2, size=8 * KIB))
    assert lru.get(preview(1).key) is not None
    assert lru.get(preview(2).key) is None


def test_no_memory_keeps_nothing() -> None:
    """Zero bytes switch the memory off."""
    lru = PreviewLru(0)
    lru.put(preview(1, size=0))
    assert lru.get(preview(1).key) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 3 * KIB))))
def test_the_sum_of_bytes_is_kept_and_never_over_the_limit(steps: list[tuple[bool, int, int]]) -> None:
    """Whatever is put and forgotten, the count of bytes is that of what is there."""
    lru = PreviewLru(24 * KIB)
    for put, key, size in steps:
        if put:
            lru.put(preview(key, size))
        else:
            lru.forget(preview(key).key)
        held = [found for found in (lru.get(preview(k).key) for k in range(10)) if found]
        assert lru.size_bytes == sum(len(p.body) + KIB for p in held) <= 24 * KIB
