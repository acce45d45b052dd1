"""Datasets and versions, found and made by the names people use."""

import pytest

from mattebox import Client, Dataset, DatasetVersion, DataView, SingleFrame
from mattebox.errors import AlreadyExists, Conflict, NotFound, UsageError
from mattebox.labels import OneMapping

pytestmark = pytest.mark.usefixtures("connected")

FRAME = SingleFrame(source="http://127.0.0.1:9/never.png", id="f")


def test_a_new_dataset_begins_with_an_empty_draft(dataset_name: str) -> None:
    """`Current` is there to add frames to; a second time gives the same dataset."""
    dataset = DatasetVersion.create_new_dataset(
        dataset_name, "about cats", tags=["pets", "cats"], dataset_project="zoo"
    )
    assert (dataset.name, dataset.description, dataset.tags, dataset.project) == (
        dataset_name,
        "about cats",
        ("pets", "cats"),
        "zoo",
    )
    current = DatasetVersion.get_current(dataset_name=dataset_name)
    assert (current.name, current.draft, current.frame_count) == ("Current", True, 0)
    again = Dataset.create(dataset_name=dataset_name)
    assert again.id == dataset.id
    assert [version.name for version in again.get_versions()] == ["Current"]


def test_what_exists_is_given_or_told_as_asked(dataset_name: str) -> None:
    """`raise_if_exists` raises what is a ValueError too, with the id of what is there."""
    dataset = Dataset.create(dataset_name)
    version = dataset.create_version("one")
    assert dataset.create_version("one").id == version.id
    with pytest.raises(ValueError, match="exists already") as taken:
        Dataset.create(dataset_name, raise_if_exists=True)
    assert isinstance(taken.value, AlreadyExists)
    assert taken.value.existing_id == dataset.id
    with pytest.raises(AlreadyExists, match="'one'") as taken_version:
        DatasetVersion.create_version("one", dataset_name=dataset_name, raise_if_exists=True)
    assert taken_version.value.existing_id == version.id


def test_a_child_comes_from_one_published_parent(dataset_name: str) -> None:
    """By name or id; a draft is no parent, and of several one has to come from the others."""
    parent = DatasetVersion.create_version(dataset_name=dataset_name, version_name="parent")
    with pytest.raises(Conflict, match="publish it first"):
        DatasetVersion.create_version(dataset_name=dataset_name, version_name="x", parent_version_names=["parent"])
    assert parent.publish_version() is True
    assert (parent.draft, parent.published) == (False, True)
    named = DatasetVersion.create_version(
        dataset_name=dataset_name, version_name="named", parent_version_names=["parent"]
    )
    by_id = DatasetVersion.create_version(
        dataset_id=parent.dataset_id, version_name="by id", parent_version_ids=[parent.id], description="a child"
    )
    assert named.get_parent() == by_id.get_parent() == parent.id
    assert by_id.comment == "a child"
    named.publish_version()
    by_id.publish_version()
    last = DatasetVersion.create_version("z", dataset_name=dataset_name, parent_version_names=["parent", "named"])
    assert last.get_parent() == named.id
    with pytest.raises(UsageError, match="one parent"):
        DatasetVersion.create_version("y", dataset_name=dataset_name, parent_version_names=["by id", "named"])
    with pytest.raises(NotFound, match=r"no version named 'nobody'.*'parent'"):
        DatasetVersion.create_version("y", dataset_name=dataset_name, parent_version_names=["nobody"])


def test_versions_are_found_by_name_by_id_and_by_being_current(dataset_name: str) -> None:
    """What changed last is current; drafts come before published versions."""
    dataset = Dataset.create(dataset_name)
    old = dataset.create_version("old")
    old.publish_version()
    new = dataset.create_version("new")
    assert DatasetVersion.get_version(dataset_name=dataset_name, version_name="old").id == old.id
    assert DatasetVersion.get_version(version_id=new.id).dataset_name == dataset_name
    assert dataset.get_version(version_id=old.id).name == "old"
    assert DatasetVersion.get_version(dataset_name=dataset_name).id == new.id
    assert DatasetVersion.get_current(dataset_id=dataset.id).id == new.id
    listed = DatasetVersion.get_versions(dataset_name=dataset_name)
    assert {version.name for version in listed} == {"Current", "old", "new"}
    assert listed == sorted(listed, key=lambda version: version.last_updated, reverse=True)
    assert [v.name for v in DatasetVersion.get_versions(dataset_name, only_published=True)] == ["old"]
    assert {v.name for v in DatasetVersion.get_versions(dataset_name, only_draft=True)} == {"Current", "new"}


