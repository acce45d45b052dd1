"""A set of preview keys that costs two bytes a key."""

import struct
from collections.abc import Iterable

BITS_PER_KEY = 16
_LEAST_BITS = 2**16
_MOST_BITS = 2**30
_PLACES = struct.Struct("<4I")


class KeyFilter:
    """A Bloom filter: never denies a key that was added, and one in 400 that was not it does not deny either.

    Keys are digests: their own bits say where they are marked. Beyond 67 million keys it denies less and less.
    """

    def __init__(self, expected_keys: int) -> None:
        bits = min(max(_LEAST_BITS, 1 << (expected_keys * BITS_PER_KEY - 1).bit_length()), _MOST_BITS)
        self._marks = bytearray(bits // 8)
        self._mask = bits - 1

    def add(self, keys: Iterable[bytes]) -> None:
        """Take in keys of 16 bytes."""
        marks, mask = self._marks, self._mask
        for key in keys:
            for place in _PLACES.unpack(key):
                marks[(place & mask) >> 3] |= 1 << (place & 7)

    def __contains__(self, key: bytes) -> bool:
        return all(self._marks[(place & self._mask) >> 3] & 1 << (place & 7) for place in _PLACES.unpack(key))
