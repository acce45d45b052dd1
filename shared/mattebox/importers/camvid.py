"""CamVid, as the University of Cambridge, SegNet's tutorial and fast.ai hand it out."""

from collections.abc import Sequence

from mattebox.errors import InputError
from mattebox.importers.files import split_name
from mattebox.importers.label_colors import read_label_colors
from mattebox.importers.label_file import grey
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan
from mattebox.importers.png_header import is_grey
from mattebox.importers.stems import Kind, Matched, join, match
from mattebox.importers.text_files import read_lines
from mattebox.models import ALL_MASKS, MaskLabel

MASK_ID = "classes"
LABEL_COLORS = "label_colors.txt"
CODES = "codes.txt"
ANNOTATIONS = "annot"
"""What SegNet's tutorial adds to the name of a folder of images for its masks: train, trainannot."""
NO_CLASS = ("void", "unlabelled", "unlabeled")

SEGNET_CLASSES = (
    "Sky", "Building", "Pole", "Road", "Pavement", "Tree",
    "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist", "Unlabelled",
)  # fmt: skip
"""The grey values 0 to 11 of SegNet's tutorial."""

_PAIRS = (("701_StillsRaw_full", "LabeledApproved_full", "_L"), ("images", "labels", "_P"))


def plan_camvid(root: Place) -> ImportPlan:
    """Plan the import of a folder. Raises InputError."""
    parts = [match(root, images, {MASK_ID: masks}, _drive) for images, masks in _kinds(root)]
    if not parts:
        raise InputError(
            f"{str(root)!r} does not look like CamVid: it has neither 701_StillsRaw_full with LabeledApproved_full, "
            "nor train with trainannot, nor images with labels."
        )
    matched = join(parts)
    labels, origin = _labels(root, matched)
    return matched.plan(root, {ALL_MASKS: labels}, origin)


def _kinds(root: Place) -> list[tuple[Kind, Kind]]:
    folders = sorted(root.glob(f"*{ANNOTATIONS}")) if root.is_dir() else []
    beside = [(folder.with_name(folder.name.removesuffix(ANNOTATIONS)), folder) for folder in folders]
    kinds = [(Kind(images), Kind(masks)) for images, masks in beside if images.is_dir() and masks.is_dir()]
    for images, masks, suffix in _PAIRS:
        if (root / images).is_dir() and (root / masks).is_dir():
            kinds.append((Kind(root / images), Kind(root / masks, suffix)))
    return kinds


def _drive(image: str) -> str:
    """Name the video that a frame is of: 0016E5 of 0016E5_00390."""
    return split_name(image)[1].partition("_")[0]


def _labels(root: Place, matched: Matched) -> tuple[list[MaskLabel], str]:
    """Give the labels and where they are from; grey masks hold numbers, others the colours of label_colors.txt."""
    first = next(iter(matched.frames), None)
    if first and not is_grey(first.masks[0].file.place):
        return read_label_colors(root / LABEL_COLORS, NO_CLASS), LABEL_COLORS
    if (root / CODES).is_file():
        return _numbered([name for _, name in read_lines(root / CODES)]), CODES
    return _numbered(SEGNET_CLASSES), "the classes of SegNet's tutorial"


def _numbered(names: Sequence[str]) -> list[MaskLabel]:
    return [MaskLabel(grey(n), [name], ignore=name.lower() in NO_CLASS) for n, name in enumerate(names)]


CAMVID = Layout(
    "camvid",
    "CamVid, in the arrangement of Cambridge, of SegNet's tutorial, or of fast.ai.",
    "the folders of images and masks",
    "CamVid",
    "701_StillsRaw_full/x.png with LabeledApproved_full/x_L.png · train/x.png with trainannot/x.png, and so for val, "
    "test · images/x.png with labels/x_P.png",
    "label_colors.txt for masks in colours (lines of 'r g b name'); for grey masks codes.txt, else the 12 classes of "
    "SegNet's tutorial. Void and Unlabelled are ignored.",
    plan_camvid,
)
