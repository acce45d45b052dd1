"""Settings of the registry."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator can set; see `mattebox_runtime.settings` for the variables."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8750
    data: Annotated[str, Meta(description="Directory of the database, the uploads and the admin token.")] = (
        "mattebox-data"
    )
    blobs: Annotated[
        str | None,
        Meta(description="Object store URL for uploads (file, s3, gs, az); the data directory if not set."),
    ] = None
    redis_url: Annotated[str, Meta(description="Redis to publish to: redis://, rediss:// or unix://.")] = (
        "redis://127.0.0.1:6379/0"
    )
    token: Annotated[
        Annotated[str, Meta(min_length=16)] | None,
        Meta(description="Admin token; made at first start and kept in DATA/token if not set."),
    ] = None
    stream_window: Annotated[
        int, Meta(ge=1, description="Jobs at most in Redis at a time; the rest waits in the database.")
    ] = 100_000
    lease_s: Annotated[float, Meta(gt=0, description="Seconds after which a silent worker's job is taken over.")] = 10.0
    sweep_s: Annotated[float, Meta(gt=0, description="Seconds between two looks for jobs that Redis lost.")] = 15.0
    keep_unused_s: Annotated[
        float, Meta(ge=3600, description="Seconds that records of previews are kept which no frame needs any more.")
    ] = 30 * 86_400.0
    preview_lru_bytes: Annotated[int, Meta(ge=0, description="Memory for previews in front of Redis.")] = 64 * 2**20
    max_batch_bytes: Annotated[
        int, Meta(ge=1024, description="Largest JSON or msgpack body; NDJSON streams have no limit.")
    ] = 32 * 2**20
    max_frame_bytes: Annotated[int, Meta(ge=1024, description="Largest single frame document.")] = 2**20
    max_blob_bytes: Annotated[int, Meta(ge=1, description="Largest upload.")] = 2**30
    max_requested: Annotated[
        int, Meta(ge=1, description="Previews that one token may have waiting on the interactive lane.")
    ] = 2_000
    max_rate: Annotated[
        int, Meta(ge=1, description="Requests of one token in a second; pictures from memory do not count.")
    ] = 2_000
    max_streams: Annotated[int, Meta(ge=1, description="Event streams that one token may have open.")] = 200
    body_timeout_s: Annotated[float, Meta(gt=0, description="Longest silence between two parts of a body.")] = 30.0
    heartbeat_s: Annotated[float, Meta(gt=0, description="Seconds between two signs of life on event streams.")] = 15.0
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="Least level logged.")] = "info"
