"""Looking at frames and versions."""

import base64
import sys
from pathlib import Path

import pytest

from mattebox import Client, DatasetVersion, FrameGroup, Mask, SingleFrame
from mattebox.errors import Invalid, NotFound, PreviewFailed, PreviewPending, UsageError
from mattebox.pictures import PreviewBytes

LABELS = {(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"]}


@pytest.fixture
def frame(version: DatasetVersion, pictures: Path) -> SingleFrame:
    """A photo with a label mask `people` and a matte `soft`, in a version with labels."""
    version.set_masks_labels({"people": LABELS})
    soft = Mask(str(pictures / "matte.png"), mode="alpha")
    masks: dict[str, Path | Mask] = {"people": pictures / "mask1.png", "soft": soft}
    frame = SingleFrame(source=pictures / "photo.png", masks_source=masks)
    assert version.add_frames([frame]) == []
    return frame


def test_a_preview_is_a_picture_drawn_as_asked(frame: SingleFrame) -> None:
    """Masks, mode, opacity and format by keyword."""
    plain = frame.preview(masks=[], format="png")
    assert not isinstance(plain, bytes)
    assert (plain.size, plain.getpixel((0, 0))) == ((64, 48), (200, 100, 50))
    painted = frame.preview(masks=["people"], opacity=1.0, format="png", size=320)
    assert not isinstance(painted, bytes)
    (people,) = [mask for mask in frame.report()["masks"] if mask["id"] == "people"]
    color = people["labels"][0]["color"]
    assert painted.getpixel((0, 0)) == tuple(bytes.fromhex(color[1:]))
    cut = frame.preview(masks=["soft"], background="transparent", format="png")
    assert not isinstance(cut, bytes)
    assert cut.mode == "RGBA"
    frame.refresh()
    assert frame.preview(mode={"people": "alpha"}).save


def test_labels_are_counted_over_a_version(version: DatasetVersion, frame: SingleFrame) -> None:
    """By mask; a table in a notebook."""
    version.wait_for_previews(progress=False)
    found = version.statistics()
    assert (found.complete, found.current, found.counted, found.frame_count) == (True, True, 1, 1)
    people = next(mask for mask in found.masks if mask.mask == "people")
    assert found.pixels() == found.pixels("people") == frame.report().pixels("people")
    assert people.labels[0].frames == 1
    assert "sitting" in found._repr_html_()
    assert found.pixels("soft") == {}


def test_without_pillow_a_preview_is_bytes_that_a_notebook_shows(
    frame: SingleFrame, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They know their type, and can be saved."""
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    preview = frame.preview(format="png")
    assert isinstance(preview, PreviewBytes)
    assert preview._repr_mimebundle_(include=None)["image/png"] == base64.b64encode(preview).decode()
    preview.save(tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def test_each_frame_of_a_group_has_its_preview(version: DatasetVersion, pictures: Path) -> None:
    """The group shows its first source, or the one that is named."""
    group = FrameGroup(
        left=SingleFrame(source=pictures / "photo.png"), right=SingleFrame(source=pictures / "other.png")
    )
    version.add_frames([group])
    seen = [
        shown.getpixel((0, 0))
        for shown in (
            group.preview(format="png"),
            group.preview(format="png", source="right"),
            group["left"].preview(format="png"),
            group["right"].preview(format="png"),
        )
        if not isinstance(shown, bytes)
    ]
    assert seen == [(200, 100, 50), (10, 20, 30), (200, 100, 50), (10, 20, 30)]


def test_a_report_counts_pixels_and_shows_itself(frame: SingleFrame) -> None:
    """A value of two labels counts for both."""
    report = frame.report()
    assert report.state == "ready"
    assert report.pixels() == report.pixels("people") == {"person": 64 * 48, "sitting": 64 * 48}
    assert report.pixels("soft") == {}
    assert report.warnings == []
    page = report._repr_html_()
    assert "person, sitting" in page
    assert "100.00%" in page


def test_what_is_wrong_with_a_mask_is_told_in_words(version: DatasetVersion, pictures: Path) -> None:
    """Values that nobody declared."""
    version.set_masks_labels(LABELS)
    frame = SingleFrame(source=pictures / "photo.png", mask_source=pictures / "mask2.png")
    version.add_frames([frame])
    report = frame.report()
    assert [warning for warning in report.warnings if "100.00%" in warning]
    assert "(not declared)" in report._repr_html_()


def test_what_cannot_be_shown_says_why(frame: SingleFrame, version: DatasetVersion) -> None:
    """An unknown mask names those there are; a frame of no version, a file that is not there."""
    with pytest.raises(NotFound, match=r"no mask 'dogs'. Its masks are: people, soft"):
        frame.preview(masks=["people", "dogs"])
    with pytest.raises(NotFound, match="'cats'"):
        frame.report(opacity={"cats": 0.5})
    with pytest.raises(NotFound, match="'left'"):
        frame.preview(source="left")
    with pytest.raises(Invalid, match="size"):
        frame.preview(size=-3)
    with pytest.raises(UsageError, match="add it first"):
        SingleFrame(source="x.png").preview()
    gone = SingleFrame(source="http://127.0.0.1:9/x.png")
    version.add_frames([gone])
    with pytest.raises(PreviewFailed, match="source_blocked"):
        gone.preview()


def test_a_version_is_waited_for_and_reports_what_failed(
    version: DatasetVersion, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts by state, and groups of failures with examples."""
    good = [SingleFrame(source=pictures / "photo.png", id=f"{n}", timestamp=n) for n in range(3)]
    version.add_frames([*good, SingleFrame(source="http://127.0.0.1:9/x.png", id="<bad>")])
    counts = version.wait_for_previews(progress=True, timeout=60)
    assert (counts.ready, counts.failed, counts.pending) == (3, 1, 0)
    report = version.report()
    assert report.counts == counts
    assert [(group.code, group.examples) for group in report.failures] == [("source_blocked", ["<bad>"])]
    assert "3 ready, 1 failed" in str(report)
    assert "(source_blocked) <bad>" in str(report)
    assert "&lt;bad&gt;" in report._repr_html_()
    assert capsys.readouterr().out == ""


def test_waiting_ends_when_it_was_to_end(version: DatasetVersion, pictures: Path) -> None:
    """A frame that needs drawing, and no time for it."""
    version.add_frames([SingleFrame(source=pictures / "photo.png", timestamp=n) for n in range(50)])
    with pytest.raises(PreviewPending, match="within 0 s"):
        version.wait_for_previews(progress=False, timeout=0)
    with pytest.raises(TimeoutError):
        SingleFrame.preview(version.get_frames(limit=1)[0], timeout=0, size=2048, outline=3)


def test_frames_show_where_they_come_from(connected: Client) -> None:
    """Sources and masks in a table, escaped; no network is needed for it."""
    frame = SingleFrame(source="<img>.png", masks_source={"<m>": "mask.png"}, id="<id>")
    page = frame._repr_html_() + FrameGroup({"<left>": frame})._repr_html_()
    for escaped in ("&lt;img&gt;.png", "&lt;m&gt;: mask.png", "frame &lt;id&gt;", "&lt;left&gt;"):
        assert escaped in page
    assert repr(frame) == "<SingleFrame <img>.png, masks <m>>"
    assert repr(FrameGroup({"left": frame})) == "<FrameGroup of left>"
