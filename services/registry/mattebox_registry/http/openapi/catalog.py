"""Datasets, versions, mask labels and tokens."""

from msgspec import Struct

from mattebox.answers import Dataset, DatasetPage, MaskLabelTable, NewToken, Token, TokenPage, Version, VersionPage
from mattebox.models import MaskLabels
from mattebox.statistics import VersionStatistics
from mattebox_registry.http.openapi.model import (
    JSON,
    NO_CONTENT,
    NOT_FOUND,
    PAGING,
    Body,
    Operation,
    Parameter,
    Part,
    answer,
    string,
)
from mattebox_registry.rules.catalog import DatasetChanges, DatasetFields, VersionChanges, VersionFields
from mattebox_registry.rules.tokens import TokenFields


class MaskLabelsBody(Struct):
    """A mapping in the list form, or in the dictionary form with `_all_` and mask ids."""

    mask_labels: MaskLabels


_NAME = Parameter("name", "Only the one of exactly this name.", string())
_SEARCH = Parameter("search", "Only those that hold this text in name, description, tags or project.", string())
_FORCE = Parameter("force", "Delete what is published too.", {"type": "boolean", "default": False})
_INVALID = {400: "invalid_body, bad_json", 415: "wrong_content_type"}
_BAD_QUERY = {400: "bad_parameter, bad_cursor"}
_BAD_METADATA = {400: "invalid_body, invalid_metadata, bad_json", 415: "wrong_content_type"}
_TAKEN = {409: "name_taken"}
_PUBLISHED = {409: "version_published"}
_LABELS_ETAG = "Changes with the mapping, and with `mask_encodings`."

_LABELS_EXAMPLE = {
    "mask_labels": [
        {"value": [128, 64, 128], "labels": ["road"]},
        {"value": [0, 0, 142], "labels": ["vehicle", "car"], "color": "#3366ff"},
    ]
}

DATASETS = Part(
    "Datasets",
    "A dataset is a named collection of versions.",
    (
        Operation(
            "POST", "/api/v1/datasets", "Create a dataset", "ingest",
            {201: answer("The new dataset.", Dataset)},
            body=Body("The dataset.", {JSON: DatasetFields}, {"name": "street drive", "tags": ["demo"]}),
            problems=_INVALID | {409: "name_taken; `existing_id` is the dataset that has the name"},
        ),
        Operation(
            "GET", "/api/v1/datasets", "List datasets", "read",
            {200: answer("Datasets by name.", DatasetPage)}, (_NAME, _SEARCH, *PAGING), problems=_BAD_QUERY,
        ),
        Operation(
            "GET", "/api/v1/datasets/{dataset}", "Read a dataset", "read",
            {200: answer("The dataset.", Dataset)}, problems=NOT_FOUND,
        ),
        Operation(
            "PATCH", "/api/v1/datasets/{dataset}", "Change a dataset", "ingest",
            {200: answer("The dataset as it is now.", Dataset)},
            body=Body("The fields to set.", {JSON: DatasetChanges}, {"description": "Forty frames of one drive."}),
            problems=_INVALID | NOT_FOUND | _TAKEN,
        ),
        Operation(
            "DELETE", "/api/v1/datasets/{dataset}", "Delete a dataset", "ingest",
            {204: NO_CONTENT}, (_FORCE,), problems=NOT_FOUND | {409: "has_published_versions"},
            description="With all of its versions and frames. Published versions are deleted on `force=true` only.",
        ),
    ),
)  # fmt: skip

