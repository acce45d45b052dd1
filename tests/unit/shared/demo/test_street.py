"""The drawn street: the same every time, with masks that are exact."""

import numpy as np
import pytest
from PIL import Image

from mattebox_runtime.demo import labels
from mattebox_runtime.demo.canvas import SUPERSAMPLING, Shape, paint_codes, paint_picture
from mattebox_runtime.demo.clip import label_colors
from mattebox_runtime.demo.street import StreetFrame, draw_street_frame

_SIZE = (320, 180)


@pytest.fixture(scope="module")
def frame() -> StreetFrame:
    return draw_street_frame(33, _SIZE)


def test_same_index_is_the_same_picture(frame: StreetFrame) -> None:
    again = draw_street_frame(33, _SIZE)
    assert again.picture.tobytes() == frame.picture.tobytes()
    assert np.array_equal(again.labels, frame.labels)
    assert np.array_equal(again.instances, frame.instances)


def test_another_seed_is_another_street(frame: StreetFrame) -> None:
    assert draw_street_frame(33, _SIZE, seed=8).picture.tobytes() != frame.picture.tobytes()


def test_picture_and_masks_have_the_size_asked_for() -> None:
    frame = draw_street_frame(2, (512, 256))
    assert frame.picture.size == (512, 256)
    assert frame.labels.shape == frame.instances.shape == (256, 512)


def test_street_shows_all_its_labels() -> None:
    seen = {int(value) for index in (0, 33, 160) for value in np.unique(draw_street_frame(index).labels)}
    assert seen == set(range(len(labels.LABELS)))


def test_mask_holds_declared_values_only(frame: StreetFrame) -> None:
    values = {tuple(value) for value in label_colors(frame.labels).reshape(-1, 3).tolist()}
    assert values <= {label.value for label in labels.LABELS}


def test_values_lie_far_apart() -> None:
    values = np.array([label.value for label in labels.LABELS], np.int32)
    distances = np.abs(values[:, None] - values[None, :]).max(axis=2)
    assert distances[~np.eye(len(values), dtype=bool)].min() >= 40


def test_instances_lie_inside_their_label(frame: StreetFrame) -> None:
    counted = frame.instances > 0
    assert np.array_equal(frame.instances[counted] // labels.INSTANCES_PER_CLASS, frame.labels[counted])


def test_everything_that_can_be_counted_is(frame: StreetFrame) -> None:
    countable = np.isin(frame.labels, [labels.PERSON, labels.RIDER, labels.BICYCLE, labels.CAR, labels.BUS])
    assert np.array_equal(frame.instances > 0, countable)


def test_drive_moves(frame: StreetFrame) -> None:
    assert (draw_street_frame(34, _SIZE).labels != frame.labels).mean() > 0.01


def test_cameras_side_by_side_see_things_shifted() -> None:
    left, right = (draw_street_frame(160, _SIZE, offset=offset).labels for offset in (-0.3, 0.3))
    assert not np.array_equal(left, right)


def test_both_painters_agree_in_geometry() -> None:
    """Where the picture is of one colour, the label is that colour's; only edges mix, and only in the picture."""
    dice = np.random.default_rng(1)
    shapes = []
    for code in range(1, 40):
        corners = [(float(x), float(y)) for x, y in dice.uniform(-20, 120, (5, 2))]
        shapes.append(Shape(corners, (code * 6, 255 - code * 6, code), code))
    canvas = Image.new("RGB", (100 * SUPERSAMPLING, 80 * SUPERSAMPLING))
    paint_picture(shapes, canvas)
    pixels = np.asarray(canvas).reshape(80, SUPERSAMPLING, 100, SUPERSAMPLING, 3)
    is_pure = (pixels == pixels[:, :1, :, :1]).all(axis=(1, 3, 4))
    codes = paint_codes(shapes, (100, 80), 0)
    assert is_pure.mean() > 0.5
    assert np.array_equal(pixels[:, 0, :, 0, 2][is_pure], codes[is_pure])


def test_labels_of_the_mapping_name_each_class_once() -> None:
    entries = labels.rgb_entries()
    assert len({tuple(entry["value"]) for entry in entries}) == len(entries) == len(labels.LABELS)
    assert [entry["value"] for entry in labels.index_entries()] == list(range(len(entries)))
    assert sum(entry.get("ignore", False) for entry in entries) == 1
