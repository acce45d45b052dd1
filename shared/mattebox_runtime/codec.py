"""msgpack as Mattebox writes it to Redis: versioned maps, read with limits."""

from typing import Any

import msgpack

MAX_BYTES = 64 * 1024 * 1024


class CodecError(ValueError):
    """The bytes are not a record this build can read."""


def pack(record: dict[str, Any]) -> bytes:
    """Encode one record; `bytes` stay bytes, `None` stays nil."""
    packed: bytes = msgpack.packb(record)
    return packed


def _refuse_extension(code: int, _data: bytes) -> Any:
    msg = f"msgpack extension type {code} is not used by Mattebox"
    raise CodecError(msg)


def unpack(data: bytes) -> dict[str, Any]:
    """Decode one record.

    Raises:
        CodecError: not msgpack, not a map, or larger than MAX_BYTES.
    """
    if len(data) > MAX_BYTES:
        msg = f"a record of {len(data)} bytes is over the limit of {MAX_BYTES}"
        raise CodecError(msg)
    try:
        record = msgpack.unpackb(data, ext_hook=_refuse_extension, strict_map_key=True)
    except CodecError:
        raise
    except (ValueError, msgpack.exceptions.UnpackException, RecursionError) as error:
        msg = "the bytes are not one msgpack record"
        raise CodecError(msg) from error
    if not isinstance(record, dict):
        msg = "a record is a msgpack map"
        raise CodecError(msg)
    return record
