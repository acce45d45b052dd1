"""Mattebox keeps the masks of image and video datasets, and shows them: the SDK.

The asynchronous client is `mattebox.aio.Client`; it is not imported here, so that `import mattebox` stays light.
"""

from mattebox._version import __version__
from mattebox.errors import MatteboxError
from mattebox.models import Frame, Mask, MaskLabel, Source

__all__ = ["Frame", "Mask", "MaskLabel", "MatteboxError", "Source", "__version__"]