def test_what_is_not_there_is_told_with_what_to_do(dataset_name: str) -> None:
    """Each message names what is missing and the call that helps."""
    with pytest.raises(NotFound, match=r"no dataset named.*Dataset\.create"):
        DatasetVersion.get_version(dataset_name=dataset_name)
    dataset = Dataset.create(dataset_name, dataset_project="zoo")
    with pytest.raises(NotFound, match=r"no version named 'x'.*'Current'"):
        DatasetVersion.get_version(dataset_name=dataset_name, version_name="x")
    with pytest.raises(NotFound, match="in project 'farm'"):
        Dataset.get(dataset_name, dataset_project="farm")
    for version in dataset.get_versions():
        version.publish_version()
    with pytest.raises(NotFound, match=r"no draft.*parent_version_names=\['Current'\]"):
        DatasetVersion.get_current(dataset_name=dataset_name)
    assert DatasetVersion.get_version(dataset_name=dataset_name).name == "Current"
    for call in (DatasetVersion.get_version, DatasetVersion.get_versions, Dataset.get):
        with pytest.raises(UsageError, match="either dataset_name or dataset_id"):
            call()
    with pytest.raises(UsageError, match="either version_name or version_id"):
        DatasetVersion.get_version(dataset_name=dataset_name, version_name="a", version_id="b")


def test_a_snapshot_publishes_the_draft_and_goes_on_in_a_new_one(dataset_name: str) -> None:
    """The version keeps its id under a new name; its child takes the place."""
    Dataset.create(dataset_name)
    draft = DatasetVersion.get_current(dataset_name=dataset_name)
    child = DatasetVersion.create_snapshot(dataset_name=dataset_name, child_metadata={"a": 1}, child_comment="goes on")
    assert (child.name, child.draft, child.get_parent(), child.comment) == ("Current", True, draft.id, "goes on")
    assert child.get_metadata() == {"a": 1}
    assert draft.reload().published
    assert draft.name.startswith("snapshot 20")
    last = child.create_snapshot(publish_name="June", child_name="July", publish_comment="good")
    assert (child.name, child.comment, last.name) == ("June", "good", "July")
    named = DatasetVersion.create_snapshot(dataset_name=dataset_name, version_name="July", publish_name="July 1")
    assert named.get_parent() == last.id


def test_a_child_shows_its_parents_frames_and_changes_its_own(version: DatasetVersion, dataset_name: str) -> None:
    """Nothing is copied, nothing of the parent touched; labels and metadata come along until they are set anew."""
    version.set_masks_labels({1: "cat"})
    version.set_metadata({"camera": "front"})
    assert version.add_frames([SingleFrame(source=f"http://127.0.0.1:9/{n}.png", id=n) for n in "abc"]) == []
    child = version.create_snapshot(publish_name="June")
    assert [frame.id for frame in child] == ["a", "b", "c"]
    assert child.get_masks_labels() == {1: ["cat"]}
    assert child.get_metadata()["camera"] == "front"
    frame = child.get_single_frame("b")
    frame.metadata["checked"] = True
    assert child.update_frames(frame) == []
    assert child.delete_frames(["c", "nobody"]) == 1
    child.add_frames(SingleFrame(source="http://127.0.0.1:9/d.png", id="d"))
    child.set_masks_labels({1: "dog"})
    assert [frame.id for frame in child] == ["a", "b", "d"]
    assert child.frame_count == version.frame_count == 3
    assert child.get_single_frame("b").metadata == {"checked": True}
    assert version.get_single_frame("b").metadata == {}
    assert [frame.id for frame in version] == ["a", "b", "c"]
    assert version.get_masks_labels() == {1: ["cat"]}
    with pytest.raises(Conflict, match="come from this one"):
        version.delete(force=True)
    view = DataView()
    view.add_query(dataset_name=dataset_name, version_name="Current")
    assert view.get_count() == (3, [3])
    child.delete()
    assert [frame.id for frame in version] == ["a", "b", "c"]


