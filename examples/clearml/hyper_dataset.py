"""Register a picture with its mask by ClearML's own SDK, and read it back. Nothing here knows of Mattebox.

mattebox up                                        # in another terminal
export CLEARML_API_HOST=http://127.0.0.1:8750 CLEARML_WEB_HOST=http://127.0.0.1:8750
export CLEARML_FILES_HOST=http://127.0.0.1:8750/files
export CLEARML_API_ACCESS_KEY=mattebox CLEARML_API_SECRET_KEY=$(cat mattebox-data/token)
python examples/clearml/hyper_dataset.py photo.jpg mask.png
"""

import sys
from pathlib import Path

from clearml import HyperDataset, StorageManager
from clearml.backend_api import Session
from clearml.hyperdatasets import DataEntryImage, DataSubEntryImage


def main(photo: str, mask: str) -> None:
    version = HyperDataset(project_name="examples", dataset_name="with ClearML", version_name="first")
    version.set_metadata({"mask_labels": [{"value": [1, 1, 1], "labels": ["person", "sitting"]}]})

    # The SDK uploads sources by itself, and no masks.
    files = Session.get_files_server_host()
    mask_uri = StorageManager.upload_file(mask, f"{files}/masks/{Path(mask).name}")
    entry = DataEntryImage(data_entry_id=Path(photo).stem)
    entry.add_sub_entries([DataSubEntryImage(name="camera", source=photo, masks_source={"people": mask_uri})])
    errors = version.add_data_entries([entry], upload_local_files_destination=files)
    print(f"{len(errors['upload']) + len(errors['register'])} failed")

    for found in version.get_iterator():
        for picture in found:
            print(f"{found.id}: {picture.source} with {', '.join(picture.get_masks_source_dict())}")


if __name__ == "__main__":
    if len(sys.argv) != 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(*sys.argv[1:])
