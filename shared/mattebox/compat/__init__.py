"""Run programs that were written for ClearML's Hyper-Datasets: `from allegroai import DatasetVersion, SingleFrame`.

    python -m mattebox.compat register_my_dataset.py --its --arguments

or, at the top of the program, `import mattebox.compat; mattebox.compat.install()`. From then on `allegroai` means the
datasets, versions, frames and views of Mattebox. What else such programs take from it (`Task`, `StorageManager`) is not
a matter of datasets: it comes from the `clearml` package where that is installed, and goes wherever that sends it.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import mattebox
from mattebox.data_view import DataView, IterationOrder
from mattebox.errors import UsageError

PACKAGE = "allegroai"

_NAMES: dict[str, Any] = {
    "Dataset": mattebox.Dataset,
    "DatasetVersion": mattebox.DatasetVersion,
    "SingleFrame": mattebox.SingleFrame,
    "FrameGroup": mattebox.FrameGroup,
    "Annotation": mattebox.Annotation,
    "ImageAnnotation": mattebox.Annotation,
    "DataView": DataView,
    "IterationOrder": IterationOrder,
}

_MODULES = ("dataframe", "datasetversion", "dataview")


def install() -> None:
    """Let `allegroai` mean Mattebox in this process; twice is the same as once.

    Raises:
        UsageError: the real `allegroai` has been imported already.
    """
    present = sys.modules.get(PACKAGE)
    if present is not None and not isinstance(present, _Stand):
        raise UsageError("allegroai is imported already: call mattebox.compat.install() before anything imports it.")
    if present is None:
        package = sys.modules[PACKAGE] = _Stand(PACKAGE)
        for name in _MODULES:
            module = sys.modules[f"{PACKAGE}.{name}"] = _Stand(f"{PACKAGE}.{name}")
            setattr(package, name, module)


class _Stand(ModuleType):
    """A module that stands where one of `allegroai` would."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "Mattebox in the place of ClearML's own.")
        # With a path it is a package, whose modules can be imported.
        self.__dict__.update(_NAMES, __path__=[])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return getattr(import_module("clearml"), name)
        except ModuleNotFoundError as missing:
            if missing.name != "clearml":
                raise
            raise ImportError(
                f"{name} is not about datasets, so Mattebox has none: install the clearml package for it, "
                "or take it out of the program."
            ) from missing
