"""Register pictures of one moment, by several cameras, as one frame.

    mattebox up                                   # in another terminal
    python examples/frame_group.py left.jpg right.jpg ...

Every source is known by the name of its file. A group is stored whole or not at all. The registry and the token are
taken from MATTEBOX_URL and MATTEBOX_TOKEN.
"""

import sys
from pathlib import Path

from mattebox import DatasetVersion, FrameGroup, SingleFrame


def main(pictures: list[Path]) -> None:
    version = DatasetVersion.create_version(dataset_name="examples", version_name="groups")
    group = FrameGroup(metadata={"weather": "sunny"})
    for picture in pictures:
        group[picture.stem] = SingleFrame(source=picture)
    for failure in version.add_frames([group]):
        sys.exit(failure["error"])

    for name, frame in group.items():
        frame.preview(size=320).save(f"{name}-preview.webp")
        print(f"{name} is {frame.report().state}")

    again = version.get_single_frame(group.id)
    again.metadata["weather"] = "rainy"
    version.update_frames([again])


if __name__ == "__main__":
    if len(sys.argv) < 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    main([Path(picture) for picture in sys.argv[1:]])
