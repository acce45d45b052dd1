"""The words both services, the SDK and the viewer use for how a preview ended.

A reason is a code, never a sentence of a library: no answer holds an internal address, a path or a stack trace.
"""

from typing import Literal, get_args

PreviewState = Literal["pending", "ready", "partial", "failed", "unsupported"]
"""`partial`: drawn without the masks that could not be read. `unsupported`: a type that is never drawn."""

PREVIEW_STATES: tuple[PreviewState, ...] = get_args(PreviewState)

FetchReason = Literal[
    "not_found", "forbidden", "timeout", "too_large", "blocked", "unreachable", "bad_uri", "unsupported_scheme"
]
"""Why bytes could not be had; prefixed with `source_` or `mask_` when told to a client."""

ContentReason = Literal["not_an_image", "too_many_pixels", "no_such_video_frame", "unsupported_type"]
"""Why bytes could not be drawn. Told as it is for a source, prefixed with `mask_` for a mask."""

RunReason = Literal["render_timeout", "render_crashed", "gave_up"]
"""Why a render that had its bytes did not finish."""

EXPLANATIONS: dict[str, str] = {
    "not_found": "Nothing was found at the URI.",
    "forbidden": "The store refused to hand out the file: check the renderer's credentials for it.",
    "timeout": "The store did not deliver the file in time.",
    "too_large": "The file is larger than the renderer's limit in bytes.",
    "blocked": "The URI points to a place the renderer may not read: see --file-root and --allow-cidr.",
    "unreachable": "The host of the URI could not be reached, or broke off while sending.",
    "bad_uri": "The URI cannot be read: it needs a scheme and a path.",
    "unsupported_scheme": "URIs of this scheme are not read: use file, http, https, s3, gs, az or blob.",
    "not_an_image": "The file is not an image or video that can be decoded, or it is damaged.",
    "too_many_pixels": "The image has more pixels than the renderer's limit.",
    "no_such_video_frame": "The video has no frame at this timestamp.",
    "unsupported_type": "Files of this type are never drawn.",
    "render_timeout": "Drawing took longer than the renderer's deadline.",
    "render_crashed": "The drawing process died each time this frame was started.",
    "gave_up": "The frame was started as often as allowed and never finished.",
}
"""One sentence for each code, without the `source_` or `mask_` in front of it."""


def explain(code: str) -> str:
    """Give the sentence that belongs to a reason code, `source_` and `mask_` codes included."""
    bare = code.removeprefix("source_").removeprefix("mask_")
    return EXPLANATIONS.get(bare, "The preview could not be drawn.")
