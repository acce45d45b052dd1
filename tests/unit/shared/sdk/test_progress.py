"""Progress bars where nobody sees a terminal."""

import builtins
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from mattebox.pictures import PreviewBytes
from mattebox.progress import progress_bar


class ZMQInteractiveShell:
    """By this name a notebook's kernel is known."""


class HTML(NamedTuple):
    """What IPython shows as a page."""

    data: str


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the output of a notebook's cell shows, one look after the other."""
    looks: list[str] = []

    class Handle:
        def update(self, page: HTML) -> None:
            looks.append(page.data)

    def display(page: HTML, *, display_id: bool) -> Handle:
        looks.append(page.data)
        assert display_id
        return Handle()

    module: Any = ModuleType("IPython.display")
    module.HTML, module.display = HTML, display
    monkeypatch.setitem(sys.modules, "IPython", ModuleType("IPython"))
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    monkeypatch.setattr(builtins, "get_ipython", ZMQInteractiveShell, raising=False)
    return looks


def test_a_notebook_gets_one_output_that_changes(cell: list[str]) -> None:
    """It ends with the last count, also where the work fails."""
    with suppress(ZeroDivisionError), progress_bar("<frames>", 4, wanted=True) as advance:
        advance(3)
        raise ZeroDivisionError
    assert cell[0] == '<div>&lt;frames&gt; <progress value="0" max="4"></progress> 0 of 4 · 0 s</div>'
    assert ' value="3" max="4"' in cell[-1]


def test_what_has_no_length_is_counted(cell: list[str]) -> None:
    """The bar moves without a measure."""
    with progress_bar("frames", None, wanted=True) as advance:
        advance(1200)
    assert "<progress></progress> 1,200 · " in cell[-1]


def test_a_bar_that_is_not_wanted_is_not_shown(cell: list[str]) -> None:
    """Nothing is."""
    with progress_bar("frames", 4, wanted=False) as advance:
        advance(1)
    assert cell == []


def test_bytes_of_a_preview_show_themselves_in_every_notebook() -> None:
    """As what they are, and within HTML; in words they are short."""
    shown = PreviewBytes(b"RIFF" * 1000, "image/webp")
    bundle = shown._repr_mimebundle_(include=None)
    assert set(bundle) == {"image/webp", "text/html", "text/plain"}
    assert bundle["text/html"].startswith('<img src="data:image/webp;base64,UklGR')
    assert repr(shown) == "<PreviewBytes image/webp, 4,000 bytes>"
