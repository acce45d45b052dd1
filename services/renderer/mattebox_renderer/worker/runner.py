"""One job from its delivery to its result: how often it is started, and what is said when that does not help."""

import time
from collections.abc import Awaitable, Callable

import structlog
from redis.exceptions import RedisError
from tenacity import retry, retry_if_exception_type, wait_random_exponential

from mattebox_renderer.outcome import DrawCrashed
from mattebox_renderer.worker.handler import Ending
from mattebox_renderer.worker.settler import Settler
from mattebox_renderer.worker.slots import Job, Seat
from mattebox_runtime import codec
from mattebox_runtime.events import Failure, RenderEvent, RenderResult, decode_event, encode
from mattebox_runtime.metrics import RendererMetrics
from mattebox_runtime.spec import KEY_BYTES

log = structlog.get_logger()

NO_RESULT = b""


class JobRunner:
    """Runs jobs by the handler, again where its process crashed, and settles them."""

    def __init__(
        self,
        handle: Callable[[RenderEvent, Seat], Awaitable[Ending]],
        settler: Settler,
        *,
        max_starts: int,
        metrics: RendererMetrics,
    ) -> None:
        self._handle = handle
        self._settler = settler
        self._max_starts = max_starts
        self._metrics = metrics

    async def run(self, job: Job) -> None:
        """Bring a job to its end; one that became somebody else's is left to them."""
        began = time.perf_counter()
        try:
            event = decode_event(job.delivery.event or b"")
            ending, starts = await self._ending(job, event)
        except codec.CodecError as error:
            await self._settler.settle(job, _unreadable(job, error))
            return
        if ending is None:
            return
        duration_s = time.perf_counter() - began
        self._metrics.count_end(ending.state, duration_s)
        result = RenderResult(
            type=ending.type,
            key=event.key,
            seq=job.delivery.seq,
            state=ending.state,
            attempts=starts,
            failure=ending.failure,
            report=ending.report,
            duration_ms=duration_s * 1000,
            worker=job.consumer.identity.name,
        )
        await self._settler.settle(job, encode(result), ending.pictures)

    async def _ending(self, job: Job, event: RenderEvent) -> tuple[Ending | None, int]:
        """Start a job until it ends or was started too often; None where it is no longer this worker's."""
        starts = job.delivery.starts
        code = "gave_up"
        while starts <= self._max_starts:
            try:
                return await self._handle(event, job.seat), starts
            except codec.CodecError:
                raise
            except DrawCrashed:
                code = "render_crashed"
                log.warning("drawing process crashed", seq=job.delivery.seq, frame=event.frame, start=starts)
            except Exception:
                code = "gave_up"
                log.exception("job failed", seq=job.delivery.seq, frame=event.frame, start=starts)
            if starts == self._max_starts:
                break
            again = await _restart(job)
            if again is None:
                return None, starts
            starts = again
        return Ending("preview_failed", "failed", Failure(code)), min(starts, self._max_starts)


@retry(retry=retry_if_exception_type(RedisError), wait=wait_random_exponential(multiplier=0.1, max=2))
async def _restart(job: Job) -> int | None:
    again = await job.consumer.restart(job.delivery)
    return None if again is None else again.starts


def _unreadable(job: Job, error: codec.CodecError) -> bytes:
    """Fail a job that this build cannot read, or drop it where not even its key can be read."""
    log.warning("job unreadable", seq=job.delivery.seq, error=str(error))
    try:
        key = codec.unpack(job.delivery.event or b"").get("key")
    except codec.CodecError:
        return NO_RESULT
    if not isinstance(key, bytes) or len(key) != KEY_BYTES:
        return NO_RESULT
    return encode(
        RenderResult(
            type="preview_failed",
            key=key,
            seq=job.delivery.seq,
            state="failed",
            attempts=job.delivery.starts,
            failure=Failure("gave_up"),
            worker=job.consumer.identity.name,
        )
    )
