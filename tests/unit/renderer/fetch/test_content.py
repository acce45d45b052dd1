"""Downloads are bounded, and nobody changes them once they are handed on."""

import os

import pytest

from mattebox_renderer.fetch import FetchFailed
from mattebox_renderer.fetch.content import Download


def test_finished_download_is_sealed() -> None:
    """The bytes written are the bytes read, and they can neither be changed nor cut."""
    with Download(10) as download:
        download.write(b"12345")
        download.write(memoryview(b"67890"))
        fetched = download.finish()
    with fetched:
        assert (fetched.size, os.pread(fetched.fd, 20, 0)) == (10, b"1234567890")
        with pytest.raises(PermissionError):
            os.pwrite(fetched.fd, b"x", 0)
        with pytest.raises(PermissionError):
            os.truncate(fetched.fd, 0)


def test_limit() -> None:
    """One byte over the limit ends a download, declared or not."""
    with Download(10) as download:
        download.expect(10)
        download.expect(None)
        download.write(bytes(10))
        with pytest.raises(FetchFailed, match="too_large"):
            download.expect(11)
        with pytest.raises(FetchFailed, match="too_large"):
            download.write(b"x")


def test_unfinished_download_is_freed() -> None:
    """A download that fails leaves no file open, one that is closed twice closes nothing else."""
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - only the number counts
    with Download(10):
        pass
    with Download(10) as download:
        fetched = download.finish()
    fetched.close()
    fetched.close()
    assert len(os.listdir("/proc/self/fd")) == len(before)  # noqa: PTH208
