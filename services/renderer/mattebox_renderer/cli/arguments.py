"""The arguments of `mattebox render`, as they were given and as what they mean."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple, TypeVar, get_args
from urllib.parse import unquote, urlsplit

from mattebox.errors import InputError
from mattebox.models import MaskEncoding, MaskMode
from mattebox_runtime.spec import PreviewFormat

FORMATS: dict[str, PreviewFormat] = {".webp": "webp", ".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}
MODES: tuple[MaskMode, ...] = get_args(MaskMode)
ENCODINGS: tuple[MaskEncoding, ...] = get_args(MaskEncoding)

T = TypeVar("T")


class Arguments(NamedTuple):
    """As given."""

    source: str
    out: Path
    masks: Sequence[str]
    labels: Path | None
    mode: str
    encodings: Sequence[str]
    timestamp: float | None
    opacities: Sequence[str]
    tints: Sequence[str]
    background: str
    hide: Sequence[str]
    unmapped: str | None
    outline: int
    size: str
    report: Literal["table", "json"] | None
    index_map: Path | None
    allow_cidrs: Sequence[str]


class GivenMask(NamedTuple):
    """A mask of the command line."""

    id: str
    location: str
    mode: MaskMode | None


class ByMask(NamedTuple):
    """An option that is given for all masks, for some, or both."""

    for_all: str | None
    by_id: dict[str, str]


def is_uri(location: str) -> bool:
    """Tell a URI from a path."""
    return "://" in location


def base_name(location: str) -> PurePosixPath:
    """Give the file name in a path or URI."""
    path = unquote(urlsplit(location).path) if is_uri(location) else Path(location).as_posix()
    return PurePosixPath(PurePosixPath(path).name)


def read_masks(given: Sequence[str]) -> list[GivenMask]:
    """Name the masks and take apart `FILE=MODE`.

    Raises:
        InputError: what follows the last = of something that is no file is no mode.
    """
    masks: list[GivenMask] = []
    for text in given:
        location, mode = _with_mode(text)
        stem = base_name(location).stem or "mask"
        taken = sum(mask.id == stem or mask.id.startswith(f"{stem}-") for mask in masks)
        masks.append(GivenMask(f"{stem}-{taken + 1}" if taken else stem, location, mode))
    return masks


def _with_mode(text: str) -> tuple[str, MaskMode | None]:
    location, equals, word = text.rpartition("=")
    if not equals or (not is_uri(text) and Path(text).exists()):
        return text, None
    if word in MODES:
        return location, word
    if is_uri(text):
        # The = of a query.
        return text, None
    raise InputError(f"--mask {text}: {word!r} is not a mode: use {', '.join(MODES)}.")


def read_format(out: Path) -> PreviewFormat:
    """Tell the format by the ending of the output. Raises InputError."""
    if out.suffix.lower() not in FORMATS:
        raise InputError(f"--out {out}: the ending tells the format: use {', '.join(FORMATS)}.")
    return FORMATS[out.suffix.lower()]


def read_size(text: str) -> int | None:
    """Read a longest side, None for `full`. Raises InputError."""
    if text == "full":
        return None
    return read_as(int, text, "--size", "a number of pixels, or full")


def read_as(convert: Callable[[str], T], text: str, option: str, wanted: str) -> T:
    """Convert a value. Raises InputError, saying what is wanted."""
    try:
        return convert(text)
    except ValueError as error:
        raise InputError(f"{option} {text}: use {wanted}.") from error


def read_word(text: str, option: str, words: Sequence[T]) -> T:
    """Read one of some words. Raises InputError."""
    for word in words:
        if word == text:
            return word
    raise InputError(f"{option} {text}: use one of {', '.join(map(str, words))}.")


def read_by_mask(given: Sequence[str], option: str, ids: Collection[str]) -> ByMask:
    """Take `VALUE` and `ID=VALUE` apart. Raises InputError: there is no such mask."""
    by_mask = ByMask(None, {})
    for text in given:
        mask_id, equals, value = text.rpartition("=")
        if not equals:
            by_mask = by_mask._replace(for_all=value)
        elif mask_id in ids:
            by_mask.by_id[mask_id] = value
        else:
            known = f"the masks are {', '.join(ids)}" if ids else "give masks by --mask"
            raise InputError(f"{option} {text}: there is no mask {mask_id!r}; {known}.")
    return by_mask
