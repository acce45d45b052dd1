"""Mattebox keeps the masks of image and video datasets, and shows them: the SDK.

    from mattebox import DatasetVersion, SingleFrame

The registry is taken from MATTEBOX_URL and MATTEBOX_TOKEN, from a configuration file, or given to `connect`. Nothing
that needs a network is loaded before it is used, so that `import mattebox` stays light. For programs with an event loop
there is `mattebox.aio`.
"""

from mattebox._protocol import RetryPolicy
from mattebox._version import __version__
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
