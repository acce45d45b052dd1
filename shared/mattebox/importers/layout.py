"""A dataset format: how its files lie in a folder, and what its values mean."""

from collections.abc import Callable
from typing import NamedTuple

from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan


class Layout(NamedTuple):
    """A format that `mattebox import` reads."""

    name: str
    """The command."""
    about: str
    """One sentence for people."""
    holds: str
    """What is in the path that is given, in a few words."""
    example: str
    """Such a path."""
    reads: str
    """What has to be where below the folder, and how masks find their images."""
    labels: str
    """Where the labels come from."""
    plan: Callable[[Place], ImportPlan]
    """Find and pair the files, and read the labels. Raises InputError."""
