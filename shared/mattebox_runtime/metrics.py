"""Every metric of Mattebox, a line each. Services count on an object of these, given to what does the work."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_FAST_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RegistryMetrics:
    """What a registry counts; a registry of collectors of its own, so that two apps of a process stay apart."""

    def __init__(self) -> None:
        r = self.collectors = CollectorRegistry()
        self.request_s = Histogram("mattebox_http_request_seconds", "Time to answer, by route template.", ["method", "route", "status"], buckets=_FAST_S, registry=r)  # fmt: skip
        self.frames_ingested = Counter("mattebox_frames_ingested", "Frames created, updated or rejected by posts.", ["outcome"], registry=r)  # fmt: skip
        self.previews_settled = Counter("mattebox_previews_settled", "Renders that ended, by state.", ["state"], registry=r)  # fmt: skip
        self.previews_requested = Counter("mattebox_previews_requested", "Renders put on the interactive lane.", registry=r)  # fmt: skip
        self.preview_lookups = Counter("mattebox_preview_lookups", "Where a preview asked for was found: memory, redis, nowhere.", ["found"], registry=r)  # fmt: skip
        self.cache_errors = Counter("mattebox_preview_cache_errors", "Calls of the preview cache that failed.", registry=r)  # fmt: skip
        self.lru_bytes = Gauge("mattebox_preview_memory_bytes", "Bytes of previews held in memory.", registry=r)
        self.outbox_jobs = Gauge("mattebox_outbox_jobs", "Renders owed that wait in the database or in a stream.", ["lane"], registry=r)  # fmt: skip
        self.event_streams = Gauge("mattebox_event_streams", "Open server-sent event streams.", registry=r)
        self.blob_bytes = Counter("mattebox_blob_bytes", "Bytes taken in as uploads.", registry=r)
