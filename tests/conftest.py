"""Fixtures for the whole suite. Services are real; one that is missing fails the run with the way to get it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from support.redis_process import RedisProcess, running_redis

REFERENCE_DATA = "MATTEBOX_REFERENCE_DATA"

# A parallel run tells its workers a width, which consoles would keep from the moment they are imported.
os.environ.pop("COLUMNS", None)  # noqa: TID251

# One profile for everybody: examples are bounded in number, never in time, because machines differ.
settings.register_profile("mattebox", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mattebox")


_LONGEST = ("test_up.py", "test_faults.py", "test_demo.py", "test_dataset.py", "test_registry_process.py")
"""Files that take longest; begun last, they would be waited for when everything else is done."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: one more than there are processors, since many tests wait for processes of their own."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, those with a browser among them."""
    items.sort(key=lambda item: item.path.name not in _LONGEST and item.path.parent.name != "browser")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisProcess]:
    """One real Redis server for the session; tests that kill a server start their own."""
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisProcess) -> str:
    """Address of an empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The reference photos and masks beside the checkout; tests that need them are skipped where they are not."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    directory = Path(os.environ.get(REFERENCE_DATA, beside)).resolve()  # noqa: TID251 - a test's own setting
    if not directory.is_dir():
        pytest.skip(f"no reference data: set {REFERENCE_DATA} to its directory")
    return directory
