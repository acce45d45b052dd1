"""Nothing outside of the operator's roots can be opened by a file URI, whatever lies inside of them."""

import os
import socket
from pathlib import Path

import pytest

from mattebox_renderer.fetch import FetchFailed
from mattebox_renderer.fetch.files import FileRoots, fetch_path

LIMIT = 1000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a picture, and a secret beside it."""
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "a b.png").write_bytes(b"picture")
    (tmp_path / "secret").write_bytes(b"secret")
    return root


@pytest.fixture
def files(root: Path) -> FileRoots:
    """The way into that root."""
    return FileRoots([str(root)], LIMIT)


async def reason(files: FileRoots, uri: str) -> str:
    """Give the reason for which a URI is refused."""
    with pytest.raises(FetchFailed) as failed:
        (await files.fetch(uri)).close()
    return failed.value.reason


async def test_file_under_a_root(files: FileRoots, root: Path) -> None:
    """A regular file is handed on open, read-only and not to be inherited."""
    with await files.fetch(f"file://{root}/sub/a%20b.png") as fetched:
        assert os.pread(fetched.fd, 100, 0) == b"picture"
        assert fetched.size == 7
        assert not os.get_inheritable(fetched.fd)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.write(fetched.fd, b"x")


async def test_roots_by_link_and_by_name(root: Path, tmp_path: Path) -> None:
    """A root given by a link is read by either of its names; of roots inside each other the inner one is taken."""
    (tmp_path / "link").symlink_to(root)
    files = FileRoots([str(tmp_path / "link"), "/"], LIMIT)
    for name in ("link", "root"):
        (await files.fetch(f"file://{tmp_path}/{name}/sub/a%20b.png")).close()


async def test_no_root_no_file(root: Path) -> None:
    """Without a root no file is read at all."""
    assert await reason(FileRoots([], LIMIT), f"file://{root}/sub/a%20b.png") == "blocked"


@pytest.mark.parametrize(
    "path", ["/../secret", "/sub/../../secret", "/%2e%2e/secret", "/sub/%2E%2e%2f../secret", "2/a", ""]
)
async def test_ways_out(files: FileRoots, root: Path, path: str) -> None:
    """Ways up, encoded or not, names that only begin like a root, and the root itself are blocked."""
    (root.parent / "root2").mkdir()
    (root.parent / "root2" / "a").write_bytes(b"secret")
    assert await reason(files, f"file://{root}{path}") == "blocked"


async def test_links(files: FileRoots, root: Path) -> None:
    """Symbolic links are not followed, neither to files nor on the way, wherever they lead."""
    (root / "file").symlink_to(root.parent / "secret")
    (root / "inside").symlink_to(root / "sub" / "a b.png")
    (root / "up").symlink_to(root.parent)
    (root / "proc").symlink_to("/proc/self")
    for path in ("file", "inside", "up/secret", "up/root/sub/a%20b.png", "proc/environ"):
        assert await reason(files, f"file://{root}/{path}") == "blocked", path


async def test_what_is_no_regular_file(files: FileRoots, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directories, FIFOs and sockets are blocked, without waiting for a writer."""
    os.mkfifo(root / "fifo")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        for path in ("sub", "fifo", "socket", "sub/a%20b.png/x"):
            assert await reason(files, f"file://{root}/{path}") == "blocked", path


async def test_devices_and_proc() -> None:
    """Even a root of / gives no devices, and of /proc not a byte: its files have no size."""
    files = FileRoots(["/"], LIMIT)
    assert await reason(files, "file:///dev/zero") == "blocked"
    assert await reason(files, "file:///proc/self/environ") == "blocked"
    with await files.fetch(f"file:///proc/{os.getpid()}/environ") as fetched:
        assert fetched.size == 0


async def test_missing_and_too_large(files: FileRoots, root: Path) -> None:
    """What is not there is not found; what is over the limit is not handed on."""
    (root / "large").write_bytes(bytes(LIMIT + 1))
    assert await reason(files, f"file://{root}/none.png") == "not_found"
    assert await reason(files, f"file://{root}/none/none.png") == "not_found"
    assert await reason(files, f"file://{root}/{'x' * 300}") == "not_found"
    assert await reason(files, f"file://{root}/large") == "too_large"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_no_permission(files: FileRoots, root: Path) -> None:
    """A file the renderer may not read is forbidden, as with any store."""
    (root / "sub" / "a b.png").chmod(0)
    assert await reason(files, f"file://{root}/sub/a%20b.png") == "forbidden"


async def test_hard_links(files: FileRoots, root: Path) -> None:
    """A second name of a file is read only where just its owner could have made it."""
    shared = root / "shared"
    for directory in (root, shared):
        directory.mkdir(exist_ok=True)
        (directory / "linked").hardlink_to(root.parent / "secret")
    os.chmod(shared, 0o777)  # noqa: PTH101, S103 - the fault under test
    (await files.fetch(f"file://{root}/linked")).close()
    assert await reason(files, f"file://{root}/shared/linked") == "blocked"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
async def test_hard_links_to_files_of_others(files: FileRoots, root: Path) -> None:
    """The owner of a directory cannot hand out the files of somebody else by linking them there."""
    (root / "linked").hardlink_to(root.parent / "secret")
    os.chown(root, 12345, -1)
    assert await reason(files, f"file://{root}/linked") == "blocked"


async def test_path_of_ours(root: Path) -> None:
    """A path that no client chose is opened under the same limits."""
    with await fetch_path(root / "sub" / "a b.png", LIMIT) as fetched:
        assert fetched.size == 7
    with pytest.raises(FetchFailed, match="not_found"):
        await fetch_path(root / "none", LIMIT)
