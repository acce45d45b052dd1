"""A version's mapping, resolved."""

import pytest

from mattebox.models import MaskLabel
from mattebox_runtime.colors import format_color
from mattebox_runtime.labels import LabelsError, check_names, resolve_labels, table_entries
from mattebox_runtime.palette import assign_colors
from mattebox_runtime.style import Style
from mattebox_runtime.tables import Entry, ValueKind


def test_a_list_holds_for_every_mask() -> None:
    mapping = resolve_labels([MaskLabel([1, 1, 1], ["car"])])
    assert mapping.labels_of("any") == mapping.labels_of("other")
    assert mapping.labels_of("any")[0].labels == ("car",)


def test_a_masks_own_list_comes_before_the_list_for_all() -> None:
    mapping = resolve_labels(
        {
            "_all_": [MaskLabel([1, 1, 1], ["car"]), MaskLabel([2, 2, 2], ["sky"])],
            "seg": [MaskLabel([1, 1, 1], ["tram"])],
        }
    )
    assert [entry.labels for entry in mapping.labels_of("seg")] == [("tram",), ("sky",)]
    assert [entry.labels for entry in mapping.labels_of("other")] == [("car",), ("sky",)]


def test_the_labels_a_frame_carries_come_first_of_all() -> None:
    mapping = resolve_labels({"seg": [MaskLabel([1, 1, 1], ["car"])]})
    assert [entry.labels for entry in mapping.labels_of("seg", [MaskLabel(1, ["this one"])])] == [("this one",)]


def test_a_label_of_a_frame_has_the_versions_colour_of_that_label() -> None:
    mapping = resolve_labels([MaskLabel([1, 1, 1], ["car"])])
    own = [MaskLabel([9, 9, 9], ["car"]), MaskLabel([8, 8, 8], ["new"])]
    same, new, declared = mapping.labels_of("seg", own)
    assert same.color == declared.color != new.color


def test_one_label_may_be_given_as_a_string() -> None:
    assert resolve_labels([MaskLabel(7, "car")]).labels_of("x")[0].labels == ("car",)


def test_colours_come_from_the_entry_else_from_its_first_label() -> None:
    first, second, third = resolve_labels(
        [MaskLabel([1, 1, 1], ["car", "moving"]), MaskLabel([2, 2, 2], ["sky"], color="#102030"), MaskLabel(3, [])]
    ).labels_of("x")
    assert first.color == assign_colors(["car"])["car"]
    assert second.color == (16, 32, 48)
    assert third.color not in (first.color, second.color)


def test_a_label_keeps_its_declared_colour_where_another_entry_declares_none() -> None:
    declared, other = resolve_labels([MaskLabel(1, ["car"], color="#102030"), MaskLabel(2, ["car"])]).labels_of("x")
    assert declared.color == other.color == (16, 32, 48)


@pytest.mark.parametrize(
    ("one", "other"),
    [([7, 7, 7], [7, 7, 7]), (7, [7, 7, 7]), ([255, 255, 255], 255), (70_000, 70_000), ([1, 2, 3, 4], [1, 2, 3, 4])],
)
def test_a_value_twice_in_a_list_is_refused_at_its_position(one: object, other: object) -> None:
    entries = [MaskLabel(one, ["a"]), MaskLabel(0, ["b"]), MaskLabel(other, ["c"])]  # type: ignore[arg-type]  # values
    with pytest.raises(LabelsError, match=r"^seg\[2\]\.value: .*\[0\]"):
        resolve_labels({"seg": entries})


def test_values_that_only_look_alike_are_different() -> None:
    resolve_labels([MaskLabel(256, ["a"]), MaskLabel([0, 1, 0], ["b"]), MaskLabel([0, 1, 0, 0], ["c"])])


def test_the_dictionary_form_has_every_colour_and_opacity() -> None:
    mapping = resolve_labels([MaskLabel([1, 2, 3], ["car"], opacity=0.5), MaskLabel(70_000, ["void"], ignore=True)])
    car, void = mapping.declared()["_all_"]
    assert car == {
        "value": [1, 2, 3],
        "labels": ["car"],
        "color": format_color(assign_colors(["car", "void"])["car"]),
        "opacity": 0.5,
    }
    assert (void["value"], void["opacity"], void["ignore"]) == (70_000, 1.0, True)


def test_entries_of_a_table_say_how_values_were_declared_and_what_is_hidden() -> None:
    labels = resolve_labels(
        [
            MaskLabel([1, 2, 3], ["car", "moving"], color="#0a0b0c", opacity=0.5),
            MaskLabel(70_000, ["sky"], color="#000000", ignore=True),
            MaskLabel([1, 2, 3, 4], ["both"], color="#ffffff"),
        ]
    ).labels_of("x")
    assert table_entries(labels, frozenset(["moving"])) == [
        Entry(1 + 2 * 256 + 3 * 65536, ValueKind.RGB, (10, 11, 12), 0.5, hidden=True),
        Entry(70_000, ValueKind.INTEGER, (0, 0, 0), 1.0, ignore=True),
        Entry(1 + 2 * 256 + 3 * 65536 + 4 * 2**24, ValueKind.RGBA, (255, 255, 255), 1.0),
    ]


def test_only_what_is_ignored_may_go_without_labels() -> None:
    """A void value means nothing; any other entry has to say what it means."""
    check_names([MaskLabel([255, 255, 255], [], ignore=True)], "_all_")
    with pytest.raises(LabelsError, match="at least one label"):
        check_names([MaskLabel([255, 255, 255], [])], "_all_")


def test_a_legend_is_made_once_for_all_masks_that_share_it() -> None:
    """One of 60,000 instances takes a third of a second, for which everybody would wait at each status request."""
    lists = {"_all_": [MaskLabel(7, ["tree"]), MaskLabel(1, ["car"])], "seg": [MaskLabel(1, ["tram"])]}
    style = Style(1, resolve_labels(lists), {})
    assert [(line.index, line.value, line.labels) for line in style.legend("any")] == [
        (1, 1, ["car"]),
        (2, 7, ["tree"]),
    ]
    assert style.legend("any") is style.legend("other")
    assert [line.labels for line in style.legend("seg")] == [["tram"], ["tree"]]
    assert [line.labels for line in style.legend("any", [MaskLabel(7, ["bush"])])] == [["car"], ["bush"]]
