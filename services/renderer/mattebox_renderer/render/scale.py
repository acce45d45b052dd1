"""Sizes: of previews, and of masks that do not fit their source."""

import numpy as np
import numpy.typing as npt

Size = tuple[int, int]
"""Width, height."""

_SAME_ASPECT = 0.01


def preview_size(source: Size, longest: int | None) -> Size:
    """Give the size of a preview: longest side `longest`, the other rounded and at least 1, never enlarged."""
    width, height = source
    side = max(width, height)
    if longest is None or longest >= side:
        return source
    return (_scaled(width, longest, side), _scaled(height, longest, side))


def _scaled(length: int, numerator: int, denominator: int) -> int:
    return max(1, (2 * length * numerator + denominator) // (2 * denominator))


def same_aspect(first: Size, second: Size) -> bool:
    """Tell whether two sizes have the same shape, to within the rounding of a reduced image."""
    ratio = first[0] * second[1] / (first[1] * second[0])
    return abs(ratio - 1) <= _SAME_ASPECT


def stretch(pixels: npt.NDArray[np.generic], size: Size) -> npt.NDArray[np.generic]:
    """Stretch an (h, w) array to `size`: each pixel takes the one its centre falls on, in exact integer arithmetic."""
    height, width = pixels.shape
    if (width, height) == size:
        return pixels
    # Indexing both sides by brackets would leave the columns, not the rows, in one piece.
    return np.take(pixels[nearest(height, size[1])], nearest(width, size[0]), axis=1)


def nearest(length: int, target: int) -> npt.NDArray[np.int64]:
    """Give the (target,) positions that `stretch` takes along a side."""
    centres: npt.NDArray[np.int64] = (2 * np.arange(target, dtype=np.int64) + 1) * length // (2 * target)
    return centres
