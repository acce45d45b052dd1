"""Cut a picture out by its alpha masks, and tint what each mask keeps.

    mattebox up                                   # in another terminal
    python examples/alpha_masks.py photo.jpg matte.png ...

Alpha masks need no labels: bright is kept, dark gives way. The registry and the token are taken from MATTEBOX_URL and
MATTEBOX_TOKEN.
"""

import sys
from pathlib import Path

from mattebox import DatasetVersion, Mask, SingleFrame

TINTS = ("#ff3b30", "#34c759", "#007aff")


def main(photo: Path, mattes: list[Path]) -> None:
    version = DatasetVersion.create_version(dataset_name="examples", version_name="alpha masks")
    frame = SingleFrame(source=photo, masks_source=[Mask(str(matte), mode="alpha") for matte in mattes])
    for failure in version.add_frames([frame]):
        sys.exit(failure["error"])

    frame.preview(background="transparent", size="full", format="png").save("cutout.png")
    tints = dict(zip(frame.masks_source, TINTS, strict=False))
    frame.preview(tint=tints, background="#ffffff").save("tinted.webp")
    print(f"cutout.png and tinted.webp are {frame.report().state}")


if __name__ == "__main__":
    if len(sys.argv) < 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), [Path(matte) for matte in sys.argv[2:]])
