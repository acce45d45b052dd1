"""Register a folder of pictures with a folder of masks of the same names, in a dozen lines.

    mattebox up                                   # in another terminal
    python examples/folder.py photos masks

`mattebox import folder` does the same and more. The registry and the token are taken from MATTEBOX_URL and
MATTEBOX_TOKEN.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from mattebox import DatasetVersion, SingleFrame


def frames(photos: Path, masks: Path) -> Iterator[SingleFrame]:
    by_stem = {mask.stem: mask for mask in masks.iterdir()}
    for photo in sorted(photos.iterdir()):
        yield SingleFrame(source=photo, mask_source=by_stem.get(photo.stem), id=photo.name)


def main(photos: Path, masks: Path) -> None:
    version = DatasetVersion.create_version(dataset_name="examples", version_name=photos.resolve().name)
    version.set_masks_labels({0: ["background"], 1: ["person", "sitting"], 2: ["cat"]})
    for failure in version.add_frames(frames(photos, masks), local_dataset_root_path=photos):
        print(failure["error"])
    version.wait_for_previews()
    print(version.report())


if __name__ == "__main__":
    if len(sys.argv) != 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
