"""The query of a preview: defaults, every parameter, every fault."""

from contextlib import suppress
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox.previews import PreviewOptions, query_of
from mattebox_registry.errors import InvalidInput
from mattebox_registry.http.preview_query import PreviewQuery, negotiate_format, read_preview_query
from mattebox_runtime.options import DEFAULT_OPTIONS, SIZES


def read(query: str, accept: str | None = None) -> PreviewQuery:
    """Read a query string."""
    return read_preview_query(parse_qsl(query, keep_blank_values=True), accept)


def faults(query: str, accept: str | None = None) -> dict[str, str]:
    """Give the faults of a bad query by parameter."""
    with pytest.raises(InvalidInput) as refused:
        read(query, accept)
    assert refused.value.code == "bad_parameter"
    return {error.loc: error.message for error in refused.value.errors}


def test_no_query_means_the_default_preview() -> None:
    """The grid's picture needs no parameters."""
    assert read("") == PreviewQuery(DEFAULT_OPTIONS, 0.0)


def test_every_parameter_is_read() -> None:
    """One query with all of them."""
    options, wait_s = read(
        "source=left&masks=road,sky&mode=segmentation&mode.sky=alpha&opacity=0.5&opacity.road=1&tint.sky=%23FF8800"
        "&background=%2300ff00&hide=car,bus&unmapped=%23ABCDEF&outline=2&size=1280&format=png&wait=2.5"
    )
    assert wait_s == 2.5
    assert options.source == "left"
    assert options.masks == ("road", "sky")
    assert (options.mode, options.mask_modes) == ("segmentation", {"sky": "alpha"})
    assert (options.opacity, options.mask_opacities) == (0.5, {"road": 1.0})
    assert options.tints == {"sky": "#ff8800"}
    assert (options.background, options.unmapped) == ("#00ff00", "#abcdef")
    assert options.hide == {"car", "bus"}
    assert (options.outline, options.size, options.format) == (2, 1280, "png")


def test_no_masks_and_all_masks_are_told_apart() -> None:
    """An empty list shows the source alone, a missing one shows every mask."""
    assert read("masks=").options.masks == ()
    assert read("").options.masks is None
    assert read("masks=b,a,b").options.masks == ("b", "a")


@given(st.lists(st.text(min_size=1), unique=True))
def test_lists_come_back_as_the_sdk_spells_them(names: list[str]) -> None:
    """Whatever ids and labels hold, commas and backslashes too."""
    (masks, hide) = query_of(PreviewOptions(masks=names, hide=names))
    options = read_preview_query([masks, hide], None).options
    assert options.masks == tuple(names)
    assert options.hide == set(names)


def test_words_stand_for_what_is_no_colour_and_no_number() -> None:
    """`transparent`, `hide` and `full`."""
    options = read("background=transparent&unmapped=hide&size=full").options
    assert (options.background, options.unmapped, options.size) == (None, None, None)


def test_a_mask_id_may_hold_dots_and_blanks() -> None:
    """The first dot ends the parameter's name, all after it is the id."""
    assert read("mode.v1.2%20final=alpha").options.mask_modes == {"v1.2 final": "alpha"}


@pytest.mark.parametrize(
    ("query", "accepted"),
    [
        ("mode=paint", "auto, segmentation, alpha"),
        ("mode.sky=", "auto, segmentation, alpha"),
        ("opacity=1.01", "0 to 1"),
        ("opacity.sky=-0.1", "0 to 1"),
        ("opacity=nan", "0 to 1"),
        ("opacity=inf", "0 to 1"),
        ("opacity=1e3", "0 to 1"),
        ("opacity=1_0", "0 to 1"),
        ("opacity=", "0 to 1"),
        ("tint.sky=red", "#rrggbb"),
        ("background=%23fff", "transparent"),
        ("background=hide", "transparent"),
        ("unmapped=transparent", "hide"),
        ("outline=-1", "0 to 64"),
        ("outline=1.5", "0 to 64"),
        ("outline=65", "0 to 64"),
        ("outline=٣", "0 to 64"),
        ("size=641", "640, 800"),
        ("size=0640", "or full"),
        ("format=gif", "webp, jpeg, png"),
        ("masks=a\\b", "for a backslash"),
        ("hide=a\\", "for a comma"),
        ("wait=31", "0 to 30"),
        ("wait=-1", "0 to 30"),
        ("source=", "first source"),
        ("tint=%23ff0000", "tint.<mask id>"),
        ("mode.=alpha", "mode.<mask id>"),
        ("sizes=64", "Unknown parameter"),
        ("hide.sky=1", "Unknown parameter"),
        ("size=64&size=128", "once"),
        ("mode.sky=alpha&mode.sky=alpha", "once"),
    ],
)
def test_a_bad_parameter_is_named_with_what_is_accepted(query: str, accepted: str) -> None:
    """Each fault says where it is and how to mend it."""
    found = faults(query)
    assert list(found) == [parse_qsl(query, keep_blank_values=True)[0][0]]
    assert accepted in next(iter(found.values()))


def test_all_faults_are_told_at_once() -> None:
    """Nobody has to mend one parameter to hear of the next."""
    assert set(faults("size=1&format=bmp&wait=99&colour=red")) == {"size", "format", "wait", "colour"}


@pytest.mark.parametrize(("query", "accept"), [("&format=jpeg", None), ("", "image/jpeg")])
def test_jpeg_has_no_transparency(query: str, accept: str | None) -> None:
    """Whether asked for by name or by header, and the answer says which formats have it."""
    found = faults("background=transparent" + query, accept)
    assert "webp" in found["background"]
    assert "png" in found["background"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "webp"),
        ("", "webp"),
        ("*/*", "webp"),
        ("image/*", "webp"),
        ("image/png", "png"),
        ("image/jpeg, image/png", "jpeg"),
        ("image/jpeg;q=0.5, image/png;q=0.9", "png"),
        ("IMAGE/PNG ; Q=1", "png"),
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "webp"),
        ("image/webp;q=0, */*;q=0.1", "jpeg"),
        ("image/webp;q=0, image/jpeg;q=0, image/*", "png"),
        ("image/webp;q=0.2, image/*;q=0.9", "jpeg"),
        ("application/json", "webp"),
        ("image/png;q=2", "webp"),
        ("image/png;level=1;q=0.4, image/jpeg;q=0.3", "png"),
    ],
)
def test_the_format_follows_accept(accept: str | None, chosen: str) -> None:
    """The highest q wins, the most specific range speaks for a format, WebP is first among equals."""
    assert negotiate_format(accept) == chosen


def test_a_format_asked_for_by_name_beats_accept() -> None:
    """A URL with a format gives the same picture to every client."""
    assert read("format=png", "image/jpeg").options.format == "png"


@given(st.text(max_size=60))
def test_no_accept_header_breaks_the_choice(accept: str) -> None:
    """Any text gives one of the formats."""
    assert negotiate_format(accept) in {"webp", "jpeg", "png"}


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=5))
def test_any_query_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    """Nothing but InvalidInput comes out of a bad query."""
    with suppress(InvalidInput):
        assert read_preview_query(pairs, None).options.size in {None, *SIZES}
