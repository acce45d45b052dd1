"""Mattebox keeps the masks of image and video datasets, and shows them: the SDK.

    from mattebox import DatasetVersion, SingleFrame

The registry is taken from MATTEBOX_URL and MATTEBOX_TOKEN, from a configuration file, or given to `connect`. Nothing is
loaded before it is used, so that `import mattebox` stays light. For programs with an event loop there is
`mattebox.aio`.
"""

from mattebox._version import __version__

# As in `typing`, which takes longer to load than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from mattebox._protocol import RetryPolicy
    from mattebox.client import Client, connect
    from mattebox.data_view import DataView, IterationOrder
    from mattebox.dataset import Dataset
    from mattebox.dataset_version import DatasetVersion
    from mattebox.errors import MatteboxError
    from mattebox.frame import SingleFrame
    from mattebox.frame_annotations import Annotation
    from mattebox.frame_group import FrameGroup
    from mattebox.models import Frame, Mask, MaskLabel, Source

__all__ = [
    "Annotation",
    "Client",
    "DataView",
    "Dataset",
    "DatasetVersion",
    "Frame",
    "FrameGroup",
    "IterationOrder",
    "Mask",
    "MaskLabel",
    "MatteboxError",
    "RetryPolicy",
    "SingleFrame",
    "Source",
    "__version__",
    "connect",
]

_MODULES = {
    "Annotation": "frame_annotations",
    "Client": "client",
    "connect": "client",
    "Dataset": "dataset",
    "DatasetVersion": "dataset_version",
    "DataView": "data_view",
    "Frame": "models",
    "FrameGroup": "frame_group",
    "IterationOrder": "data_view",
    "Mask": "models",
    "MaskLabel": "models",
    "MatteboxError": "errors",
    "RetryPolicy": "_protocol",
    "SingleFrame": "frame",
    "Source": "models",
}
"""Where each name is defined."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load what is asked for: a command line that shows its help needs no frames."""
        from importlib import import_module  # noqa: PLC0415

        if name in _MODULES:
            found = getattr(import_module(f"mattebox.{_MODULES[name]}"), name)
        elif name in _MODULES.values():
            found = import_module(f"mattebox.{name}")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
