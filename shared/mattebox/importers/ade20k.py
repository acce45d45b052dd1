"""ADE20K as the Scene Parsing benchmark hands it out: 150 classes by grey value."""

from mattebox.errors import InputError
from mattebox.importers.label_file import Merging, grey
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan
from mattebox.importers.stems import Kind, match
from mattebox.importers.text_files import read_lines
from mattebox.models import ALL_MASKS, MaskLabel

IMAGES, ANNOTATIONS = "images", "annotations"
MASK_ID = "classes"
CLASS_FILES = {"objectInfo150.csv": ",", "objectInfo150.txt": "\t"}
"""The table of classes, and what parts its columns."""


def plan_ade20k(root: Place) -> ImportPlan:
    """Plan the import of a folder. Raises InputError."""
    if not (root / IMAGES).is_dir() or not (root / ANNOTATIONS).is_dir():
        raise InputError(
            f"{str(root)!r} does not look like ADE20K: give the folder that holds images, annotations and "
            "objectInfo150.txt."
        )
    table = next((root / name for name in CLASS_FILES if (root / name).is_file()), None)
    if table is None:
        raise InputError(f"The classes are not there: looked for {', '.join(CLASS_FILES)} in {str(root)!r}.")
    matched = match(root, Kind(root / IMAGES), {MASK_ID: Kind(root / ANNOTATIONS)}, _split)
    other = MaskLabel(grey(0), ["other"], ignore=True)
    return matched.plan(root, {ALL_MASKS: [other, *_classes(table)]}, table.name)


def _split(image: str) -> str | None:
    """Name the part of the dataset that an image is of: training, validation."""
    parts = image.split("/")
    return parts[1] if len(parts) > 2 else None


def _classes(table: Place) -> list[MaskLabel]:
    """Read a table whose first line names the columns; the first holds the number of a class, the last its names."""
    rows = [(number, line.split(CLASS_FILES[table.name])) for number, line in read_lines(table)]
    width = len(rows[0][1]) if rows else 0
    entries = []
    for number, columns in rows[1:]:
        names = [name.strip() for name in columns[-1].replace(";", ",").split(",")]
        value = int(columns[0]) if columns[0].isdecimal() else 0
        if len(columns) != width or not 0 < value < 256 or not all(names):
            raise InputError(
                f"{table.name}, line {number}: expected {width} columns, from a class number to its names."
            )
        entries.append(MaskLabel(grey(value), names))
    return Merging().merge(entries)


ADE20K = Layout(
    "ade20k",
    "ADE20K as the Scene Parsing benchmark hands it out.",
    "images, annotations and objectInfo150.txt",
    "ADEChallengeData2016",
    "images/training/x.jpg with annotations/training/x.png, and so for validation, or without such subfolders.",
    "objectInfo150.txt or objectInfo150.csv, all names of each class; the value 0 is 'other' and ignored.",
    plan_ade20k,
)
