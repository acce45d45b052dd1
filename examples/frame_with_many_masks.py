"""Register one picture with several masks, and look at each of them.

    mattebox up                                   # in another terminal
    python examples/frame_with_many_masks.py photo.jpg people.png vehicles.png ...

Every mask is known by the name of its file. The registry and the token are taken from MATTEBOX_URL and MATTEBOX_TOKEN.
"""

import sys
from pathlib import Path

from mattebox import DatasetVersion, SingleFrame


def main(photo: Path, masks: list[Path]) -> None:
    version = DatasetVersion.create_version(dataset_name="examples", version_name="many masks")
    version.set_masks_labels({(0, 0, 0): ["background"], (1, 1, 1): ["person", "sitting"], (2, 2, 2): ["car"]})

    frame = SingleFrame(source=photo)
    frame.masks_source = {mask.stem: mask for mask in masks}  # or a list, whose masks are numbered "00", "01", ...
    for failure in version.add_frames([frame]):
        sys.exit(failure["error"])

    for mask_id in frame.masks_source:
        frame.preview(masks=[mask_id], opacity=0.8).save(f"{mask_id}-preview.webp")
    report = frame.report()
    print(f"the preview is {report.state}")
    for label, pixels in report.pixels().items():
        print(f"{label}: {pixels} pixels")
    for warning in report.warnings:
        print(f"note: {warning}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), [Path(mask) for mask in sys.argv[2:]])
