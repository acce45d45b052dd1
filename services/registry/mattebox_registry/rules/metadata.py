"""A version's metadata: free but for `mask_labels` and `mask_encodings`, which decide how masks are painted."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mattebox.models import MaskEncoding, MaskLabelList, MaskLabels
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.rules.faults import field_error
from mattebox_runtime.labels import LabelsError, check_labels

STYLE_FIELDS = ("mask_labels", "mask_encodings")


class StyleFields(msgspec.Struct, frozen=True):
    """The metadata fields that previews depend on."""

    mask_labels: MaskLabels = []
    mask_encodings: dict[str, MaskEncoding] = {}


def read_style(metadata: Mapping[str, Any]) -> StyleFields:
    """Check the fields that previews depend on.

    Raises:
        InvalidInput: naming the field.
    """
    labels = read_mask_labels(metadata["mask_labels"]) if metadata.get("mask_labels") is not None else []
    encodings = metadata.get("mask_encodings")
    try:
        return StyleFields(labels, msgspec.convert({} if encodings is None else encodings, dict[str, MaskEncoding]))
    except msgspec.ValidationError as error:
        raise _refusal([field_error(error, "mask_encodings")]) from error


def read_mask_labels(declared: object) -> MaskLabels:
    """Check a mapping in either form; its colours and values are left as declared.

    Raises:
        InvalidInput: naming the position.
    """
    if isinstance(declared, dict):
        labels: MaskLabels = {
            mask_id: _read_list(entries, f"mask_labels.{mask_id}") for mask_id, entries in declared.items()
        }
    else:
        labels = _read_list(declared, "mask_labels")
    try:
        check_labels(labels)
    except LabelsError as error:
        separator = "." if isinstance(declared, dict) else ""
        raise _refusal([FieldError(f"mask_labels{separator}{error.loc}", error.message)]) from error
    return labels


def _read_list(entries: object, loc: str) -> MaskLabelList:
    try:
        return msgspec.convert(entries, MaskLabelList)
    except msgspec.ValidationError as error:
        raise _refusal([field_error(error, loc)]) from error


def _refusal(errors: list[FieldError]) -> InvalidInput:
    return InvalidInput("invalid_metadata", "The mask labels or encodings cannot be used.", errors)
