"""Colours of YCbCr samples as real numbers: in 8-bit RGB, values that lie one apart are no longer told apart."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

_LUMA_WEIGHTS: Final = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
"""Of red and blue, by the number of the matrix in ITU-T H.273; BT.601 for all others, and where none is named."""

_BT601: Final = (0.299, 0.114)

_LIMITED_LUMA: Final = (16, 235)
_NO_CHROMA: Final = 128 << 8 | 128 << 16
_OVERSHOOT: Final = 3
"""How far beyond the limited range lossy codecs leave black and white."""


class YuvSpace(NamedTuple):
    """How 8-bit samples stand for colours (ITU-T H.273, 8.3)."""

    matrix: int
    full_range: bool

    def colors(self, samples: npt.NDArray[np.uint32]) -> npt.NDArray[np.float32]:
        """Give the (n, 3) RGB colours, on a scale to 255 and not clipped, of (n,) samples y + 2⁸·cb + 2¹⁶·cr."""
        y, cb, cr = ((samples >> shift & 0xFF).astype(np.float32) for shift in (0, 8, 16))
        red, blue = _LUMA_WEIGHTS.get(self.matrix, _BT601)
        green = 1 - red - blue
        if not self.full_range:
            y = (y - 16) * np.float32(255 / 219)
        chroma = np.float32(1 if self.full_range else 255 / 224)
        from_cb, from_cr = 2 * (1 - blue) * chroma * (cb - 128), 2 * (1 - red) * chroma * (cr - 128)
        return np.stack([y + from_cr, y - (blue * from_cb + red * from_cr) / green, y + from_cb], axis=1)

    def greys(self, luma: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Give the (n, 3) greys, on a scale to 255, of (n,) luma without chroma.

        Not clipped but for a little overshoot: luma well outside of the limited range stands for no grey, which tells
        that plain ids were stored.
        """
        samples = luma.astype(np.uint32)
        if not self.full_range:
            inside = np.clip(samples, *_LIMITED_LUMA)
            beyond = np.abs(samples.astype(np.int64) - inside)
            samples = np.where(beyond <= _OVERSHOOT, inside, samples)
        return self.colors(samples + np.uint32(_NO_CHROMA))
