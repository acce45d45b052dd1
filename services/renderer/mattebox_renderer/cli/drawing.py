"""What `mattebox render` does: read the labels, get the files, draw in a confined process, tell.

Although the files are the user's own, strangers may have made them: a picture out of the internet deserves no more
trust here than in the service. The drawing process costs a third of a second, once.
"""

import asyncio
import logging
import os
import stat
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

import structlog

from mattebox.errors import InputError
from mattebox.importers.label_file import LabelLists, names_file, read_label_file
from mattebox.models import ALL_MASKS, Mask, Source
from mattebox.reasons import explain
from mattebox_renderer.by_hand import AskedByHand, BadOption, Legend, Wanted
from mattebox_renderer.cli.arguments import (
    ENCODINGS,
    MODES,
    Arguments,
    GivenMask,
    base_name,
    is_uri,
    read_as,
    read_by_mask,
    read_format,
    read_masks,
    read_size,
    read_word,
)
from mattebox_renderer.cli.page import Told, tell
from mattebox_renderer.fetch import Fetched, Fetcher, FetchFailed, open_fetcher
from mattebox_renderer.outcome import DrawCrashed, Drawn, DrawRefused, DrawTimeout
from mattebox_renderer.sandbox import DrawPool, ProcessGone, open_pool
from mattebox_renderer.settings import Settings
from mattebox_runtime.labels import LabelsError
from mattebox_runtime.options import PreviewOptions
from mattebox_runtime.settings import SettingsError


class _Job(NamedTuple):
    """What to draw, resolved."""

    masks: Sequence[GivenMask]
    asked: AskedByHand
    preview: Wanted
    index_map: tuple[Wanted, Legend] | None


def render_by_hand(arguments: Arguments) -> bool:
    """Draw, write and tell; False where a mask had to be left out.

    Raises:
        InputError: an argument or a file cannot be used.
    """
    job = _resolve(arguments)
    _check_output(arguments, job.masks)
    with _only_errors_logged():
        drawn, index = asyncio.run(_draw(arguments, job))
    job.asked.name_labels(drawn.report)
    _write(arguments.out, drawn.body)
    if index is not None and arguments.index_map is not None:
        _write(arguments.index_map, index.body)
    tell(Told(arguments.out, drawn, None if job.index_map is None else job.index_map[1]), arguments.report)
    return drawn.state == "ready"


