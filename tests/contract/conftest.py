"""The store fixture of the contract suite."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from mattebox_registry.store.port import Store
from support.stores import STORES, SteppedClock


@pytest.fixture
def clock() -> SteppedClock:
    """The store's clock."""
    return SteppedClock()


@pytest.fixture(params=STORES, ids=lambda adapter: adapter.__name__)
async def store(request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock) -> AsyncGenerator[Store, None]:
    """An empty store, of each adapter in turn."""
    async with request.param(tmp_path, clock) as opened:
        yield opened
