"""Every still set of the reference data, drawn at full size and compared with the naive composition."""

import colorsys
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.masks import drawn, encoded, labelled, matte, pixels
from support.naive import NaiveEntry, NaiveMask, compose, open_copy, packed

pytestmark = pytest.mark.reference

LABELLED = {
    "ade20k_sceneparsing3": ("labels.json",),
    "camvid_train60": ("labels.json",),
    "coco_panoptic_ccby8": ("labels.json",),
    "coco_panopticapi2": ("labels.json", "labels_2ch.json"),
    "comma10k_a6": ("labels.json",),
    "labelme_apc1": ("labels.json", "labels_index.json"),
    "labelme_video5": ("labels.json", "labels_index.json"),
    "pixelannotationtool_road1": ("labels.json", "labels_id.json"),
    "shapes_multi_mask": ("labels.json",),
    "unity_solo1": ("labels.json", "labels_instance.json"),
    "voc_labelme3": ("labels.json", "labels_index.json", "labels_object.json"),
}
Style = tuple[tuple[int, int, int] | None, float]
"""Tint and opacity of a matte."""

MATTES = ("alpha_am2k_5", "alpha_lemur", "soft_colour_doodle3")


def frames(directory: Path) -> Iterator[tuple[bytes, list[tuple[str, bytes]]]]:
    """Give each photo of a set with its masks, at most three of them: the rest is more of the same."""
    for pair in json.loads((directory / "pairs.json").read_text())[:3]:
        masks = [(mask["path"], (directory / mask["path"]).read_bytes()) for mask in pair["masks"]]
        yield (directory / pair["image"]).read_bytes(), masks


def entries(mapping: dict[str, Any], path: str) -> list[NaiveEntry]:
    declared = mapping.get(path, mapping.get("_all_", []))
    colors = (colorsys.hsv_to_rgb(i * 0.618 % 1, 0.8, 0.9) for i in range(len(declared)))
    return [
        NaiveEntry(tuple(entry["value"]), (int(red * 255), int(green * 255), int(blue * 255)))
        for entry, (red, green, blue) in zip(declared, colors, strict=True)
    ]


@pytest.mark.parametrize(("name", "labels"), [(name, file) for name, files in LABELLED.items() for file in files])
def test_full_size_previews_of_labelled_sets_equal_the_naive_composition(
    reference_data: Path, name: str, labels: str
) -> None:
    """Pixels agree within one step per channel, and every count is exact."""
    mapping = json.loads((reference_data / name / labels).read_text())
    for source, masks in frames(reference_data / name):
        naive = [
            NaiveMask(open_copy(data), "segmentation", 0.6, "auto", None, entries(mapping, p)) for p, data in masks
        ]
        expected, counted = compose(open_copy(source), naive)
        preview = drawn(source, *(labelled(data, entries(mapping, path), path) for path, data in masks))
        assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1
        for report, count in zip(preview.report["masks"], counted, strict=True):
            assert report["encoding"] == count.encoding
            assert {tuple(label["value"]): label["pixels"] for label in report["labels"]} == count.counts
            assert report["unmapped"]["pixels"] == count.unmapped.total()
            for found in report["unmapped"]["values"]:
                assert count.unmapped[int(packed(np.atleast_1d(found["value"])))] == found["pixels"]


@pytest.mark.parametrize("name", MATTES)
def test_full_size_previews_of_mattes_equal_the_naive_composition(reference_data: Path, name: str) -> None:
    """Each mask alone, all of them together, tinted and half transparent: pixels agree within one step."""
    for source, masks in frames(reference_data / name):
        photo = open_copy(source)
        together: list[Style] = [(None, 1.0)] * len(masks)
        alone: list[Style] = [((255, 0, 0), 0.7)]
        for chosen, styles in [*(([mask], alone) for mask in masks), (masks, together)]:
            naive = [
                NaiveMask(open_copy(data), "alpha", opacity, tint=tint)
                for (_, data), (tint, opacity) in zip(chosen, styles, strict=True)
            ]
            expected, _ = compose(photo, naive, background=(0, 128, 255))
            preview = drawn(
                source,
                *(
                    matte(data, path, opacity, tint="#ff0000" if tint else None)
                    for (path, data), (tint, opacity) in zip(chosen, styles, strict=True)
                ),
                background="#0080ff",
            )
            assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1


def test_instance_ids_of_16_bits_are_counted_and_painted_exactly(reference_data: Path) -> None:
    """The first page of a multi-page TIFF counts, and so does each of up to 183 ids."""
    directory = reference_data / "nuclei_stardist"
    declared = [NaiveEntry(i, (i * 37 % 256, i * 91 % 256, i * 53 % 256)) for i in range(1, 184)]
    for source, masks in frames(directory):
        naive = [NaiveMask(open_copy(data), "segmentation", 0.6, "auto", None, declared) for _, data in masks]
        expected, counted = compose(open_copy(source), naive)
        preview = drawn(source, *(labelled(data, declared, path) for path, data in masks))
        assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1
        labels = preview.report["masks"][0]["labels"]
        assert {label["value"]: label["pixels"] for label in labels} == counted[0].counts


def test_all_four_channels_of_a_bitmask_are_data(reference_data: Path) -> None:
    """BDD100K bitmasks: alpha is an instance number, and nearly transparent pixels are labels too."""
    data = (reference_data / "bdd100k_bitmask4/masks/ins_seg.png").read_bytes()
    image = open_copy(data)
    values = np.unique(np.asarray(image).reshape(-1, 4), axis=0)
    declared = [NaiveEntry(tuple(int(c) for c in v), (i * 37 % 256, i * 91 % 256, 40)) for i, v in enumerate(values)]
    source = np.zeros((image.height, image.width, 3), np.uint8)
    naive = NaiveMask(image, "segmentation", 0.6, "rgba", None, declared)
    expected, counted = compose(open_copy(encoded(source)), [naive])
    preview = drawn(encoded(source), labelled(data, declared, encoding="rgba"))
    assert np.abs(pixels(preview) - np.rint(expected)).max() <= 1
    labels = preview.report["masks"][0]["labels"]
    assert {tuple(label["value"]): label["pixels"] for label in labels} == counted[0].counts
