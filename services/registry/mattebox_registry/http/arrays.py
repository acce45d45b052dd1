"""A body that is one array of frames, cut into its items without reading them."""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Raw, Struct

from mattebox_registry.errors import InvalidInput
from mattebox_registry.http.bodies import bad_json

DENSE_ITEM_BYTES = 16
"""Items that may be shorter than this are cut off one by one: a list of them would be many times the body."""


class _Envelope(Struct):
    frames: list[Raw]


class _UncutEnvelope(Struct):
    frames: Raw


_array_decoder = msgspec.json.Decoder(list[Raw])
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_uncut_envelope_decoder = msgspec.json.Decoder(_UncutEnvelope)
_value_decoder = msgspec.json.Decoder(Raw)
_packed_array_decoder = msgspec.msgpack.Decoder(list[Raw])
_packed_value_decoder = msgspec.msgpack.Decoder(Raw)
_packed_envelope_decoder = msgspec.msgpack.Decoder(_UncutEnvelope)


def split_json(body: bytes) -> Iterable[Raw | bytes]:
    """Give the items of a JSON array, or of `frames` in an object.

    Raises:
        InvalidInput: at once, if the body is not wholly valid or neither of both.
    """
    is_envelope = body.lstrip()[:1] == b"{"
    try:
        if body.count(b",") * DENSE_ITEM_BYTES > len(body):
            uncut = _uncut_envelope_decoder.decode(body).frames if is_envelope else _value_decoder.decode(body)
            return _json_items(_array_of(uncut))
        return _envelope_decoder.decode(body).frames if is_envelope else _array_decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _no_frames() from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_json(body, error) from error


def split_msgpack(body: bytes) -> Iterable[Raw | bytes]:
    """Give the items of a msgpack array, or of `frames` in a map. Raises InvalidInput as `split_json` does."""
    try:
        array = memoryview(_packed_envelope_decoder.decode(body).frames if _is_msgpack_map(body) else body)
        count, start = _msgpack_head(array)
        if count * DENSE_ITEM_BYTES > len(array):
            _packed_value_decoder.decode(array)
            return _msgpack_items(array[start:], count)
        return _packed_array_decoder.decode(array)
    except msgspec.ValidationError as error:
        raise _no_frames() from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidInput("bad_msgpack", "The body is not one valid msgpack value.") from error


def _array_of(uncut: Raw) -> memoryview:
    array = memoryview(uncut)
    if array[0] != ord("["):
        raise _no_frames()
    return array[1:]


def _json_items(rest: memoryview) -> Iterator[bytes]:
    end = _end_of_first(_value_decoder, rest)
    while end is not None:
        # msgspec names the byte after the comma or bracket that it did not expect.
        yield bytes(rest[: end - 1])
        rest = rest[end:]
        end = _end_of_first(_value_decoder, rest)


def _is_msgpack_map(body: bytes) -> bool:
    return 0x80 <= body[0] <= 0x8F or body[0] in {0xDE, 0xDF}


def _msgpack_head(body: memoryview) -> tuple[int, int]:
    """Give the length of the array that begins here, and where its first item is; no array has no items."""
    match body[0]:
        case 0xDC:
            return int.from_bytes(body[1:3]), 3
        case 0xDD:
            return int.from_bytes(body[1:5]), 5
        case first if 0x90 <= first <= 0x9F:
            return first & 0x0F, 1
        case _:
            return 0, 0


def _msgpack_items(rest: memoryview, count: int) -> Iterator[bytes]:
    for _ in range(count):
        end = _end_of_first(_packed_value_decoder, rest)
        yield bytes(rest[:end])
        rest = rest[end:]


def _end_of_first(decoder: msgspec.json.Decoder[Raw] | msgspec.msgpack.Decoder[Raw], rest: memoryview) -> int | None:
    """Find where the first of several values ends; None where there are not several."""
    try:
        decoder.decode(rest)
    except msgspec.DecodeError as error:
        # The only way in which msgspec tells it: "... trailing characters (byte 17)".
        _, found, end = str(error).partition("trailing characters (byte ")
        return int(end.removesuffix(")")) if found else None
    return None


def _no_frames() -> InvalidInput:
    return InvalidInput("invalid_body", 'The body is neither an array of frames nor {"frames": [...]}.')
