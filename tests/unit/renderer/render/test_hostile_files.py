"""Broken, hostile and odd files: every one ends as a preview or as a refusal with a code."""

import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest

from mattebox.reasons import ContentReason
from mattebox_renderer.outcome import DrawRefused
from mattebox_renderer.render.images import open_image
from mattebox_renderer.render.limits import ContentRefused, Limits
from support.masks import drawn, encoded, labelled, matte, noise
from support.naive import NaiveEntry
from support.pillow import assert_as_pillow_has_it

HOSTILE = Path(os.environ.get("MATTEBOX_REFERENCE_DATA", Path(__file__).parents[5] / "shared/data")).parent / "hostile"  # noqa: TID251
FILES = sorted(path for path in HOSTILE.rglob("*") if path.is_file()) if HOSTILE.is_dir() else []
REASONS = set(get_args(ContentReason))
PHOTO = encoded(noise(16, 12))
DECLARED = [NaiveEntry((0, 0, 0), (255, 0, 0)), NaiveEntry(1, (0, 255, 0))]

pytestmark = [pytest.mark.reference, pytest.mark.timeout(60)]


def ending(source: bytes) -> str:
    """Draw a source and tell how that ends."""
    try:
        return drawn(source, size=64, format="jpeg").state
    except DrawRefused as refusal:
        return refusal.code


@pytest.mark.parametrize("folder", sorted({path.relative_to(HOSTILE).parts[0] for path in FILES}))
def test_every_hostile_file_is_drawn_or_refused(folder: str) -> None:
    """As a source and as a mask of both modes."""
    for path in (path for path in FILES if path.relative_to(HOSTILE).parts[0] == folder):
        data = path.read_bytes()
        assert ending(data) in REASONS | {"ready"}, path
        for mask in (labelled(data, DECLARED), matte(data)):
            preview = drawn(PHOTO, mask)
            codes = {f"mask_{reason}" for reason in REASONS}
            assert preview.failure is None or preview.failure.code in codes, path
            assert preview.failure is not None or preview.state == "ready", path


def test_every_hostile_png_is_as_pillow_has_it() -> None:
    """Where its header is sound: the same pixels, or none."""
    for path in FILES:
        data = path.read_bytes()
        if data.startswith(b"\x89PNG"):
            with suppress(ContentRefused):
                open_image(data, Limits())
                with warnings.catch_warnings(action="ignore"):
                    assert_as_pillow_has_it(data)
