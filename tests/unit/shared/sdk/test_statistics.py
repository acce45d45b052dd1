"""Sums over a version, as one looks at them."""

from mattebox.statistics import (
    LabelStatistics,
    MaskStatistics,
    UnmappedStatistics,
    VersionStatistics,
)

SUMS = VersionStatistics(
    frame_count=2,
    walked=2,
    counted=1,
    complete=True,
    current=False,
    masks=[
        MaskStatistics(
            "people",
            1,
            1_000,
            0,
            ["rgb"],
            [
                LabelStatistics([1, 1, 1], ["person", "<b>"], "#ff0000", 600, 0.6, 1, declared_in="_all_"),
                LabelStatistics(None, ["person"], None, 200, 0.2, 1),
                LabelStatistics(255, [], "#000000", 100, 0.1, 1, ignore=True),
            ],
            UnmappedStatistics(100, 0.1, 1, []),
            False,
        )
    ],
)


def test_a_label_is_counted_wherever_it_is() -> None:
    """A value of several labels counts for each of them."""
    assert SUMS.pixels() == SUMS.pixels("people") == {"person": 800, "<b>": 600}
    assert SUMS.pixels("other") == {}


def test_the_table_tells_what_has_no_label_and_whether_it_is_being_counted() -> None:
    """What comes from outside is escaped."""
    shown = SUMS._repr_html_()
    for part in (
        "1 of 2 frames, being counted",
        "(1, 1, 1)",
        "person, &lt;b&gt;",
        "60.00%",
        "(ignored)",
        "(not declared)",
    ):
        assert part in shown
