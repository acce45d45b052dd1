"""OpenCV as one tunes it: reduced decode, the mask by nearest before anything else, a lookup, one blend."""

import cv2
import numpy as np

from benchmarks.render_inputs import OPACITY, Job
from benchmarks.render_peers import Draw
from benchmarks.render_peers.arrays import Array, labeller, painted, preview_size

NAME = "OpenCV, tuned"
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


def prepare(job: Job) -> Draw:
    """Give a draw on one thread."""
    cv2.setNumThreads(1)
    source, mask = np.frombuffer(job.source, np.uint8), np.frombuffer(job.mask, np.uint8)
    labels, colors = labeller(job), np.ascontiguousarray(painted(job)[:, ::-1])
    height, width = cv2.imdecode(source, cv2.IMREAD_COLOR).shape[:2]
    size = preview_size(job, width, height)
    is_jpeg = job.source.startswith(b"\xff\xd8")
    flag = next((flag for by, flag in _REDUCED if is_jpeg and size[0] * by <= width), cv2.IMREAD_COLOR)

    def draw() -> bytes:
        picture = cv2.imdecode(source, flag)
        if picture.shape[1::-1] != size:
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        values = cv2.imdecode(mask, cv2.IMREAD_COLOR if job.has_colors else cv2.IMREAD_UNCHANGED)
        if job.is_matte:
            alpha = values if values.ndim == 2 else cv2.cvtColor(values, cv2.COLOR_BGR2GRAY)
            alpha = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
            return _saved(np.dstack([picture, alpha]), job)
        if values.shape[1::-1] != size:
            values = cv2.resize(values, size, interpolation=cv2.INTER_NEAREST)
        found = labels(values[..., ::-1] if job.has_colors else values)
        blended = cv2.addWeighted(picture, 1 - OPACITY, colors[found], OPACITY, 0)
        cv2.copyTo(blended, found, picture)
        return _saved(picture, job)

    return draw


def _saved(picture: Array, job: Job) -> bytes:
    if job.format == "jpeg":
        body = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    else:
        body = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 80])[1]
    return body.tobytes()
