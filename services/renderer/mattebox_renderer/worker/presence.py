"""What a renderer tells of itself to whoever runs it."""

import socket
import time

from mattebox import __version__
from mattebox.answers import Renderer, RendererJob
from mattebox_renderer.worker.slots import Job, Slots
from mattebox_runtime.codec import CodecError
from mattebox_runtime.events import decode_event

JOBS_TOLD = 5


def describe(name: str, *, children: int, slots: Slots) -> Renderer:
    """Say what the renderer of a name is doing now."""
    under_way = slots.under_way()
    return Renderer(
        name=name,
        host=socket.gethostname(),
        release=__version__,
        children=children,
        slots=slots.capacity,
        under_way=len(under_way),
        jobs=[_job(job) for job in under_way[:JOBS_TOLD]],
    )


def _job(job: Job) -> RendererJob:
    try:
        event = decode_event(job.delivery.event or b"")
    except CodecError:
        version = frame = ""
    else:
        version, frame = event.version, event.frame
    return RendererJob(job.delivery.lane, version, frame, round(time.monotonic() - job.began, 3))
