"""Small videos, for tests of programs that register them."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

FRAMES_PER_SECOND = 25


def write_video(file: Path, colors: Sequence[tuple[int, int, int]], size: tuple[int, int] = (32, 24)) -> Path:
    """Write an H.264 video with one frame of each colour, 40 ms apart."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for color in colors:
            picture = np.full((size[1], size[0], 3), color, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode())
    return file
