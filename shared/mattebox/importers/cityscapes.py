"""Cityscapes: leftImg8bit with gtFine or gtCoarse, whose labelIds masks hold the numbers of the published classes."""

from mattebox.errors import InputError
from mattebox.importers.label_colors import hex_color
from mattebox.importers.label_file import grey
from mattebox.importers.layout import Layout
from mattebox.importers.places import Place
from mattebox.importers.plan import ImportPlan
from mattebox.importers.stems import Kind, match
from mattebox.models import ALL_MASKS, MaskLabel

IMAGES = "leftImg8bit"
ANNOTATIONS = ("gtFine", "gtCoarse")

CLASSES = (
    (0, "unlabeled", "void", (0, 0, 0)),
    (1, "ego vehicle", "void", (0, 0, 0)),
    (2, "rectification border", "void", (0, 0, 0)),
    (3, "out of roi", "void", (0, 0, 0)),
    (4, "static", "void", (0, 0, 0)),
    (5, "dynamic", "void", (111, 74, 0)),
    (6, "ground", "void", (81, 0, 81)),
    (7, "road", "flat", (128, 64, 128)),
    (8, "sidewalk", "flat", (244, 35, 232)),
    (9, "parking", "flat", (250, 170, 160)),
    (10, "rail track", "flat", (230, 150, 140)),
    (11, "building", "construction", (70, 70, 70)),
    (12, "wall", "construction", (102, 102, 156)),
    (13, "fence", "construction", (190, 153, 153)),
    (14, "guard rail", "construction", (180, 165, 180)),
    (15, "bridge", "construction", (150, 100, 100)),
    (16, "tunnel", "construction", (150, 120, 90)),
    (17, "pole", "object", (153, 153, 153)),
    (18, "polegroup", "object", (153, 153, 153)),
    (19, "traffic light", "object", (250, 170, 30)),
    (20, "traffic sign", "object", (220, 220, 0)),
    (21, "vegetation", "nature", (107, 142, 35)),
    (22, "terrain", "nature", (152, 251, 152)),
    (23, "sky", "sky", (70, 130, 180)),
    (24, "person", "human", (220, 20, 60)),
    (25, "rider", "human", (255, 0, 0)),
    (26, "car", "vehicle", (0, 0, 142)),
    (27, "truck", "vehicle", (0, 0, 70)),
    (28, "bus", "vehicle", (0, 60, 100)),
    (29, "caravan", "vehicle", (0, 0, 90)),
    (30, "trailer", "vehicle", (0, 0, 110)),
    (31, "train", "vehicle", (0, 80, 100)),
    (32, "motorcycle", "vehicle", (0, 0, 230)),
    (33, "bicycle", "vehicle", (119, 11, 32)),
    (-1, "license plate", "vehicle", (0, 0, 142)),
)
"""Id, name, category and colour as published with the dataset; ids below 0 are drawn in no mask."""


def plan_cityscapes(root: Place) -> ImportPlan:
    """Plan the import of a folder. Raises InputError."""
    masks = {name: Kind(root / name, f"_{name}_labelIds") for name in ANNOTATIONS if (root / name).is_dir()}
    if not (root / IMAGES).is_dir() or not masks:
        raise InputError(
            f"{str(root)!r} does not look like Cityscapes: give the folder that holds leftImg8bit and gtFine."
        )
    matched = match(root, Kind(root / IMAGES, f"_{IMAGES}"), masks, _city)
    return matched.plan(root, {ALL_MASKS: labels()}, "the published classes")


def labels() -> list[MaskLabel]:
    """Give the classes by their grey values; those of the category void are ignored."""
    return [
        MaskLabel(grey(value), [name], hex_color(color), ignore=category == "void")
        for value, name, category, color in CLASSES
        if value >= 0
    ]


def _city(image: str) -> str:
    return image.rpartition("/")[0].rpartition("/")[2]


CITYSCAPES = Layout(
    "cityscapes",
    "Cityscapes, fine and coarse annotations.",
    "leftImg8bit and gtFine",
    "cityscapes",
    "leftImg8bit/val/city/x_leftImg8bit.png with gtFine/val/city/x_gtFine_labelIds.png and "
    "gtCoarse/.../x_gtCoarse_labelIds.png; a mask's id is gtFine or gtCoarse. Other files of gtFine are not read.",
    "The published table of 35 classes, with its colours; the category void is ignored.",
    plan_cityscapes,
)
