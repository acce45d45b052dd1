"""From a frame, a style and options to one picture."""

from typing import Any

import msgspec
import pytest

from mattebox.models import Frame
from mattebox_registry.errors import NotFound
from mattebox_registry.rules.metadata import read_style
from mattebox_registry.rules.specs import Plan, plan_preview
from mattebox_runtime.labels import resolve_labels
from mattebox_runtime.options import PreviewOptions
from mattebox_runtime.spec import RenderSpec, decode_spec
from mattebox_runtime.style import Style

LABELS = [{"value": [1, 1, 1], "labels": ["car"]}]


def style(metadata: dict[str, Any] | None = None) -> Style:
    fields = read_style({"mask_labels": LABELS} if metadata is None else metadata)
    return Style(1, resolve_labels(fields.mask_labels), fields.mask_encodings)


def frame(*masks: dict[str, Any], **source: Any) -> Frame:
    named = [{"uri": f"m{number}", **mask} for number, mask in enumerate(masks)]
    return msgspec.convert({"sources": [{"uri": "s", "masks": named, **source}]}, Frame)


def plan(frame: Frame, style: Style, **options: Any) -> Plan:
    return plan_preview(frame, style, PreviewOptions(**options))


def spec(frame: Frame, style: Style, **options: Any) -> RenderSpec:
    return decode_spec(plan(frame, style, **options).encoded)


def test_auto_is_segmentation_where_labels_are_declared_for_the_mask() -> None:
    mapped = spec(frame({}), style()).masks[0]
    assert (mapped.mode, mapped.opacity, mapped.tint) == ("segmentation", 0.6, None)
    assert mapped.table == style().table("00").digest  # type: ignore[union-attr]  # declared


def test_auto_is_alpha_where_no_labels_are_declared_for_the_mask() -> None:
    only_other = style({"mask_labels": {"other": LABELS}})
    alpha = spec(frame({"id": "matte"}, {"id": "other"}), only_other).masks
    assert [(mask.mode, mask.opacity, mask.table is None) for mask in alpha] == [
        ("alpha", 1.0, True),
        ("segmentation", 0.6, False),
    ]


def test_labels_that_the_frame_carries_count_as_declared() -> None:
    assert spec(frame({"labels": LABELS}), style({})).masks[0].mode == "segmentation"


def test_a_masks_own_mode_beats_auto_and_the_query_beats_both() -> None:
    declared = frame({"mode": "alpha"})
    assert spec(declared, style()).masks[0].mode == "alpha"
    assert spec(declared, style(), mode="auto").masks[0].mode == "alpha"
    assert spec(declared, style(), mode="segmentation").masks[0].mode == "segmentation"
    assert spec(declared, style(), mode="alpha", mask_modes={"00": "segmentation"}).masks[0].mode == "segmentation"
    assert spec(frame({}), style(), mode="alpha", mask_modes={"00": "auto"}).masks[0].mode == "segmentation"


def test_the_encoding_comes_from_the_frame_then_from_the_metadata() -> None:
    indexed = style({"mask_labels": LABELS, "mask_encodings": {"00": "index"}})
    assert spec(frame({}), indexed).masks[0].encoding == "index"
    assert spec(frame({"encoding": "panoptic"}), indexed).masks[0].encoding == "panoptic"
    assert spec(frame({}), style()).masks[0].encoding == "auto"


def test_opacity_is_that_of_the_mask_then_of_the_query() -> None:
    chosen = spec(frame({}, {}), style(), opacity=0.5, mask_opacities={"01": 0.0}).masks
    assert [mask.opacity for mask in chosen] == [0.5, 0.0]


def test_masks_are_drawn_in_the_order_of_the_query_else_of_the_frame() -> None:
    listed = frame({"id": "a"}, {"id": "b"}, {"id": "c"})
    assert [mask.id for mask in spec(listed, style()).masks] == ["a", "b", "c"]
    assert [mask.id for mask in spec(listed, style(), masks=("c", "a")).masks] == ["c", "a"]
    assert plan(listed, style(), masks=("c", "a")).key != plan(listed, style(), masks=("a", "c")).key
    assert plan(listed, style(), masks=("a", "b", "c")).key == plan(listed, style()).key
    assert spec(listed, style(), masks=()).masks == ()


@pytest.mark.parametrize(
    "options",
    [{"masks": ("x",)}, {"mask_modes": {"x": "alpha"}}, {"mask_opacities": {"x": 1.0}}, {"tints": {"x": "#000000"}}],
)
def test_a_mask_that_is_not_there_is_not_found(options: dict[str, Any]) -> None:
    with pytest.raises(NotFound, match="mask"):
        plan(frame({}), style(), **options)


def test_sources_are_chosen_by_id_or_number() -> None:
    group = msgspec.convert({"sources": [{"uri": "s0"}, {"uri": "s1", "id": "left"}, {"uri": "s2"}]}, Frame)
    assert spec(group, style()).source.uri == "s0"
    assert spec(group, style(), source="left").source.uri == "s1"
    assert spec(group, style(), source="02").source.uri == "s2"
    with pytest.raises(NotFound, match="source"):
        plan(group, style(), source="01")


@pytest.mark.parametrize(
    "source",
    [
        {"content_type": "audio/mpeg"},
        {"content_type": "Model/gltf-binary"},
        {"content_type": "application/vnd.pcd"},
        {"uri": "s3://b/scan.PLY"},
        {"uri": "https://host/a.glb?signature=x"},
        {"uri": "file:///a/b.wav"},
    ],
)
def test_types_that_are_never_drawn_are_unsupported(source: dict[str, Any]) -> None:
    assert plan(frame(**source), style()).state == "unsupported"


@pytest.mark.parametrize(
    "source",
    [
        {"content_type": "image/png", "uri": "odd.wav"},
        {"content_type": "video/mp4"},
        {"content_type": "<type>"},
        {"content_type": "application/octet-stream"},
        {"uri": "https://host/a.png?from=x.glb"},
        {"uri": "blob:00"},
    ],
)
def test_everything_else_is_tried(source: dict[str, Any]) -> None:
    assert plan(frame(**source), style()).state == "pending"


def test_tables_in_use_are_given_with_the_plan() -> None:
    made = plan(frame({}, {"mode": "alpha"}), style())
    assert [table.digest for table in made.tables] == [decode_spec(made.encoded).masks[0].table]


def test_hidden_labels_make_another_table() -> None:
    assert plan(frame({}), style(), hide=frozenset(["car"])).tables != plan(frame({}), style()).tables
    assert plan(frame({}), style(), hide=frozenset(["unknown"])).key == plan(frame({}), style()).key
