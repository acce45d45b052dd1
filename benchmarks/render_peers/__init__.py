"""Other ways to do the same job, each in a file of its own with a `NAME` and a `prepare(job)`.

`prepare` does once what a pipeline would do once (lookup tables from the labels) and gives the function that is
measured: bytes in, preview bytes out. It gives None for a job that the peer cannot do.
"""

import importlib
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.render_inputs import Job

Draw = Callable[[], bytes]

_MODULES = (
    "engine",
    "floor",
    "floor_codecs",
    "nearest",
    "careful",
    "opencv",
    "vips",
    "annotator",
    "torch_masks",
    "label_colors",
    "plotting",
    "naive",
)


class Peer(NamedTuple):
    """One way to draw."""

    name: str
    prepare: Callable[[Job], Draw | None]


def installed_peers() -> tuple[list[Peer], list[str]]:
    """Give the peers whose packages are installed, Mattebox first, and the names of the packages that are not."""
    peers, missing = [], []
    for name in _MODULES:
        try:
            module = importlib.import_module(f"benchmarks.render_peers.{name}")
        except ModuleNotFoundError as error:
            missing.append(str(error.name))
        else:
            peers.append(Peer(module.NAME, module.prepare))
    return peers, missing
