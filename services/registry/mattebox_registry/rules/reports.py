"""Mask reports as clients read them: the renderer's counts, with the labels that the version gives to each value."""

from typing import Any

from mattebox.models import Source
from mattebox_runtime import codec
from mattebox_runtime.report_names import name_labels
from mattebox_runtime.style import Style


def read_report(packed: bytes, source: Source, style: Style) -> dict[str, Any]:
    """Unpack a report of a source's preview and name its labels as the style does now.

    Raises:
        CodecError: not a report.
    """
    report = codec.unpack(packed)
    name_labels(report, source, style)
    return report
