"""Colours for labels."""

from itertools import combinations

import pytest

from mattebox_runtime.colors import format_color, parse_color
from mattebox_runtime.palette import CORE_SLOTS, NEAR, assign_colors, palette

STREET = (
    *("road", "sidewalk", "building", "wall", "fence", "pole", "light", "sign", "vegetation", "terrain", "sky"),
    *("person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"),
)


def test_the_palette_is_frozen() -> None:
    """A change of these colours changes every preview key that depends on them: it must be meant."""
    first = " ".join(map(format_color, palette()[:6]))
    assert first == "#d70000 #f3ceff #b600ff #ffb600 #ff4ab1 #91318f"
    assert format_color(assign_colors(["car"])["car"]) == "#adab59"


def test_the_palette_has_room_and_no_colour_twice() -> None:
    assert len(set(palette())) == len(palette()) > 2 * CORE_SLOTS


def test_no_colour_is_black_white_or_grey() -> None:
    for color in palette():
        assert max(color) - min(color) >= 20, color
        assert max(color) >= 80, color
        assert min(color) <= 225, color


def test_a_label_has_the_same_colour_alone_and_among_others_it_does_not_collide_with() -> None:
    alone = {label: assign_colors([label])[label] for label in STREET}
    together = assign_colors(STREET)
    shared = [label for label in STREET if list(alone.values()).count(alone[label]) > 1]
    assert {label: together[label] for label in STREET if label not in shared} == {
        label: color for label, color in alone.items() if label not in shared
    }


def test_core_colours_differ_for_every_kind_of_eye() -> None:
    """The nearest two of a street scene's labels are still told apart."""
    colors = assign_colors(STREET)
    for (_, one), (_, other) in combinations(colors.items(), 2):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 30


def test_colours_that_are_taken_are_kept_clear_of() -> None:
    wanted = assign_colors(["car"])["car"]
    nearly = (wanted[0], wanted[1], wanted[2] + 2)
    assert assign_colors(["car"], [nearly])["car"] not in (wanted, nearly)
    assert NEAR > 0


@pytest.mark.parametrize("count", [CORE_SLOTS, CORE_SLOTS + 1, 257, 3_000])
def test_more_labels_than_the_palette_has_colours_still_get_one_each(count: int) -> None:
    labels = [f"instance {number}" for number in range(count)]
    colors = assign_colors(labels)
    assert len(set(colors.values())) == count
    assert colors == assign_colors(reversed(labels))


def test_everything_taken_is_no_reason_to_fail() -> None:
    assert assign_colors(["car"], palette())["car"] not in palette()


@pytest.mark.parametrize("text", ["", "#12345", "#1234567", "123456", "#12345g", "# 12345", "#12 34 "])
def test_only_rrggbb_is_a_colour(text: str) -> None:
    with pytest.raises(ValueError, match="is written #rrggbb"):
        parse_color(text)


def test_colours_are_read_as_they_are_written() -> None:
    assert format_color(parse_color("#0aFf80")) == "#0aff80"
