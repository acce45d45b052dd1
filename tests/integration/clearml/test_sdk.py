"""Programs written for ClearML's HyperDatasets, run unchanged with the real package against a running Mattebox."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mattebox
from mattebox import DatasetVersion, SingleFrame
from support.clearml_client import run_with_clearml, told
from support.live_stack import LiveRegistry, live_stack, write_image

EXAMPLE = Path(__file__).parents[3] / "examples" / "clearml" / "hyper_dataset.py"

LIFE = """
import contextlib, io, json, runpy, sys
from clearml import HyperDataset, StorageManager
from clearml.backend_api.session.session import LoginError, Session
from clearml.hyperdatasets import DataEntry, DataEntryImage, DataSubEntryImage, DataView

photo, mask, files, example = sys.argv[1:]
told = {}
with contextlib.redirect_stdout(io.StringIO()) as said:
    runpy.run_path(example)["main"](photo, mask)
told["example"] = said.getvalue()

def entry(id, **source):
    made = DataEntryImage(data_entry_id=id, metadata={"weather": "sunny"})
    made.add_sub_entries([DataSubEntryImage(name="camera", **source)])
    return made

def all_of(version):
    return {found.id: found for found in version.get_iterator(batch_size=2)}

where = {"project_name": "streets", "dataset_name": "rome", "version_name": "first"}
told["existed"] = HyperDataset.exists(**where)
version = HyperDataset(**where, description="all of it")
told["same again"] = HyperDataset(**where).version_id == version.version_id
mask_uri = StorageManager.upload_file(mask, files + "/masks/a mask.png")
noted = entry("noted", source="https://example.org/a.png", context_id="c", timestamp=40, width=3, height=2)
noted.sub_data_entries[0].add_annotation(poly2d_xy=[(0, 0), (1, 1), (2, 0)], labels=["car"], confidence=0.5)
told["added"] = version.add_data_entries(
    [entry("uploaded", source=photo, masks_source={"people": mask_uri}), noted], upload_local_files_destination=files
)
told["linked"] = version.add_data_entries([entry("linked", source=photo, masks_source=[mask])])
told["refused"] = version.add_data_entries([DataEntry("empty"), entry("no uri")])["register"]

labels = [{"value": [0, 0, 0], "labels": ["background"]}, {"value": [1, 1, 1], "labels": ["person", "sitting"]}]
told["set"] = [version.set_metadata({"old": 1}), version.set_metadata({"mask_labels": labels, "note": 1})]
told["bad labels"] = version.set_metadata({"mask_labels": [{"value": "red", "labels": ["x"]}]})
told["metadata"] = version.get_metadata()

found = all_of(version)
told["ids"] = list(found)
told["noted"] = found["noted"].to_api_object()["sources"], found["noted"]._metadata["weather"]
told["annotations"] = [roi.to_dict() for roi in found["noted"].sub_data_entries[0].get_annotations()]
uploaded = found["uploaded"].sub_data_entries[0]
told["uris"] = uploaded.source.startswith(files), uploaded.get_masks_source_dict() == {"people": mask_uri}
found["uploaded"]._metadata["weather"] = "rainy"
told["updated"] = version.add_data_entries([found["uploaded"]])
told["weather"] = all_of(version)["uploaded"]._metadata["weather"]
told["deleted"] = version.delete_data_entries([noted, "nobody"])

version.tags = ["city"]
version.commit_version()
version.publish_version()
told["late"] = str(version.add_data_entries([entry("late", source="https://example.org/b.png")])["register"]["late"])
told["late labels"] = version.set_metadata({"mask_labels": []})
told["got"] = HyperDataset.get(dataset_name="rome").version_id == version.version_id
told["exist"] = [HyperDataset.exists(**where), HyperDataset.exists(dataset_name="rome", version_name="second")]
told["listed"] = [(one["name"], one["project"], one["tags"]) for one in HyperDataset.list(project_name="streets")]

child = HyperDataset(**{**where, "version_name": "second"}, parent_id=version.version_id)
view = DataView()
view.add_query(dataset_id=child.dataset_id, version_id=version.version_id)
view.add_query(dataset_id=child.dataset_id, version_id=child.version_id)
told["view"] = view.get_count(), [found.id for found in view.get_iterator(query_cache_size=3)]
snapshot = child.create_snapshot()
told["snapshot"] = [snapshot._version_name, child._version_name, snapshot.version_id != child.version_id]
gone = {"dataset_name": "gone", "project_name": "streets"}
HyperDataset(**gone, version_name="v")
told["gone"] = [HyperDataset.delete(**gone, version_name="v"), HyperDataset.delete(**gone), HyperDataset.exists(**gone)]
told["kept"] = HyperDataset.delete(dataset_name="rome")
try:
    Session(secret_key="wrong")
except LoginError as refused:
    told["wrong"] = str(refused)

