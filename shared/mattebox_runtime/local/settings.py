"""Settings of `mattebox up` and `mattebox demo`; those of the single services are handed on to them as they are."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from mattebox_runtime.local.errors import LocalError


def default_workers() -> int:
    """Give one renderer for each core, up to four."""
    return max(1, min(4, os.cpu_count() or 1))


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator of one machine can set; see `mattebox_runtime.settings` for the variables."""

    host: Annotated[str, Meta(description="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8750
    data: Annotated[str, Meta(description="Directory that everything is kept in.")] = "mattebox-data"
    workers: Annotated[
        Annotated[int, Meta(ge=1, le=64)] | None,
        Meta(description="Renderers to start; one for each core, up to four, if not set."),
    ] = None
    file_roots: Annotated[
        tuple[str, ...], Meta(description="Directories under which file:// URIs may be read; none: no file:// at all.")
    ] = ()
    allow_cidrs: Annotated[
        tuple[str, ...], Meta(description="Private address ranges that http(s):// URIs may reach.")
    ] = ()
    redis_url: Annotated[str | None, Meta(description="Redis to use; an own one is started if not set.")] = None
    token: Annotated[
        Annotated[str, Meta(min_length=16)] | None,
        Meta(description="Admin token; made at first start and kept in DATA/token if not set."),
    ] = None


def check_places(settings: Settings) -> Settings:
    """Give the settings with absolute file roots.

    Raises:
        LocalError: a root is no directory, or a range is none.
    """
    roots = []
    for root in settings.file_roots:
        path = Path(root).expanduser().absolute()
        if not path.is_dir():
            msg = f"--file-root {root}: there is no such directory."
            raise LocalError(msg)
        if "," in str(path):
            msg = f"--file-root {root}: a directory with a comma in its name cannot be a file root."
            raise LocalError(msg)
        roots.append(str(path))
    for cidr in settings.allow_cidrs:
        try:
            ip_network(cidr)
        except ValueError as error:
            msg = f"--allow-cidr {cidr}: {error}. A range looks like 10.0.0.0/8."
            raise LocalError(msg) from error
    return msgspec.structs.replace(settings, file_roots=tuple(roots))
