"""Every metric of Mattebox, a line each. Services count on an object of these, given to what does the work."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RegistryMetrics:
    """What a registry counts; a registry of collectors of its own, so that two apps of a process stay apart."""

    def __init__(self) -> None:
        self.collectors = CollectorRegistry()
        counter = partial(Counter, registry=self.collectors)
        gauge = partial(Gauge, registry=self.collectors)
        histogram = partial(Histogram, registry=self.collectors, buckets=_BUCKETS_S)
        route = ["method", "route", "status"]

        self._request_s = histogram("mattebox_http_request_seconds", "Time to answer, by route template.", route)
        self.frames_ingested = counter("mattebox_frames_ingested", "Frames posted, by outcome.", ["outcome"])
        self.previews_settled = counter("mattebox_previews_settled", "Renders that ended, by state.", ["state"])
        self.previews_requested = counter("mattebox_previews_requested", "Renders put on the interactive lane.")
        self.preview_lookups = counter("mattebox_preview_lookups", "Where previews were found, if so.", ["found"])
        self.cache_errors = counter("mattebox_preview_cache_errors", "Calls of the preview cache that failed.")
        self.lru_bytes = gauge("mattebox_preview_memory_bytes", "Bytes of previews held in memory.")
        self.backlog_jobs = gauge("mattebox_backlog_jobs", "Renders owed and not in a stream yet.", ["lane"])
        self.outbox_jobs = gauge("mattebox_outbox_jobs", "Renders in a stream and not settled yet.", ["lane"])
        self.event_streams = gauge("mattebox_event_streams", "Open server-sent event streams.")
        self.blob_bytes = counter("mattebox_blob_bytes", "Bytes taken in as uploads.")

        self._timers: dict[tuple[str, str, int], Histogram] = {}

    def time_request(self, method: str, route: str, status: int, duration_s: float) -> None:
        """Count an answer under its route's template, of which there are few."""
        timer = self._timers.get((method, route, status))
        if timer is None:
            # Kept, because a lookup by label takes longer than the rest of this.
            timer = self._timers[method, route, status] = self._request_s.labels(method, route, status)
        timer.observe(duration_s)


class RendererMetrics:
    """What a renderer counts; a registry of collectors of its own, as above."""

    def __init__(self) -> None:
        self.collectors = CollectorRegistry()
        counter = partial(Counter, registry=self.collectors)

        self._renders = counter("mattebox_renders", "Jobs brought to an end, by state of the preview.", ["state"])
        self._render_s = Histogram(
            "mattebox_render_seconds", "Time from start to end of a job.", registry=self.collectors, buckets=_BUCKETS_S
        )
        self.jobs_under_way = Gauge("mattebox_jobs_under_way", "Jobs in a slot.", registry=self.collectors)
        self.results_refused = counter("mattebox_results_refused", "Results of jobs that another worker took over.")
        self.cache_errors = counter("mattebox_preview_cache_errors", "Previews drawn that could not be cached.")

        self._ends: dict[str, Counter] = {}

    def count_end(self, state: str, duration_s: float) -> None:
        """Count a job brought to an end, by state of its preview."""
        end = self._ends.get(state)
        if end is None:
            # Kept, because a lookup by label takes longer than the rest of this.
            end = self._ends[state] = self._renders.labels(state)
        end.inc()
        self._render_s.observe(duration_s)
