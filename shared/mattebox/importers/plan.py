"""What an import is going to do, known before anything is sent."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from msgspec import Struct, field
from msgspec.json import encode

from mattebox.importers.files import content_type
from mattebox.importers.label_file import LabelLists
from mattebox.importers.places import Place
from mattebox.models import Frame, Mask, MaskEncoding, MaskLabel, MaskMode, Source


class DatasetFile(Struct, frozen=True):
    """A file of a dataset: as text, because 100,000 paths take longer to make than everything else about a frame."""

    root: Place
    name: str
    """Its path below the root, with slashes."""

    def __str__(self) -> str:
        return str(self.place)

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.root / self.name


UriOf = Callable[[DatasetFile], str]


NAMES_SHOWN = 5
NOT_TEXT = "with a name that is not UTF-8"


def some(names: Sequence[str]) -> str:
    """Name the first few, and say how many there are more."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


class LeftOut(NamedTuple):
    """Something of the dataset that is not in the registry, and why."""

    what: str
    noun: str
    """What kind of thing it is: image, mask, frame."""
    why: str

    def __str__(self) -> str:
        return f"{self.noun} {self.what!r}: {self.why}"


class Finding(Struct, frozen=True):
    """So many of something were found."""

    count: int
    noun: str
    detail: str = ""


class PlannedFrame(Protocol):
    """A frame that is to be registered; its id is the same in every run, so that a second one updates it."""

    by_uri: ClassVar[bool]
    """Whether the document may name files by where they lie; else they are uploads, which have to come along."""

    @property
    def id(self) -> str:
        """The frame's id."""

    def files(self) -> Sequence[DatasetFile]:
        """The files that the registry has to get at."""

    def describe(self, uri_of: UriOf) -> bytes:
        """Write the frame's document as JSON without line breaks, its files by the URIs they have got."""


class PlannedMask(Struct, frozen=True):
    """A mask in a file."""

    id: str
    file: DatasetFile
    mode: MaskMode | None = None
    encoding: MaskEncoding | None = None
    labels: list[MaskLabel] | None = None

    def describe(self, uri_of: UriOf) -> Mask:
        """Give the mask as frames hold it."""
        return Mask(
            id=self.id,
            uri=uri_of(self.file),
            content_type=content_type(self.file.name),
            mode=self.mode,
            encoding=self.encoding,
            labels=self.labels,
        )


class DetailedFrame(Frame, omit_defaults=True):
    """A frame with what its dataset says of it besides."""

    meta: dict[str, Any] = field(default_factory=dict)


class PlannedPicture(Struct, frozen=True):
    """A picture with its masks, all in files."""

    id: str
    image: DatasetFile
    masks: tuple[PlannedMask, ...]
    context_id: str | None = None
    width: int | None = None
    height: int | None = None
    meta: dict[str, Any] | None = None
    """Metadata of the frame."""
    by_uri: ClassVar[bool] = True

    def files(self) -> list[DatasetFile]:
        """The image first, then the masks."""
        return [self.image, *(mask.file for mask in self.masks)]

    def describe(self, uri_of: UriOf) -> bytes:
        """Write the frame with the picture as its one source."""
        source = Source(
            uri=uri_of(self.image),
            content_type=content_type(self.image.name),
            width=self.width,
            height=self.height,
            masks=[mask.describe(uri_of) for mask in self.masks],
        )
        if self.meta is None:
            return encode(Frame(id=self.id, context_id=self.context_id, sources=[source]))
        return encode(DetailedFrame(id=self.id, context_id=self.context_id, sources=[source], meta=self.meta))


F = TypeVar("F", bound=PlannedFrame)


class Remade(Struct, Generic[F], frozen=True):
    """Frames that are made each time they are iterated, so that they need not be kept."""

    make: Callable[[], Iterator[F]]

    def __iter__(self) -> Iterator[F]:
        return self.make()


class ImportPlan(Struct, frozen=True):
    """Frames to register, the version's mask labels, and what is left out."""

    frames: Iterable[PlannedFrame]
    """Can be iterated again; not empty."""
    frame_count: int
    file_count: int
    """The files of all frames."""
    found: list[Finding]
    labels: LabelLists = field(default_factory=dict)
    """By mask id, with `_all_` for the others."""
    label_origin: str = ""
    """Where they are from, where that is not what the user named."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """Fields to set in the version's metadata."""
    notes: list[str] = field(default_factory=list)
    """Remarks that need no action."""
    left_out: list[LeftOut] = field(default_factory=list)
