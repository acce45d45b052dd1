"""Drawing of previews: pure functions of their inputs, by the rendering rules of the documentation."""

from mattebox_renderer.render.limits import Limits
from mattebox_renderer.render.pipeline import draw
from mattebox_renderer.render.sniff import Buffer

__all__ = ["Buffer", "Limits", "draw"]
