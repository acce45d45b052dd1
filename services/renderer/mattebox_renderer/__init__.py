"""The renderer: reads jobs from Redis streams, draws masks over frames, caches the previews.

`render_preview` and `render_index_map` draw one picture from Python, without any service.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mattebox_renderer.api import IndexMap, MaskInput, Preview, RenderFailed, render_index_map, render_preview

__all__ = ["IndexMap", "MaskInput", "Preview", "RenderFailed", "render_index_map", "render_preview"]


def __getattr__(name: str) -> object:
    # On demand: the services and the parents of drawing processes need neither Pillow nor NumPy.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mattebox_renderer import api  # noqa: PLC0415

    return getattr(api, name)
