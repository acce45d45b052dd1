"""Adding frames: uploads, batches, and what fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mattebox import Client, DatasetVersion, Frame, FrameGroup, Mask, SingleFrame, Source
from mattebox.errors import Conflict
from mattebox.frame_batches import AnyFrame
from support.live_stack import write_image

NEVER = "http://127.0.0.1:9/never.png"


def test_local_files_are_uploaded_once_and_named_as_people_know_them(
    version: DatasetVersion, pictures: Path, connected: Client
) -> None:
    """The same bytes twice are one upload; names are paths below the folder that is given, else the bare name."""
    frames = [
        SingleFrame(source=pictures / "photo.png", mask_source=str(pictures / "mask1.png"), id="a"),
        SingleFrame(source=str(pictures / "photo.png"), id="b"),
    ]
    assert version.add_frames(frames, local_dataset_root_path=pictures.parent) == []
    a, b = (frame.document for frame in connected.iterate(lambda calls: calls.frames(version.id)))
    assert a["sources"][0]["uri"] == b["sources"][0]["uri"]
    assert a["sources"][0]["uri"].startswith("blob:")
    assert a["sources"][0]["path"] == f"{pictures.name}/photo.png"
    assert a["sources"][0]["content_type"] == "image/png"
    assert a["sources"][0]["masks"][0]["path"] == f"{pictures.name}/mask1.png"
    version.add_frames([SingleFrame(source=pictures / "photo.png", id="c")])
    assert version.get_frames_by_ids(["c"])[0].to_dict()["sources"][0]["path"] == "photo.png"


def test_files_that_renderers_see_too_may_stay_where_they_are(version: DatasetVersion, pictures: Path) -> None:
    """Without upload they are registered as file:// URIs."""
    frame = SingleFrame(source=pictures / "photo.png", mask_source=pictures / "mask2.png")
    assert version.add_frames([frame], auto_upload_destination=False) == []
    found = version.get_single_frame(frame.id)
    assert isinstance(found, SingleFrame)
    assert found.source == (pictures / "photo.png").as_uri()
    assert version.wait_for_previews(progress=False).ready == 1


def test_a_bucket_named_as_destination_is_told_not_to_get_anything(version: DatasetVersion, pictures: Path) -> None:
    """A program from elsewhere runs on, and its user knows where the files are."""
    with pytest.warns(UserWarning, match=r"not to s3://bucket/"):
        version.add_frames([SingleFrame(source=pictures / "photo.png")], auto_upload_destination="s3://bucket/")
    assert version.frame_count == 1


def test_each_frame_that_fails_is_given_back_with_what_is_wrong(version: DatasetVersion, pictures: Path) -> None:
    """The others are stored; a group fails with any of its files, and nothing of it is stored."""
    (pictures / "empty.png").touch()
    good = SingleFrame(source=pictures / "photo.png")
    whole = FrameGroup(left=SingleFrame(source=pictures / "photo.png"), right=SingleFrame(source=NEVER))
    gone = FrameGroup(left=SingleFrame(source=pictures / "photo.png"), right=SingleFrame(source="gone.png"))
    bad: list[AnyFrame] = [
        gone,
        SingleFrame(source=pictures),
        SingleFrame(source=pictures / "empty.png"),
        SingleFrame(),
        FrameGroup(),
        SingleFrame(source=NEVER, metadata={"fine": object()}),
        SingleFrame(source=NEVER, width=-1),
        {"id": "no sources", "sources": []},
    ]
    failed = version.add_frames([good, *bad, whole])
    assert [failure["frame"] for failure in failed[:3]] == bad[:3]
    assert {id(failure["frame"]) for failure in failed} == {id(frame) for frame in bad}
    by_frame = {id(failure["frame"]): (failure["error_type"], failure["error"]) for failure in failed}
    kinds = [by_frame[id(frame)][0] for frame in bad]
    errors = [by_frame[id(frame)][1] for frame in bad]
    assert kinds == ["upload"] * 3 + ["validation"] * 5
    assert "'gone.png' cannot be read: No such file" in errors[0]
    assert "cannot be read" in errors[1]
    assert "empty.png' was not taken: it is empty." in errors[2]
    assert "SingleFrame(source=...)" in errors[3]
    assert 'group["left"]' in errors[4]
    assert "object" in errors[5]
    assert "sources[0].width" in errors[6]
    assert {frame.id for frame in version} == {good.id, whole.id}
    assert gone.origin is None