VERSIONS = Part(
    "Versions",
    "A version holds frames. It is a draft until it is published, and read-only from then on.",
    (
        Operation(
            "POST", "/api/v1/datasets/{dataset}/versions", "Create a version", "ingest",
            {201: answer("The new draft.", Version)},
            body=Body("The version.", {JSON: VersionFields}, {"name": "v1"}),
            problems=_BAD_METADATA | NOT_FOUND | {409: "name_taken, parent_not_published, too_many_ancestors"},
            description="`parent_id` names a published version from which the new one inherits: it begins with all "
            "frames, mask labels and metadata of its parent, at once and without copying them. A frame that is put "
            "under an inherited id takes its place, one that is deleted is gone, here and not in the parent. "
            "`metadata` is merged into that of the parent, and null takes a field out. Previews are shared where both "
            "look the same; `inherited_from` in a frame's `preview` names the version that it was registered in.",
        ),
        Operation(
            "GET", "/api/v1/datasets/{dataset}/versions", "List versions", "read",
            {200: answer("Versions by name.", VersionPage)}, (_NAME, *PAGING), problems=_BAD_QUERY | NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}", "Read a version", "read",
            {200: answer("The version.", Version)}, problems=NOT_FOUND,
        ),
        Operation(
            "PATCH", "/api/v1/versions/{version}", "Change a version", "ingest",
            {200: answer("The version as it is now.", Version)},
            body=Body("The fields to set; of `metadata`, those named, and null takes one out.", {JSON: VersionChanges},
                      {"metadata": {"mask_encodings": {"panoptic": "panoptic"}}}),
            problems=_BAD_METADATA | NOT_FOUND | {409: "name_taken, version_published"},
        ),
        Operation(
            "DELETE", "/api/v1/versions/{version}", "Delete a version", "ingest",
            {204: NO_CONTENT}, (_FORCE,), problems=NOT_FOUND | {409: "version_published, has_children"},
            description="Its parent stays as it is. A version that others inherit from is kept, also with `force`: "
            "delete those first.",
        ),
        Operation(
            "POST", "/api/v1/versions/{version}/publish", "Publish a version", "ingest",
            {200: answer("The published version.", Version)}, problems=NOT_FOUND,
            description="Publishing twice changes nothing.",
        ),
        Operation(
            "PUT", "/api/v1/versions/{version}/mask-labels", "Set the mask labels", "ingest",
            {200: answer("The mapping, every entry with its colour and opacity.", MaskLabelTable, ETag=_LABELS_ETAG)},
            (Parameter("If-Match", "The `ETag` of the mapping that is to be replaced, or `*`.", string(), "header"),),
            body=Body("What each pixel value means.", {JSON: MaskLabelsBody}, _LABELS_EXAMPLE),
            problems=_BAD_METADATA | NOT_FOUND | _PUBLISHED | {412: "labels_changed"},
            description="Frames whose default preview looks different under the new mapping are drawn again. With "
            "`If-Match` a mapping that somebody else changed meanwhile is not overwritten.",
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/mask-labels", "Read the mask labels", "read",
            {200: answer("The mapping, every entry with its colour and opacity.", MaskLabelTable, ETag=_LABELS_ETAG)},
            problems=NOT_FOUND,
        ),
        Operation(
            "GET", "/api/v1/versions/{version}/statistics", "Count labels and unmapped values", "read",
            {200: answer("The sums as far as they are known.", VersionStatistics)},
            problems={400: "bad_parameter"} | NOT_FOUND,
            description="Adds up the mask reports of the frames' default previews: pixels, share and frames of each "
            "label, and the values that nothing declares. The first request begins to count in the background and "
            "answers at once; ask again until `current` is true. Where frames, labels or previews change, the next "
            "request begins anew, and the sums of before are told meanwhile unless the labels changed.",
        ),
    ),
)  # fmt: skip

TOKENS = Part(
    "Tokens",
    "Who may call: tokens with scopes. `admin` may do everything, `ingest` may write and read, `read` may read.",
    (
        Operation(
            "POST", "/api/v1/tokens", "Create a token", "admin",
            {201: answer("The token with its secret, told this once.", NewToken)},
            body=Body("The token.", {JSON: TokenFields}, {"name": "pipeline", "scopes": ["ingest"]}),
            problems=_INVALID,
        ),
        Operation(
            "GET", "/api/v1/tokens", "List tokens", "admin",
            {200: answer("All tokens, revoked ones too, without their secrets, oldest first.", TokenPage)},
        ),
        Operation(
            "DELETE", "/api/v1/tokens/{token}", "Revoke a token", "admin",
            {200: answer("The token, refused from now on.", Token)}, problems=NOT_FOUND,
        ),
    ),
)  # fmt: skip
