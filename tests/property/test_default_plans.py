"""Default previews in bulk are those that each frame comes to by itself."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mattebox.models import Frame, MaskLabel
from mattebox_registry.rules.specs import plan_preview
from mattebox_registry.rules.templates import Planner
from mattebox_runtime.labels import resolve_labels
from mattebox_runtime.style import Style

URI = st.sampled_from(["s", "t.png", "u.mp3", "file:///ä b.png", "x" * 300])
TIMESTAMP = st.none() | st.sampled_from([0, 0.0, -0.0, 40, 40.0, 40.5, -(2**53)])
CONTENT_TYPE = st.none() | st.sampled_from(["", "image/png", "audio/ogg"])
ID = st.none() | st.sampled_from(["00", "01", "semantic", "s"])
LABELS = [{"value": 7, "labels": ["car"]}]
MASK = st.fixed_dictionaries(
    {"uri": URI, "id": ID, "timestamp": TIMESTAMP, "content_type": CONTENT_TYPE},
    optional={
        "mode": st.sampled_from(["auto", "segmentation", "alpha"]),
        "encoding": st.sampled_from(["auto", "index"]),
        "labels": st.sampled_from([[], LABELS]),
    },
)
SOURCE = st.fixed_dictionaries(
    {"uri": URI, "timestamp": TIMESTAMP, "content_type": CONTENT_TYPE},
    optional={"masks": st.none() | st.lists(MASK, max_size=3)},
)
FRAMES = st.lists(st.fixed_dictionaries({"sources": st.lists(SOURCE, min_size=1, max_size=2)}), min_size=1, max_size=9)
MAPPING = st.sampled_from([[], [MaskLabel(1, ["sky"])]])
ENCODINGS: st.SearchStrategy[Any] = st.sampled_from([{}, {"semantic": "rgb"}])


@given(FRAMES, MAPPING, ENCODINGS)
def test_a_planner_plans_each_frame_as_if_it_were_alone(documents: Any, mapping: Any, encodings: Any) -> None:
    """Whatever came before it, and whatever it has in common with that."""
    style = Style(1, resolve_labels(mapping), encodings)
    planner = Planner(style)
    for document in documents:
        frame = msgspec.convert(document, Frame)
        assert planner.plan(frame) == plan_preview(frame, style)


def test_any_number_of_shapes_takes_bounded_memory() -> None:
    """A stream may name each mask differently."""
    style = Style(1, resolve_labels([]), {})
    planner = Planner(style)
    for number in range(1_000):
        masks = [{"uri": "m", "id": str(number)}]
        frame = msgspec.convert({"sources": [{"uri": "s", "masks": masks}]}, Frame)
        assert planner.plan(frame) == plan_preview(frame, style)
    assert len(planner._templates) < 500
