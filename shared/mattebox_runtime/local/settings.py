"""Settings of `mattebox up` and `mattebox demo`; those of the single services are handed on to them as they are."""

import errno
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
    """Give the settings with absolute places; the data directory is made.

    Raises:
        LocalError: the data directory cannot be used, a root is no directory, or a range is none.
    """
    data = _usable_directory(settings.data)
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
    return msgspec.structs.replace(settings, data=str(data), file_roots=tuple(roots))


def _usable_directory(name: str) -> Path:
    try:
        data = Path(name).expanduser().absolute()
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for directory in (data, data / "redis", data / "logs"):
            _require_access(directory)
    except (OSError, RuntimeError) as error:  # expanduser knows no such user
        is_file = isinstance(error, FileExistsError)
        reason = "it is a file" if is_file else getattr(error, "strerror", None) or error
        msg = (
            f"--data {name}: cannot be the data directory ({reason}). "
            "Choose one that you may write to with --data (or MATTEBOX_DATA)."
        )
        raise LocalError(msg) from error
    return data


def _require_access(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{directory} is not a directory")
    if directory.exists() and not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, f"{directory} cannot be written to")
