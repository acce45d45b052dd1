"""The preview key changes exactly when an input that decides pixels does."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from mattebox.models import Frame, MaskLabel
from mattebox_registry.rules.specs import plan_preview
from mattebox_runtime.labels import resolve_labels
from mattebox_runtime.options import PreviewOptions
from mattebox_runtime.resolution import build_spec
from mattebox_runtime.style import Style

COLOR = st.sampled_from(["#000000", "#ff0000", "#00ff00"])
OPACITY = st.none() | st.sampled_from([0.0, 0.5, 1.0])
MODE = st.sampled_from(["auto", "segmentation", "alpha"])
TIMESTAMP = st.none() | st.sampled_from([0, 0.0, -0.0, 40, 40.0, 40.5])
VALUE = st.sampled_from([[1, 1, 1], [2, 2, 2], 70_000])

LABEL = st.builds(
    MaskLabel,
    value=VALUE,
    labels=st.sampled_from([["car"], ["sky"], ["car", "moving"]]),
    color=st.none() | COLOR,
    opacity=OPACITY,
    ignore=st.booleans(),
)
LABELS = st.lists(LABEL, max_size=3, unique_by=lambda label: str(label.value))
MASK = st.fixed_dictionaries(
    {"uri": st.sampled_from(["m", "n"])},
    optional={
        "mode": MODE,
        "timestamp": TIMESTAMP,
        "encoding": st.sampled_from(["auto", "index"]),
        "content_type": st.sampled_from(["image/png", "video/mp4"]),
        "note": st.text(max_size=3),
    },
)
FRAME = st.fixed_dictionaries(
    {
        "sources": st.lists(
            st.fixed_dictionaries(
                {"uri": st.sampled_from(["s", "t"]), "masks": st.lists(MASK, max_size=2)},
                optional={"timestamp": TIMESTAMP, "width": st.integers(1, 9), "meta": st.text(max_size=3)},
            ),
            min_size=1,
            max_size=1,
        )
    },
    optional={"id": st.sampled_from(["f", "g"]), "timestamp": TIMESTAMP, "context_id": st.text(max_size=3)},
)
OPTIONS = st.builds(
    PreviewOptions,
    mode=MODE,
    opacity=OPACITY,
    background=st.none() | COLOR,
    unmapped=st.none() | COLOR,
    outline=st.sampled_from([0, 2]),
    size=st.sampled_from([None, 640]),
    format=st.sampled_from(["webp", "png"]),
    hide=st.sampled_from([frozenset(), frozenset(["car"]), frozenset(["nobody"])]),
)
INPUT = st.tuples(FRAME, LABELS, OPTIONS)


def resolved(given_input: tuple[dict[str, Any], list[MaskLabel], PreviewOptions]) -> tuple[bytes, Any]:
    """Give the key, and what is drawn: the spec with the content of its tables."""
    document, labels, options = given_input
    frame = msgspec.convert(document, Frame)
    style = Style(1, resolve_labels(labels), {})
    spec, tables = build_spec(frame.sources[0], style, options)
    drawn = (msgspec.structs.astuple(spec), tuple(table.packed for table in tables))
    return plan_preview(frame, style, options).key, drawn


@given(INPUT, INPUT)
def test_keys_are_equal_exactly_where_what_is_drawn_is_equal(one: Any, other: Any) -> None:
    (key, drawn), (other_key, other_drawn) = resolved(one), resolved(other)
    assert (key == other_key) == (drawn == other_drawn)


@given(INPUT, st.sampled_from(["id", "timestamp", "context_id", "meta"]))
def test_what_is_no_part_of_the_picture_leaves_the_key_alone(given_input: Any, field: str) -> None:
    document, labels, options = given_input
    changed = {**document, field: "other" if field != "timestamp" else 1234.5}
    assert resolved((changed, labels, options))[0] == resolved(given_input)[0]


@given(INPUT, st.sampled_from(["uri", "timestamp", "content_type"]))
def test_another_source_is_another_key(given_input: Any, field: str) -> None:
    document, labels, options = given_input
    source = {**document["sources"][0], field: "other" if field != "timestamp" else 1234.5}
    changed = {**document, "sources": [source]}
    assert resolved((changed, labels, options))[0] != resolved(given_input)[0]


@given(FRAME, st.sampled_from(["auto", "segmentation"]))
def test_names_of_labels_do_not_matter_where_colours_are_given(document: dict[str, Any], mode: Any) -> None:
    options = PreviewOptions(mode=mode)
    one = [MaskLabel([1, 1, 1], ["car"], color="#102030")]
    other = [MaskLabel([1, 1, 1], ["wagon"], color="#102030")]
    assert resolved((document, one, options))[0] == resolved((document, other, options))[0]


@given(FRAME, COLOR)
def test_another_colour_is_another_key_where_the_table_is_used(document: dict[str, Any], color: str) -> None:
    one = [MaskLabel([1, 1, 1], ["car"], color="#102030")]
    other = [MaskLabel([1, 1, 1], ["car"], color=color)]
    options = PreviewOptions()
    masks = msgspec.convert(document, Frame).sources[0].masks or []
    segmented = any(mask.mode != "alpha" for mask in masks)
    assert (resolved((document, one, options))[0] != resolved((document, other, options))[0]) == segmented
