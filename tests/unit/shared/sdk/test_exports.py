"""What `import mattebox` offers."""

from importlib.metadata import version

import pytest

import mattebox
import mattebox.aio


@pytest.mark.parametrize("module", [mattebox, mattebox.aio])
def test_exports_are_sorted_and_there(module: object) -> None:
    """`__all__` is kept in order, so that a diff shows what was added."""
    names: list[str] = module.__all__  # type: ignore[attr-defined]  # both modules have it
    assert names == sorted(names)
    assert all(hasattr(module, name) for name in names)


def test_the_version_is_that_of_the_distribution() -> None:
    """The package and its metadata tell the same version."""
    assert mattebox.__version__ == version("mattebox")
