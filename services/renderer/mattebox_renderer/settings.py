"""Settings of a renderer."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator can set; see `mattebox_runtime.settings` for the variables."""

    redis_url: Annotated[str, Meta(description="Redis to read jobs from: redis://, rediss:// or unix://.")] = (
        "redis://127.0.0.1:6379/0"
    )
    worker_name: Annotated[
        str | None,
        Meta(description="Consumer name, stable over restarts; the host's name if not set."),
    ] = None
    data: Annotated[str, Meta(description="Directory of the uploads, shared with the registry.")] = "mattebox-data"
    blobs: Annotated[
        str | None,
        Meta(description="Object store URL of uploads (file, s3, gs, az); the data directory if not set."),
    ] = None
    children: Annotated[int, Meta(ge=1, le=256, description="Drawing processes of this renderer.")] = 1
    slots: Annotated[
        Annotated[int, Meta(ge=1, le=1024)] | None,
        Meta(description="Jobs under way at a time, fetching included; the children and 16 if not set."),
    ] = None
    lease_s: Annotated[float, Meta(gt=0, description="Seconds after which a silent worker's job is taken over.")] = 10.0
    grace_s: Annotated[float, Meta(ge=0, description="Seconds to finish jobs after SIGTERM.")] = 8.0
    max_starts: Annotated[int, Meta(ge=1, description="Starts of one job before it is given up.")] = 3
    preview_ttl_s: Annotated[int, Meta(ge=60, description="Seconds a cached preview lives in Redis.")] = 7 * 86_400
    file_roots: Annotated[
        tuple[str, ...], Meta(description="Directories under which file:// URIs may be read; none: no file:// at all.")
    ] = ()
    allow_cidrs: Annotated[
        tuple[str, ...], Meta(description="Private address ranges that http(s):// URIs may reach.")
    ] = ()
    allow_ports: Annotated[
        tuple[int, ...], Meta(description="Ports that http(s):// URIs may name; any port inside allow_cidrs.")
    ] = (80, 443)
    fetch_timeout_s: Annotated[float, Meta(gt=0, description="Seconds to fetch one file, its tries included.")] = 30.0
    fetch_tries: Annotated[int, Meta(ge=1, le=10, description="Tries of a download that fails in passing.")] = 4
    host_pause_s: Annotated[
        float, Meta(gt=0, description="Seconds a host is left alone that gave no answer for half as long.")
    ] = 10.0
    max_source_bytes: Annotated[int, Meta(ge=1, description="Largest source or mask file.")] = 512 * 2**20
    max_held_bytes: Annotated[
        int, Meta(ge=0, description="Bytes downloaded and not drawn yet, of all jobs; one job may be beyond it.")
    ] = 2**30
    max_kept_bytes: Annotated[
        int, Meta(ge=0, description="Bytes of downloaded videos kept for half a minute, for further frames of them.")
    ] = 512 * 2**20
    max_scene_bytes: Annotated[
        int, Meta(ge=0, description="Bytes of requested previews below their colours, kept to paint them in others.")
    ] = 256 * 2**20
    max_pixels: Annotated[int, Meta(ge=1, description="Largest image, in pixels.")] = 50_000_000
    deadline_s: Annotated[float, Meta(gt=0, description="Seconds a drawing process may work on one preview.")] = 20.0
    child_memory_mb: Annotated[int, Meta(ge=256, description="Address space of a drawing process, in MiB.")] = 2048
    metrics_port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        Meta(description="Port of /metrics and /healthz on 127.0.0.1; off if not set."),
    ] = None
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="Least level logged.")] = "info"
