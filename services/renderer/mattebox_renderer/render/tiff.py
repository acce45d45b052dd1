"""Deep grey TIFFs that Pillow could unpack but does not look for, or reads with their bytes turned round."""

from typing import Final

from PIL import ImageFile, TiffImagePlugin

_DEEP: Final = {
    (b"MM", 1, (1,), 1, (32,), ()): ("I", "I;32B"),
    (b"II", 1, (3,), 1, (64,), ()): ("F", "F;64F"),
    (b"MM", 1, (3,), 1, (64,), ()): ("F", "F;64BF"),
}
"""Big-endian unsigned integers of 32 bits, and floats of 64 in both orders, which become floats of 32."""

_NATIVE: Final = {"I;32B": "I;32N", "I;32BS": "I;32NS", "F;32BF": "F;32NF", "F;64BF": "F;64NF"}


def know_deep_tiffs() -> None:
    """Add to the kinds of TIFF that Pillow identifies; once is enough."""
    for kind, mode in _DEEP.items():
        TiffImagePlugin.OPEN_INFO.setdefault(kind, mode)


def keep_byte_order(image: ImageFile.ImageFile) -> None:
    """Have samples read in the order that they are in: libtiff, which inflates them, gives those of this machine."""
    for i, tile in enumerate(image.tile):
        if tile.codec_name == "libtiff" and isinstance(tile.args, tuple) and tile.args[0] in _NATIVE:
            image.tile[i] = tile._replace(args=(_NATIVE[tile.args[0]], *tile.args[1:]))
