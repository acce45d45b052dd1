"""Register pictures with masks and a legend that lie in one folder: the program people write first.

    mattebox up                                   # in another terminal
    python examples/register_dataset_masks.py FOLDER

The folder holds SCENE_CAMERA.png with SCENE_CAMERA_mask.png beside it, and legend.json: {"person": [220, 20, 60], ...}.
Pictures of one scene become one group. The registry and the token are taken from MATTEBOX_URL and MATTEBOX_TOKEN.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

from mattebox import DatasetVersion, FrameGroup, SingleFrame

MASK = "_mask.png"


def read_groups(folder: Path) -> list[FrameGroup]:
    """Bring the pictures that have masks together by scene."""
    scenes: dict[str, FrameGroup] = defaultdict(FrameGroup)
    for mask in sorted(folder.glob(f"*{MASK}")):
        name = mask.name.removesuffix(MASK)
        scene, _, camera = name.partition("_")
        scenes[scene][camera or "camera"] = SingleFrame(source=folder / f"{name}.png", mask_source=mask)
    return list(scenes.values())


def read_labels(folder: Path) -> dict[tuple[int, ...], list[str]]:
    """Turn the legend around: labels by the value of the mask."""
    legend = json.loads((folder / "legend.json").read_text())
    return {tuple(value): [label] for label, value in legend.items()}


def main(folder: Path) -> None:
    dataset = DatasetVersion.create_new_dataset(dataset_name="examples")
    version = dataset.create_version(version_name="cameras")
    version.set_masks_labels(read_labels(folder))
    failed = version.add_frames(read_groups(folder), local_dataset_root_path=folder)
    for failure in failed:
        print(failure["error"])
    version.wait_for_previews()
    print(version.report())
    if not failed:
        version.publish_version()


if __name__ == "__main__":
    if len(sys.argv) != 2 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
