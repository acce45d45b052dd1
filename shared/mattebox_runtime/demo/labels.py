"""What the drawn pictures show, and the mask values that stand for it."""

from typing import Any, NamedTuple

RGB = tuple[int, int, int]


class Label(NamedTuple):
    """One class of the drawn street: the value of its pixels in the RGB masks and what they mean."""

    value: RGB
    names: tuple[str, ...]
    color: str | None = None
    ignore: bool = False


# The position is the class id. Values lie far apart, so that even a lossy mask could be told apart. Where no colour
# is given, the label gets its own by itself.
LABELS = (
    Label((0, 0, 0), ("void",), ignore=True),
    Label((60, 140, 235), ("sky",), color="#4f9be8"),
    Label((120, 75, 60), ("building",), color="#7d5ba6"),
    Label((110, 50, 140), ("road",), color="#2f3e6b"),
    Label((235, 60, 215), ("sidewalk",), color="#e8a0c8"),
    Label((250, 250, 245), ("lane marking", "road"), color="#ffe066"),
    Label((50, 150, 45), ("vegetation",), color="#3fae5a"),
    Label((160, 225, 120), ("terrain",), color="#a9d66b"),
    Label((150, 150, 160), ("pole",)),
    Label((250, 180, 20), ("traffic light",)),
    Label((225, 235, 60), ("traffic sign",)),
    Label((220, 20, 50), ("person", "pedestrian"), color="#ff3d7f"),
    Label((255, 110, 100), ("rider", "person")),
    Label((110, 10, 0), ("bicycle", "vehicle")),
    Label((10, 20, 150), ("car", "vehicle"), color="#1fb6c9"),
    Label((0, 90, 105), ("bus", "vehicle"), color="#f28c28"),
)
(
    VOID,
    SKY,
    BUILDING,
    ROAD,
    SIDEWALK,
    MARKING,
    VEGETATION,
    TERRAIN,
    POLE,
    TRAFFIC_LIGHT,
    TRAFFIC_SIGN,
    PERSON,
    RIDER,
    BICYCLE,
    CAR,
    BUS,
) = range(len(LABELS))

INSTANCES_PER_CLASS = 1_000
"""An instance's value in the 16-bit masks is its class id times this, plus its number; 0 where nothing is counted."""


def rgb_entries() -> list[dict[str, Any]]:
    """Give the mapping of the RGB masks, as `mask_labels` takes it."""
    return [_entry(list(label.value), label) for label in LABELS]


def index_entries() -> list[dict[str, Any]]:
    """Give the mapping of masks whose pixels are the class ids themselves."""
    return [_entry(number, label) for number, label in enumerate(LABELS)]


def instance_entries(values: set[int]) -> list[dict[str, Any]]:
    """Give the mapping of the instances that occur: the class's own labels, and one that tells them apart."""
    entries: list[dict[str, Any]] = [{"value": 0, "labels": ["uncounted"], "ignore": True}]
    for value in sorted(values - {0}):
        names = LABELS[value // INSTANCES_PER_CLASS].names
        entries.append({"value": value, "labels": [f"{names[0]} {value % INSTANCES_PER_CLASS}", *names]})
    return entries


def _entry(value: list[int] | int, label: Label) -> dict[str, Any]:
    entry: dict[str, Any] = {"value": value, "labels": list(label.names)}
    if label.color:
        entry["color"] = label.color
    if label.ignore:
        entry["ignore"] = True
    return entry
