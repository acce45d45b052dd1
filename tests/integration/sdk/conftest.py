"""One running registry with a renderer for all tests of the synchronous SDK; each has a dataset of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import mattebox
from mattebox import Client, DatasetVersion
from support.live_stack import LiveRegistry, write_image


@pytest.fixture(scope="session")
def pictures(readable: Path) -> Path:
    """Two pictures, and masks of one value each, in a folder that renderers may read."""
    folder = readable / "pictures"
    write_image(folder / "photo.png", (200, 100, 50), (64, 48))
    write_image(folder / "other.png", (10, 20, 30), (64, 48))
    for value in range(3):
        write_image(folder / f"mask{value}.png", value, (64, 48))
    write_image(folder / "matte.png", 128, (64, 48))
    return folder


@pytest.fixture(scope="session")
def _connection(registry: LiveRegistry) -> Iterator[Client]:
    with mattebox.connect(registry.url, registry.token) as client:
        yield client


@pytest.fixture
def connected(_connection: Client) -> Client:
    """The connection that everything uses."""
    return _connection


@pytest.fixture
def dataset_name(request: pytest.FixtureRequest) -> str:
    """A name that no other test uses."""
    return str(request.node.name)


@pytest.fixture
def version(connected: Client, dataset_name: str) -> DatasetVersion:
    """An empty draft."""
    return DatasetVersion.create_version(dataset_name=dataset_name, version_name="first")