def test_frames_come_from_any_iterable_in_batches(version: DatasetVersion) -> None:
    """A generator is drawn as it is sent, and may itself ask the registry."""

    def frames() -> Iterator[SingleFrame]:
        for number in range(35):
            assert version.draft
            # Two batches are on their way while the next is drawn.
            assert number < 30 or version.frame_count >= 10
            yield SingleFrame(source=NEVER, timestamp=number)

    assert version.add_frames(frames(), batch_size=10, progress=False) == []
    assert version.frame_count == 35
    assert version.add_frames([]) == []


def test_frames_are_taken_in_every_form(version: DatasetVersion) -> None:
    """Frames, groups, models of documents, documents; one alone needs no list."""
    version.add_frames(SingleFrame(source=NEVER, id="a"))
    version.add_frames(FrameGroup(left=SingleFrame(source=NEVER), id="b"))
    version.add_frames(Frame([Source(NEVER, masks=[Mask("m.png")])], id="c"))
    version.add_frames({"id": "d", "sources": [{"uri": NEVER}]})
    assert sorted(frame.id for frame in version) == ["a", "b", "c", "d"]


def test_a_frame_that_is_added_again_replaces_the_one_that_is_there(version: DatasetVersion) -> None:
    """Known by its source and moment, wherever else it differs."""
    version.add_frames([SingleFrame(source=NEVER, metadata={"n": 1})])
    version.add_frames([SingleFrame(source=NEVER, metadata={"n": 2}), SingleFrame(source=NEVER, timestamp=40)])
    assert sorted(str(frame.metadata) for frame in version) == ["{'n': 2}", "{}"]


def test_what_tunes_other_servers_is_taken_and_what_is_misspelt_is_not(version: DatasetVersion) -> None:
    """Programs from elsewhere pass a few options that mean nothing here."""
    frame = SingleFrame(source=NEVER)
    assert version.add_frames([frame], refresh_version_stats=False, force_upload=True, progress_report=10) == []
    assert version.update_frames([frame], refresh_version_stats=False) == []
    with pytest.raises(TypeError, match="'uplod_retries'"):
        version.add_frames([frame], uplod_retries=3)  # type: ignore[call-arg]  # what is tested
    assert version.delete_frames([frame], refresh_version_stats=False) == 1


def test_a_published_version_takes_nothing_and_says_what_to_do(version: DatasetVersion, pictures: Path) -> None:
    """Its frames stay as they were."""
    frame = SingleFrame(source=pictures / "photo.png")
    version.add_frames([frame])
    version.publish_version()
    for change in (
        lambda: version.add_frames([frame]),
        lambda: version.delete_frames([frame]),
        lambda: version.set_masks_labels({1: "cat"}),
        lambda: version.set_metadata({"a": 1}),
    ):
        with pytest.raises(Conflict, match="make a child of it"):
            change()
    assert version.frame_count == 1


def test_many_files_are_uploaded_several_at_a_time(version: DatasetVersion, tmp_path: Path) -> None:
    """More than the slots for uploads, each its own bytes, all arrive."""
    frames = [
        SingleFrame(source=write_image(tmp_path / f"{n}.png", (n, n, n), (8, 8)), mask_source=tmp_path / f"{n}.png")
        for n in range(30)
    ]
    assert version.add_frames(frames) == []
    assert len({frame.to_dict()["sources"][0]["uri"] for frame in version}) == 30
