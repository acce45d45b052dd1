"""Register moments of a video, with a video of masks beside it.

    mattebox up                                   # in another terminal
    python examples/video.py drive.mp4 masks.mp4 0 500 1000

The numbers are milliseconds into both videos. Store masks without loss: most videos change values that lie close
together, and what could not be told apart is in the report. The registry and the token are taken from MATTEBOX_URL and
MATTEBOX_TOKEN.
"""

import sys
from pathlib import Path

from mattebox import DatasetVersion, SingleFrame


def main(video: Path, masks: Path, moments: list[int]) -> None:
    version = DatasetVersion.create_version(dataset_name="examples", version_name="video")
    version.set_masks_labels({(0, 0, 0): ["background"], (255, 255, 255): ["road"]})
    frames = [
        SingleFrame(source=video, mask_source=masks, timestamp=moment, context_id=video.name) for moment in moments
    ]
    for failure in version.add_frames(frames):  # each file is uploaded once, however many frames are of it
        sys.exit(failure["error"])

    for frame in version.get_frames(context_id=video.name):
        report = frame.report()
        print(f"{frame.timestamp} ms is {report.state}: {report.pixels()}")


if __name__ == "__main__":
    if len(sys.argv) < 4 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(moment) for moment in sys.argv[3:]])
