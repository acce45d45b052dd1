"""The style of a version: what its metadata says about reading and painting masks."""

from collections import OrderedDict

from mattebox_registry.records import Version
from mattebox_registry.rules.metadata import read_style
from mattebox_runtime.labels import resolve_labels
from mattebox_runtime.style import Style


def style_of(version: Version) -> Style:
    """Read the style from a version's metadata, which was checked when it was set."""
    fields = read_style(version.metadata)
    return Style(version.style_revision, resolve_labels(fields.mask_labels), fields.mask_encodings)


class StyleBook:
    """The styles of the versions asked for last, one object for each revision."""

    def __init__(self, max_styles: int = 64) -> None:
        self._max_styles = max_styles
        self._styles: OrderedDict[str, Style] = OrderedDict()

    def style(self, version: Version) -> Style:
        """Give the style of a version as it was read from the store."""
        known = self._styles.get(version.id)
        if known is None or known.revision != version.style_revision:
            known = self._styles[version.id] = style_of(version)
            if len(self._styles) > self._max_styles:
                self._styles.popitem(last=False)
        self._styles.move_to_end(version.id)
        return known
