"""Stored hashes of previews: a change of any pixel must be meant, and raises RENDER_VERSION."""

from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from support.masks import blocks, drawn, encoded, labelled, matte, noise, pixels
from support.naive import NaiveEntry

PHOTO = encoded(noise(120, 80))
ENTRIES = [NaiveEntry((1, 1, 1), (200, 40, 10)), NaiveEntry(2, (10, 90, 220), 0.4), NaiveEntry(3, (9, 9, 9), 1, True)]
LABELS = labelled(encoded(blocks(120, 80, [0, 1, 2, 3])), ENTRIES)
MATTE = matte(encoded(noise(60, 40, 1)), opacity=0.8, tint="#00ff80")

CASES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "full size": ((LABELS,), {}),
    "reduced": ((LABELS,), {"size": 50}),
    "outlined": ((LABELS,), {"size": 50, "outline": 2}),
    "unmapped": ((LABELS,), {"unmapped": "#ff00ff"}),
    "matte": ((MATTE,), {"size": 50}),
    "transparent": ((MATTE, LABELS), {"background": None}),
}
HASHES = {
    "full size": "b0a28463909984ea",
    "reduced": "d8c2ad52bf5f9909",
    "outlined": "294a34b0c05c7090",
    "unmapped": "bc53f04c70aa1be7",
    "matte": "44013dae1569586c",
    "transparent": "cdf2294933eff48e",
}


@pytest.mark.parametrize("case", CASES)
def test_pixels_are_those_of_the_last_release(case: str) -> None:
    """PNG in, PNG out: no lossy codec between, so the hash holds on every machine."""
    masks, fields = CASES[case]
    assert sha256(pixels(drawn(PHOTO, *masks, **fields)).tobytes()).hexdigest()[:16] == HASHES[case]


@pytest.mark.parametrize("image_format", ["webp", "jpeg", "png"])
def test_the_same_inputs_give_the_same_bytes(image_format: str) -> None:
    """Nothing in a preview depends on time, chance or the order of a set."""
    first, second = (drawn(PHOTO, LABELS, MATTE, size=50, format=image_format) for _ in range(2))
    assert first.body == second.body
    assert first.report == second.report
    assert np.shape(pixels(first)) == (33, 50, 3)
