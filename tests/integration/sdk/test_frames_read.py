"""Frames as they come back: as what they were, with all that came with them."""

import logging
from pathlib import Path
from typing import Any

import pytest

from mattebox import Client, DatasetVersion, DataView, FrameGroup, SingleFrame
from mattebox.errors import InputError, NotFound, UsageError
from support.live_stack import LiveRegistry

NEVER = "http://127.0.0.1:9/never.png"


def stored(connected: Client, version: DatasetVersion, frame_id: str) -> dict[str, Any]:
    """The document as the registry has it."""
    return connected.run(lambda calls: calls.frame(version.id, frame_id)).document


def test_a_frame_comes_back_as_it_was(version: DatasetVersion) -> None:
    """Every field, annotations too."""
    frame = SingleFrame(
        source=NEVER,
        width=64,
        height=48,
        preview_uri="http://127.0.0.1:9/small.png",
        metadata={"alive": "yes"},
        mask_source="http://127.0.0.1:9/mask.png",
        context_id="car_1",
        timestamp=40,
    )
    frame.add_annotation(box2d_xywh=(10, 10, 30, 20), labels=["tiger"], confidence=0.5, metadata={"dangerous": "yes"})
    frame.add_annotation(labels=["outdoors"], id="whole")
    version.add_frames([frame])
    found = version.get_single_frame(frame.id)
    assert isinstance(found, SingleFrame)
    assert found.to_dict() == frame.to_dict()
    assert (found.preview_uri, found.context_id, found.timestamp) == (frame.preview_uri, "car_1", 40)
    box, whole = found.annotations
    assert box.get_bounding_box() == (10, 10, 30, 20)
    assert (whole.id, whole.labels, whole.get_bounding_box()) == ("whole", ["outdoors"], None)
    assert found.origin == frame.origin


def test_a_group_comes_back_as_a_group(version: DatasetVersion) -> None:
    """With its names, masks, and what belongs to the whole of it."""
    group = FrameGroup(
        left=SingleFrame(source=NEVER, masks_source={"road": "http://127.0.0.1:9/m.png"}, metadata={"angle": 45}),
        right=SingleFrame(source="http://127.0.0.1:9/right.png", timestamp=7, context_id="drive"),
        metadata={"city": "Bremen"},
    )
    group["left"].add_annotation(labels=["car"], poly2d_xy=[(0, 0), (4, 0), (4, 4)])
    version.add_frames([group])
    found = version.get_single_frame(group.id)
    assert isinstance(found, FrameGroup)
    assert found.to_dict() == group.to_dict()
    assert list(found) == ["left", "right"]
    assert found["left"].metadata == {"angle": 45}
    assert found["left"].masks_source == {"road": "http://127.0.0.1:9/m.png"}
    assert (found.metadata, found.context_id, found.timestamp) == ({"city": "Bremen"}, "drive", 7)
    one = FrameGroup(id="alone", only=SingleFrame(source=NEVER))
    version.add_frames([one])
    assert isinstance(version.get_single_frame("alone"), FrameGroup)


def test_what_the_sdk_does_not_know_survives_an_update(version: DatasetVersion, connected: Client) -> None:
    """Read, changed, written back: only the change differs."""
    document = {
        "id": "f",
        "weather": "sunny",
        "timestamp": 5,
        "meta": {"a": 1},
        "sources": [
            {
                "uri": NEVER,
                "lens": {"f": 1.8},
                "preview": {"uri": "http://127.0.0.1:9/p.png", "timestamp": 3},
                "masks": [{"id": "m", "uri": "http://127.0.0.1:9/m.png", "mode": "alpha", "by": "hand"}],
            }
        ],
        "rois": [{"label": ["x"], "poly": [0, 0, 1, 1], "sources": ["00"], "score": 0.3, "id": "r1"}],
    }
    version.add_frames([document])
    frame = version.get_single_frame("f")
    frame.metadata["a"] = 2
    assert version.update_frames([frame]) == []
    assert stored(connected, version, "f") == {**document, "meta": {"a": 2}}


def test_frames_are_listed_whole_by_context_by_state_and_a_few(version: DatasetVersion, pictures: Path) -> None:
    """In the order of the registry, also over several pages."""
    frames = [SingleFrame(source=NEVER, timestamp=n, context_id="ab"[n % 2], id=f"{n:04}") for n in range(603)]
    version.add_frames(frames)
    listed = [frame.id for frame in version]
    assert listed == [f"{n:04}" for n in [*range(0, 603, 2), *range(1, 603, 2)]]
    assert [frame.id for frame in version.get_frames(context_id="b", limit=2)] == ["0001", "0003"]
    version.add_frames([SingleFrame(source=pictures / "photo.png", id="photo")])
    assert version.wait_for_previews(progress=False).ready == 1
    assert [frame.id for frame in version.get_frames(state="ready")] == ["photo"]
    for frame in version:  # may be left early
        assert frame.id == "photo"
        break


def test_frames_are_found_and_deleted_by_themselves_or_by_id(version: DatasetVersion, dataset_name: str) -> None:
    """On the class, the version is named; who is not there is not found."""
    a, b = SingleFrame(source=NEVER, id="a"), SingleFrame(source=NEVER, id="b")
    version.add_frames([a, b])
    named = DatasetVersion.get_single_frame("a", dataset_name=dataset_name, version_name="first")
    assert named.id == "a"
    assert [frame.id for frame in version.get_frames_by_ids(["b", "a"])] == ["b", "a"]
    with pytest.raises(NotFound, match="'c'"):
        version.get_single_frame("c")
    with pytest.raises(UsageError, match="dataset"):
        DatasetVersion.get_single_frame("a")
    assert version.delete_frames(FrameGroup({"a": a})) == 0
    assert version.delete_frames("a") == 1
    assert version.delete_frames([a, "b", "c"]) == 1
    assert version.get_frames() == []