@contextmanager
def _only_errors_logged() -> Iterator[None]:
    """Log what goes wrong alone, on standard error; the program around logs as before afterwards."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.configure(**before)


def _resolve(arguments: Arguments) -> _Job:
    masks = read_masks(arguments.masks)
    by_id, own = _assign_labels(arguments.labels, masks)
    encodings = read_by_mask(arguments.encodings, "--encoding", [mask.id for mask in masks])
    source = Source(
        uri=arguments.source,
        timestamp=arguments.timestamp,
        masks=[
            Mask(
                uri=mask.location,
                id=mask.id,
                timestamp=arguments.timestamp,
                mode=mask.mode,
                encoding=read_word(encodings.by_id.get(mask.id, encodings.for_all or "auto"), "--encoding", ENCODINGS),
                labels=own.get(mask.id),
            )
            for mask in masks
        ],
    )
    try:
        asked = AskedByHand(source, by_id, _options(arguments, masks))
    except LabelsError as error:
        raise InputError(f"{arguments.labels}: {error}") from error
    except BadOption as error:
        raise InputError(f"--{error}") from error
    return _Job(masks, asked, asked.preview(), _index_of(arguments, masks, asked))


def _index_of(arguments: Arguments, masks: Sequence[GivenMask], asked: AskedByHand) -> tuple[Wanted, Legend] | None:
    if arguments.index_map is None:
        return None
    if len(masks) != 1:
        raise InputError(
            f"--index {arguments.index_map}: an index map is of one mask: give one --mask, not {len(masks)}."
        )
    if arguments.index_map.suffix.lower() != ".png":
        raise InputError(f"--index {arguments.index_map}: an index map is a PNG: let its name end in .png.")
    return asked.index_map(masks[0].id)


def _options(arguments: Arguments, masks: Sequence[GivenMask]) -> PreviewOptions:
    ids = [mask.id for mask in masks]
    opacities = read_by_mask(arguments.opacities, "--opacity", ids)
    tints = read_by_mask(arguments.tints, "--tint", ids)
    for_all = tints.for_all
    return PreviewOptions(
        # A mask's own mode comes first, as it would in a frame.
        mode=read_word(arguments.mode, "--mode", MODES),
        mask_modes={mask.id: mask.mode for mask in masks if mask.mode is not None},
        opacity=None if opacities.for_all is None else _opacity(opacities.for_all),
        mask_opacities={mask_id: _opacity(value) for mask_id, value in opacities.by_id.items()},
        tints=({} if for_all is None else dict.fromkeys(ids, for_all)) | tints.by_id,
        background=None if arguments.background == "transparent" else arguments.background,
        hide=frozenset(arguments.hide),
        unmapped=arguments.unmapped,
        outline=arguments.outline,
        size=read_size(arguments.size),
        format=read_format(arguments.out),
    )


def _opacity(text: str) -> float:
    return read_as(float, text, "--opacity", "a number from 0 to 1")


def _assign_labels(file: Path | None, masks: Sequence[GivenMask]) -> tuple[LabelLists, dict[str, Any]]:
    """Give the lists by mask id, and those that name the file of a mask by the id of that mask."""
    if file is None:
        return {}, {}
    by_id: LabelLists = {}
    own: dict[str, Any] = {}
    for name, entries in read_label_file(file).lists.items():
        if name == ALL_MASKS or any(mask.id == name for mask in masks):
            by_id[name] = entries
        else:
            own |= {mask.id: entries for mask in masks if names_file(Path(name).name, base_name(mask.location))}
    if not by_id and not own:
        known = ", ".join(mask.id for mask in masks) or "none"
        raise InputError(f"{file}: its lists are of other masks; here there are: {known}. Write _all_ for every mask.")
    return by_id, own


def _check_output(arguments: Arguments, masks: Sequence[GivenMask]) -> None:
    inputs = [arguments.source, *(mask.location for mask in masks), str(arguments.labels or "")]
    local = {Path(location).resolve() for location in inputs if location and not is_uri(location)}
    for file in filter(None, (arguments.out, arguments.index_map)):
        if file.resolve() in local:
            raise InputError(f"{file} is one of the inputs: write to another file.")
        if not file.absolute().parent.is_dir():
            raise InputError(f"There is no folder {str(file.parent)!r} to write {file.name} to: make it first.")


def _write(file: Path, body: bytes) -> None:
    try:
        file.write_bytes(body)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error


async def _draw(arguments: Arguments, job: _Job) -> tuple[Drawn, Drawn | None]:
    settings = Settings(allow_cidrs=tuple(arguments.allow_cidrs), blobs="memory:///")
    try:
        async with open_pool(settings) as pool, _files(arguments, job.masks, settings) as (source, masks):
            drawn = await _draw_one(pool, job.preview, source, masks)
            if job.index_map is None:
                return drawn, None
            return drawn, await _draw_one(pool, job.index_map[0], source, masks)
    except DrawRefused as refused:
        raise InputError(f"{arguments.source}: {explain(refused.code)}") from refused
    except DrawTimeout as error:
        raise InputError(f"{arguments.source}: {explain('render_timeout')}") from error
    except DrawCrashed as error:
        raise InputError(f"{arguments.source}: the drawing process died over it; the file may be hostile.") from error
    except ProcessGone as error:
        raise InputError(f"The drawing process does not start: {error}.") from error
    except SettingsError as error:
        raise InputError(str(error)) from error


async def _draw_one(pool: DrawPool, wanted: Wanted, source: Fetched, masks: Sequence[Fetched]) -> Drawn:
    return await pool.draw(wanted.spec.encode(), source, masks, wanted.tables)


@asynccontextmanager
async def _files(
    arguments: Arguments, masks: Sequence[GivenMask], settings: Settings
) -> AsyncGenerator[tuple[Fetched, list[Fetched]], None]:
    """Open all files and close them with the block. Raises InputError."""
    locations = [arguments.source, *(mask.location for mask in masks)]
    async with AsyncExitStack() as stack:
        fetcher = await stack.enter_async_context(open_fetcher(settings)) if any(map(is_uri, locations)) else None
        opened = []
        for location in locations:
            file = await _fetch(location, fetcher, settings.max_source_bytes)
            stack.callback(file.close)
            opened.append(file)
        yield opened[0], opened[1:]


async def _fetch(location: str, fetcher: Fetcher | None, max_bytes: int) -> Fetched:
    pieces = urlsplit(location)
    if fetcher is None or not is_uri(location):
        return _open(location, max_bytes)
    if pieces.scheme == "file":
        return _open(url2pathname(pieces.path), max_bytes)
    try:
        return await fetcher.fetch(location)
    except FetchFailed as failed:
        told = f"{pieces.scheme}://{pieces.hostname or ''}{pieces.path}"
        raise InputError(f"{told}: {explain(failed.reason)}") from failed


def _open(path: str, max_bytes: int) -> Fetched:
    """Open a local file: the user's own rights decide, links lead where they lead. Raises InputError."""
    try:
        # Without O_NONBLOCK opening a FIFO would wait for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path!r}: check the name, from here it is {str(Path.cwd())!r}.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path!r} cannot be opened: {getattr(error, 'strerror', error)}.") from error
    status = os.fstat(handle)
    fault = None
    if not stat.S_ISREG(status.st_mode):
        fault = f"{path!r} is no file: give a picture, a video or a mask."
    elif status.st_size > max_bytes:
        fault = f"{path!r} is larger than {max_bytes // 2**20} MiB."
    if fault is not None:
        os.close(handle)
        raise InputError(fault)
    return Fetched(handle, status.st_size)
