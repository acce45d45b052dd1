"""What holds for the colours of any set of labels."""

from hypothesis import given
from hypothesis import strategies as st

from mattebox_runtime.palette import CORE_SLOTS, assign_colors

LABELS = st.lists(st.text(max_size=12), unique=True, max_size=CORE_SLOTS * 2)


@given(LABELS, st.randoms())
def test_colours_are_distinct_and_do_not_depend_on_the_order(labels: list[str], random: object) -> None:
    shuffled = list(labels)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    colors = assign_colors(labels)
    assert colors == assign_colors(shuffled)
    assert len(set(colors.values())) == len(labels)


@given(LABELS)
def test_a_label_whose_first_choice_nobody_shares_gets_it(labels: list[str]) -> None:
    alone = {label: assign_colors([label])[label] for label in labels}
    together = assign_colors(labels)
    for label, color in alone.items():
        if list(alone.values()).count(color) == 1:
            assert together[label] == color


@given(LABELS, st.lists(st.tuples(*[st.integers(0, 255)] * 3), max_size=20))
def test_no_colour_in_use_is_given_again(labels: list[str], taken: list[tuple[int, int, int]]) -> None:
    assert not set(assign_colors(labels, taken).values()) & set(taken)
