"""What the page on masks of the SDK that people know shows, works here but for the import."""

from pathlib import Path

import pytest

from mattebox import Client, DatasetVersion, SingleFrame

BUCKET = "https://s3.amazonaws.com/a-bucket-of-nobody"


@pytest.mark.usefixtures("connected")
def test_a_frame_with_a_mask_is_registered_labelled_and_found_again(dataset_name: str) -> None:
    """Remote URIs are registered as they are; the mapping is in the metadata under `_all_`."""
    version = DatasetVersion.create_version(dataset_name=dataset_name, version_name="Registering frame with mask")
    frame = SingleFrame(source=f"{BUCKET}/photo.png", mask_source=f"{BUCKET}/labelIds.png")
    failed = version.add_frames([frame])
    version.set_masks_labels({(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"], (2, 2, 2): ["cat"]})
    assert failed == []

    version = DatasetVersion.get_version(dataset_name=dataset_name, version_name="Registering frame with mask")
    assert version.get_metadata()["mask_labels"] == {
        "_all_": [
            {"value": [0, 0, 0], "labels": ["background"]},
            {"value": [1, 1, 1], "labels": ["person", "sitting"]},
            {"value": [2, 2, 2], "labels": ["cat"]},
        ]
    }
    (found,) = version.get_frames()
    assert isinstance(found, SingleFrame)
    assert (found.id, found.source, found.mask_source) == (frame.id, f"{BUCKET}/photo.png", f"{BUCKET}/labelIds.png")


def test_several_masks_are_given_as_a_dictionary_or_a_list() -> None:
    """Ids are taken as they are, spaces too; a list is numbered."""
    frame = SingleFrame(
        source=f"{BUCKET}/photo.png",
    )
    frame.masks_source = {"ID 1 ": "<mask_URI_1>", "ID 2": "<mask_URI_2>"}
    assert frame.masks_source == {"ID 1 ": "<mask_URI_1>", "ID 2": "<mask_URI_2>"}
    frame.masks_source = ["<mask_URI_1>", "<mask_URI_2>"]
    assert frame.masks_source == {"00": "<mask_URI_1>", "01": "<mask_URI_2>"}


def test_who_knows_only_that_page_sees_a_preview(connected: Client, pictures: Path, dataset_name: str) -> None:
    """Register, label, look: nothing but those snippets and `frame.preview()`."""
    version = DatasetVersion.create_version(dataset_name=dataset_name, version_name="seen")
    frame = SingleFrame(source=str(pictures / "photo.png"), mask_source=str(pictures / "mask1.png"))
    version.add_frames([frame])
    version.set_masks_labels({(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"]})
    picture = frame.preview()
    assert not isinstance(picture, bytes)
    assert picture.size == (64, 48)
    assert frame.report().pixels() == {"person": 64 * 48, "sitting": 64 * 48}