def test_metadata_is_merged_and_a_version_renamed(version: DatasetVersion) -> None:
    """What is not named stays, the mask labels above all; None takes a field out."""
    version.set_masks_labels({1: "cat"})
    assert version.set_metadata({"from": "a camera", "x": 1})
    assert version.set_metadata({"x": None})
    assert version.get_metadata() == {"from": "a camera", "mask_labels": {"_all_": [{"value": 1, "labels": ["cat"]}]}}
    assert version.set_version_name("renamed")
    assert repr(version) == f"<DatasetVersion 'renamed' of {version.dataset_name!r}, draft>"
    version.add_frames([FRAME])
    assert (FRAME.origin or {})["version_name"] == "renamed"


def test_mask_labels_are_read_by_value_with_their_colours(version: DatasetVersion) -> None:
    """The list of a mask id comes before that for every mask; in a notebook it is a table, with names escaped."""
    labels: dict[str, OneMapping] = {
        "_all_": [{"value": [0, 0, 0], "labels": ["<b>ground</b>"], "color": "#ff8800"}],
        "people": {(0, 0, 0): ["nobody"], (1, 1, 1): ["person"]},
    }
    version.set_masks_labels(labels)
    mapping = version.get_masks_labels()
    assert mapping == {(0, 0, 0): ["<b>ground</b>"]}
    assert mapping.colors == {(0, 0, 0): "#ff8800"}
    assert version.get_masks_labels("people") == {(0, 0, 0): ["nobody"], (1, 1, 1): ["person"]}
    copied = DatasetVersion.create_version("copy", dataset_id=version.dataset_id)
    copied.set_masks_labels(mapping.by_mask)
    assert copied.get_masks_labels().by_mask == mapping.by_mask
    copied.set_masks_labels(mapping)
    assert copied.get_metadata()["mask_labels"] == version.get_metadata()["mask_labels"]
    page = version._repr_html_()
    assert "&lt;b&gt;ground&lt;/b&gt;" in page
    assert "<b>ground" not in page
    assert "#ff8800" in page
    with pytest.raises(TypeError, match="mapping by value"):
        version.set_masks_labels("cat")  # type: ignore[arg-type]  # what is tested


def test_datasets_and_versions_are_deleted_only_as_far_as_allowed(dataset_name: str, connected: Client) -> None:
    """Frames and published versions each need a word."""
    dataset = Dataset.create(dataset_name)
    version = dataset.create_version("full")
    version.add_frames([FRAME])
    with pytest.raises(Conflict, match="delete_all_versions"):
        Dataset.delete(dataset_name=dataset_name)
    with pytest.raises(UsageError, match="which version"):
        dataset.delete_version()
    dataset.delete_version("Current")
    version.publish_version()
    with pytest.raises(Conflict, match="read-only"):
        dataset.delete_version("full")
    with pytest.raises(Conflict, match="force"):
        Dataset.delete(dataset_name=dataset_name, delete_all_versions=True)
    Dataset.delete(dataset_name=dataset_name, delete_all_versions=True, force=True)
    assert dataset_name not in [found.name for found in Dataset.list()]
    Dataset.create(dataset_name)
    Dataset.delete(dataset_name=dataset_name)


def test_tags_are_added_and_taken_away(dataset_name: str) -> None:
    """A tag is there once."""
    dataset = Dataset.create(dataset_name, tags=["a"])
    dataset.add_tags(["a", "b"])
    dataset.remove_tags(["a", "never"])
    assert Dataset.get(dataset_name).tags == ("b",)
    assert "Current" in dataset._repr_html_()
    assert repr(dataset) == f"<Dataset {dataset_name!r}>"
