"""How the pixels of a mask become the numbers of a format."""

from typing import Any

import numpy as np

from mattebox.answers import IndexEntry
from mattebox.exporters.coco_panoptic import Segment, panoptic_id, segments_of
from mattebox.exporters.outcome import Exported
from mattebox.exporters.segments import Naming, SegmentMap, _Unsaid, tell_undeclared
from mattebox.exporters.voc import object_numbers
from mattebox.importers.plan import LeftOut


def entry(index: int, value: list[int] | int, *labels: str, ignore: bool = False) -> IndexEntry:
    """An entry of a mapping."""
    return IndexEntry(index, value, list(labels), "#102030", 1.0, ignore)


def mapped(entries: list[IndexEntry], pixels: list[list[int]], *, panoptic: bool = False) -> SegmentMap:
    """A mask."""
    return SegmentMap("m", np.array(pixels, np.uint32), entries, panoptic)


def test_objects_keep_the_numbers_of_the_palette() -> None:
    """Others are counted from 1; background and what is ignored are none."""
    of_palette = [entry(1, [0, 0, 0], "background"), entry(2, [0, 128, 0], "object 2"), entry(3, [128, 0, 128], "o")]
    assert object_numbers(mapped(of_palette, [[1, 2, 3]])) == {2: 2, 3: 5}
    others = [entry(1, 70_000, "cat"), entry(2, [9, 9, 9], "dog"), entry(3, 0, "void", ignore=True)]
    assert object_numbers(mapped(others, [[1, 2, 3, 0]])) == {1: 1, 2: 2}
    assert object_numbers(mapped(others, [[2, 3]])) == {2: 1}


def test_more_objects_than_a_palette_has_room_for_are_too_many() -> None:
    """0 is the background and 255 the border."""
    entries = [entry(number, number + 1000, "cell") for number in range(1, 256)]
    assert object_numbers(mapped(entries, [list(range(1, 256))])) is None
    assert object_numbers(mapped(entries, [list(range(1, 255))])) == {number: number for number in range(1, 255)}


def test_segments_are_pairs_of_class_and_object() -> None:
    """Without objects each class is one; those of a panoptic mask keep their ids."""
    classes = mapped([entry(1, 1, "cat"), entry(2, 2, "sky")], [[1, 1, 2, 0]])
    cat, sky = classes.entries
    assert segments_of(classes, None)[1] == [None, Segment(cat), Segment(sky)]
    objects = mapped([entry(1, [0, 0, 0], "background"), entry(2, 5, "o"), entry(3, 6, "o")], [[2, 3, 1, 1]])
    numbers, segments = segments_of(classes, objects)
    assert [segments[number] for number in numbers[0]] == [
        Segment(cat, None, 2),
        Segment(cat, None, 3),
        Segment(sky),
        None,
    ]
    panoptic = mapped([entry(1, [1, 2, 3], "cat")], [[1]], panoptic=True)
    assert segments_of(panoptic, None)[1] == [None, Segment(panoptic.entries[0], 0x030201, 1)]
    assert panoptic_id(entry(1, 7, "x")) == 7


def test_what_a_name_does_not_say_is_told_once() -> None:
    """Labels that mean nothing are not missed."""
    exported = Exported()
    naming = Naming("void", exported)
    assert [naming.name(entry(1, 1, "cat", "pet")) for _ in range(2)] == ["cat, pet"] * 2
    assert naming.name(entry(2, 2, "static", ignore=True)) is None
    assert naming.name(entry(3, 3, "Void", ignore=True)) is None
    assert naming.name(entry(4, 4)) == "4"
    tell_undeclared("a", mapped([], [[0, 0, 0]]), "void", exported)
    assert [left.what for left in exported.reduced] == ["cat, pet", "static", "a (m, 3 pixels)"]


def test_fields_of_frames_are_counted_whatever_they_hold() -> None:
    """The lists of VOC are written, and so not told."""
    unsaid = _Unsaid()
    frames: list[dict[str, Any]] = [
        {"meta": 5},
        {"meta": {"image_sets": ["val"]}},
        {"meta": {"image_sets": [], "a": 1}, "rois": [{}]},
        {},
    ]
    unsaid.count({"sources": [{}], **frame} for frame in frames)
    why = "of frames that the format lacks"
    assert unsaid.told() == [LeftOut("metadata (2)", "field", why), LeftOut("regions (1)", "field", why)]
