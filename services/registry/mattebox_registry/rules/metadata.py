"""A version's metadata: free but for `mask_labels` and `mask_encodings`, which decide how masks are painted."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mattebox.models import MaskEncoding, MaskLabelList, MaskLabels
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.rules.faults import field_error
from mattebox_runtime.labels import LabelsError, check_labels, check_names

STYLE_FIELDS = ("mask_labels", "mask_encodings")


class StyleFields(msgspec.Struct, frozen=True):
    """The metadata fields that previews depend on."""

    mask_labels: MaskLabels = []
    mask_encodings: dict[str, MaskEncoding] = {}


def read_style(metadata: Mapping[str, Any], at: str = "") -> StyleFields:
    """Read the fields that previews depend on; `at` is the path of the metadata in what a client sent.

    Raises:
        InvalidInput: naming the field.
    """
    declared = metadata.get("mask_labels")
    labels = [] if declared is None else read_mask_labels(declared, f"{at}mask_labels")
    return StyleFields(labels, _read_encodings(metadata.get("mask_encodings") or {}, f"{at}mask_encodings"))


def check_style(metadata: Mapping[str, Any]) -> None:
    """Refuse metadata from which a style cannot be read, or whose labels cannot be shown.

    Raises:
        InvalidInput: naming the field.
    """
    read_style(metadata, "metadata.")
    if metadata.get("mask_labels") is not None:
        check_mask_labels(metadata["mask_labels"], "metadata.mask_labels")


def check_mask_labels(declared: object, at: str) -> None:
    """Refuse a mapping that cannot be read, or whose labels cannot be shown; `at` is where it was sent.

    Raises:
        InvalidInput: naming the position.
    """
    labels = read_mask_labels(declared, at)
    try:
        for loc, entries in labels.items() if isinstance(labels, dict) else [("", labels)]:
            check_names(entries, loc)
    except LabelsError as error:
        raise _refusal([_position(labels, error, at)]) from error


def read_mask_labels(declared: object, at: str) -> MaskLabels:
    """Read a mapping in either form; its colours and values are left as declared.

    Raises:
        InvalidInput: naming the position.
    """
    labels: MaskLabels
    if isinstance(declared, dict):
        labels = {mask_id: _read_list(entries, f"{at}.{mask_id}") for mask_id, entries in declared.items()}
    else:
        labels = _read_list(declared, at)
    try:
        check_labels(labels)
    except LabelsError as error:
        raise _refusal([_position(labels, error, at)]) from error
    return labels


def _read_list(entries: object, loc: str) -> MaskLabelList:
    try:
        return msgspec.convert(entries, MaskLabelList)
    except msgspec.ValidationError as error:
        raise _refusal([field_error(error, loc)]) from error


def _read_encodings(declared: object, at: str) -> dict[str, MaskEncoding]:
    loc = at
    try:
        encodings: dict[str, MaskEncoding] = {}
        for mask_id, encoding in msgspec.convert(declared, dict[str, Any]).items():
            loc = f"{at}.{mask_id}"
            encodings[mask_id] = msgspec.convert(encoding, MaskEncoding)
    except msgspec.ValidationError as error:
        raise _refusal([field_error(error, loc)]) from error
    return encodings


def _position(labels: MaskLabels, error: LabelsError, at: str) -> FieldError:
    return FieldError(at + ("." if isinstance(labels, dict) else "") + error.loc, error.message)


def _refusal(errors: list[FieldError]) -> InvalidInput:
    return InvalidInput("invalid_metadata", "The mask labels or encodings cannot be used.", errors)