def test_a_copy_is_another_frame(version: DatasetVersion) -> None:
    """Of a new id, in no version, and changing it changes nothing else."""
    frame = SingleFrame(source=NEVER, masks_source=["m.png"], metadata={"a": [1]})
    group = FrameGroup(left=frame, metadata={"b": 1})
    version.add_frames({"id": "x", "sources": [{"uri": NEVER}]})
    twin, twins = frame.copy(), group.copy()
    twin.metadata["a"].append(2)
    twin.masks_source["01"] = "n.png"
    assert frame.metadata == {"a": [1]}
    assert frame.masks_source == {"00": "m.png"}
    assert len({frame.id, twin.id, group.id, twins.id}) == 4
    assert twin.origin is twins.origin is None


def test_files_of_a_frame_are_had_locally(
    version: DatasetVersion, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is itself; an upload is downloaded once, or again when asked; masks by id."""
    monkeypatch.setenv("MATTEBOX_CACHE", str(tmp_path))
    frame = SingleFrame(source=pictures / "photo.png", masks_source={"a": pictures / "mask1.png"}, id="f")
    assert frame.get_local_source() == str(pictures / "photo.png")
    version.add_frames([frame])
    found = version.get_single_frame("f")
    assert isinstance(found, SingleFrame)
    local = Path(found.get_local_source(raise_on_error=True) or "")
    assert local.read_bytes() == (pictures / "photo.png").read_bytes()
    assert local.is_relative_to(tmp_path)
    mask = found.get_local_mask_source(mask_id="a")
    assert mask == found.get_local_mask_source()
    assert Path(mask or "").read_bytes() == (pictures / "mask1.png").read_bytes()
    local.write_bytes(b"changed")
    assert found.get_local_source() == str(local)
    assert local.read_bytes() == b"changed"
    found.get_local_source(force_download=True)
    assert local.read_bytes() == (pictures / "photo.png").read_bytes()
    assert not [part for part in tmp_path.rglob("tmp*") if part.is_file()]


def test_a_file_that_cannot_be_had_is_none_and_logged_or_raises(
    version: DatasetVersion, registry: LiveRegistry, caplog: pytest.LogCaptureFixture, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Nothing there, an object store, no mask, an upload that never was: each says what it is."""
    monkeypatch.setenv("MATTEBOX_CACHE", str(tmp_path))
    cases = {
        "gone.png": "no file",
        "s3://bucket/x.png": "s3:// is not downloaded",
        f"{registry.url}/nothing.png": "HTTP 404",
        "http://127.0.0.1:9/x.png": "cannot be downloaded",
        f"blob:{'0' * 64}": "no blob",
    }
    for location, message in cases.items():
        frame = SingleFrame(source=location)
        frame._enter(version._origin, "x")
        with caplog.at_level(logging.WARNING, "mattebox"):
            assert frame.get_local_source() is None
        assert message in caplog.messages[-1]
        assert frame.get_local_mask_source() is None
        with pytest.raises(Exception, match=message):
            frame.get_local_source(raise_on_error=True)
    with pytest.raises(InputError, match="add the frame first"):
        SingleFrame(source="http://x/y.png").get_local_source(raise_on_error=True)
    assert not list(tmp_path.rglob("tmp*"))


def test_a_view_gives_frames_of_several_versions(version: DatasetVersion, dataset_name: str) -> None:
    """In order or shuffled the same way each time, those with a label, each frame once."""
    frames = [SingleFrame(source=NEVER, id=f"{n}") for n in range(8)]
    for frame in frames[:3]:
        frame.add_annotation(labels=["cat", "grey"], box2d_xywh=[0, 0, 1, 1])
    version.add_frames(frames)
    other = DatasetVersion.create_version(dataset_name=dataset_name, version_name="other")
    group = FrameGroup(left=SingleFrame(source=NEVER))
    group["left"].add_annotation(labels=["cat"])
    other.add_frames([group])

    view = DataView()
    view.add_query(dataset_name=dataset_name, version_name="first")
    assert [frame.id for frame in view] == [f"{n}" for n in range(8)]
    view.add_query(dataset_name, "other", roi_query="cat")
    view.add_query(dataset_name, "first", roi_query=["cat", "grey"])
    assert view.get_count() == (9, [8, 1, 3])
    assert len(view.to_list()) == 9

    shuffled = DataView()
    shuffled.set_iteration_parameters(order="random", infinite=True, random_seed=7)
    shuffled.add_query(version_id=version.id)
    iterator = shuffled.get_iterator()
    first, second = ([next(iterator).id for _ in range(8)] for _ in range(2))
    assert first == second != [f"{n}" for n in range(8)]
    shuffled.set_iteration_parameters(maximum_number_of_frames=3)
    assert [frame.id for frame in shuffled.to_list()] == first[:3]
    with pytest.raises(UsageError, match="labels alone"):
        view.add_query(dataset_name, "first", roi_query="label.keyword:cat AND NOT dog")