(other,) = HyperDataset.get(dataset_name="by others", version_name="v").get_iterator()
told["by others"] = [other.id, other.sub_data_entries[0].source.startswith(files + "/sha256/")]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo and a mask, in a folder that renderers may read."""
    folder = tmp_path_factory.mktemp("pictures")
    write_image(folder / "photo.png", (200, 100, 50))
    write_image(folder / "mask.png", 1)
    return folder


@pytest.fixture(scope="module")
def registry(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """Where Mattebox answers."""
    with live_stack(tmp_path_factory.mktemp("data"), file_roots=pictures) as running:
        yield running


@pytest.fixture(scope="module")
def life(registry: LiveRegistry, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a program says that does everything once."""
    files = (pictures / "photo.png", pictures / "mask.png")
    with mattebox.connect(registry.url, registry.token):
        version = DatasetVersion.create_version(dataset_name="by others", version_name="v")
        assert version.add_frames([SingleFrame(source=str(files[0]), id="odd")]) == []
        added = version.get_single_frame("odd")
        assert isinstance(added, SingleFrame)
        odd = {
            "id": "odd",
            "timestamp": 33.4,
            "blob": 5,
            "rois": ["x"],
            "sources": [{"uri": added.source, "preview": []}],
        }
        assert version.add_frames([odd]) == []
    home = tmp_path_factory.mktemp("home")
    return told(run_with_clearml(LIFE, *files, f"{registry.url}/files", EXAMPLE, registry=registry, home=home))


def test_entries_are_registered_and_come_back_as_they_were(life: dict[str, Any]) -> None:
    """Uploaded, by URI, and by path; annotations and metadata with them."""
    nothing: dict[str, Any] = {"upload": {}, "register": {}}
    assert (life["added"], life["linked"], life["updated"]) == (nothing, nothing, nothing)
    assert sorted(life["ids"]) == ["linked", "noted", "uploaded"]
    source = {"id": "camera", "uri": "https://example.org/a.png", "width": 3, "height": 2, "timestamp": 40}
    assert life["noted"] == [[source], "sunny"]
    (annotation,) = life["annotations"]
    assert (annotation["label"], annotation["confidence"], annotation["sources"]) == (["car"], 0.5, ["camera"])
    assert life["uris"] == [True, True]
    assert (life["weather"], life["deleted"]) == ("rainy", 1)


def test_what_is_refused_is_said_in_the_words_of_the_rules(life: dict[str, Any]) -> None:
    """By entry, with the field; and a published version takes nothing."""
    assert life["refused"] == {
        "empty": "sources: Give array of length >= 1.",
        "no uri": "sources[0].uri: This field is required.",
    }
    assert "The version is published and read-only" in life["late"]
    assert (life["bad labels"], life["late labels"]) == (False, False)


def test_metadata_is_replaced_and_read(life: dict[str, Any]) -> None:
    """As the SDK promises: a field that is not given is gone."""
    assert life["set"] == [True, True]
    assert set(life["metadata"]) == {"mask_labels", "note"}
    assert life["metadata"]["mask_labels"][1] == {"value": [1, 1, 1], "labels": ["person", "sitting"]}


def test_datasets_and_versions_are_found_and_deleted(life: dict[str, Any]) -> None:
    """A dataset with published versions needs `force`."""
    assert (life["existed"], life["same again"], life["got"], life["exist"]) == (False, True, True, [True, False])
    assert life["listed"] == [["rome", "streets", ["city"]]]
    assert life["gone"] == [True, True, False]
    assert life["kept"] is False


def test_children_and_snapshots_show_the_frames_of_their_parents(life: dict[str, Any]) -> None:
    """Without copying them."""
    assert life["view"] == [4, ["linked", "uploaded"] * 2]
    assert life["snapshot"] == ["snapshot 1 (second)", "second", True]


def test_frames_that_others_registered_are_read(life: dict[str, Any]) -> None:
    """Whatever is in fields in which the SDK expects something else; uploads have an address."""
    assert life["by others"] == ["odd", True]


def test_their_previews_are_drawn_like_any_others(registry: LiveRegistry, life: dict[str, Any]) -> None:
    """From uploads and from files, with the labels of the metadata."""
    assert "uploaded" in life["ids"]
    with mattebox.connect(registry.url, registry.token):
        version = DatasetVersion.get_version(dataset_name="rome", version_name="first")
        assert version.wait_for_previews(progress=False).ready == 2
        for frame_id in ("uploaded", "linked"):
            report = version.get_single_frame(frame_id).report()
            assert report.pixels() == {"person": 32 * 24, "sitting": 32 * 24}


def test_a_wrong_secret_is_refused_where_the_program_begins(life: dict[str, Any]) -> None:
    """With what to set."""
    assert life["wrong"].startswith("Failed getting token (error 401")
    assert "set CLEARML_API_SECRET_KEY" in life["wrong"]


def test_the_example_does_what_it_says(life: dict[str, Any]) -> None:
    """The program of the documentation."""
    assert life["example"].startswith("0 failed\nphoto: http://")
    assert life["example"].endswith(" with people\n")
