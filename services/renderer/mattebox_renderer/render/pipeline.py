"""From bytes to a preview: decode, apply alpha masks, reduce, paint segmentation masks, encode."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from PIL import Image

from mattebox_renderer.outcome import NOTHING_ELSE, Drawn, DrawRefused, Wish
from mattebox_renderer.render.alpha import AlphaMask, apply_alpha, fit_alpha, read_alpha, reduce_shown
from mattebox_renderer.render.averaging import average_area, can_average
from mattebox_renderer.render.compose import paint_layers
from mattebox_renderer.render.encode import encode
from mattebox_renderer.render.images import decoding
from mattebox_renderer.render.index_map import draw_index_map, label_map, opacity_map, refusal_of_source
from mattebox_renderer.render.kept import NotKept, Scene, keep, read_kept, to_keep
from mattebox_renderer.render.layers import PaintedMask, Style, paint_mask
from mattebox_renderer.render.limits import ContentRefused, Limits
from mattebox_renderer.render.masks import decode_mask, read_pixels, turn_with_source
from mattebox_renderer.render.reports import (
    Report,
    alpha_report,
    failed_report,
    segmentation_report,
    source_report,
)
from mattebox_renderer.render.scale import Size, preview_size
from mattebox_renderer.render.segmentation import segment
from mattebox_renderer.render.sniff import Buffer
from mattebox_renderer.render.source import Source, decode_source
from mattebox_renderer.render.values import read_table
from mattebox_runtime.colors import BLACK, Color, parse_color
from mattebox_runtime.events import Failure
from mattebox_runtime.spec import CONTENT_TYPES, MaskSpec, PreviewFormat, RenderSpec

_ALPHA_SUPERSAMPLING: Final = 2
"""Mattes are applied at no less than twice the preview's size, so that no hair takes colour from behind it."""


_MAX_KEPT_PIXELS: Final = 2**21
"""Of larger previews the picture alone takes longer to encode than the rest to draw."""


class _Drawing(NamedTuple):
    """What one draw works with."""

    spec: RenderSpec
    tables: Mapping[bytes, bytes]
    limits: Limits
    source: Source
    preview: Size
    with_maps: bool


class _Applied(NamedTuple):
    """The masks of a draw, applied or not."""

    alphas: list[AlphaMask]
    layers: list[PaintedMask]
    reports: list[Report]
    failures: list[Failure]
    index_maps: list[bytes | None]


def draw(
    spec: RenderSpec,
    source: Buffer,
    masks: Sequence[Buffer | Failure],
    tables: Mapping[bytes, bytes],
    limits: Limits = Limits(),  # noqa: B008 (immutable)
    *,
    wish: Wish = NOTHING_ELSE,
) -> Drawn:
    """Draw one preview, or the index map that the spec asks for.

    Args:
        spec: What to draw.
        source: Bytes of the source, or of what was kept of a render.
        masks: For each of `spec.masks` its bytes, or why they could not be had (a `mask_` code).
        tables: Packed label tables by digest.
        limits: Bounds on what is decoded.
        wish: What to make beside the preview, or of what.

    Raises:
        DrawRefused: the source cannot be drawn, or the mask of an index map. Of a preview, a mask that cannot be drawn
            is left out and reported.
    """
    if spec.format == "index":
        return draw_index_map(spec, source, masks[0], tables, limits)
    if wish.repaint:
        return _paint(_kept_scene(spec, source, tables), spec.format)
    image_format = spec.format
    has_alpha = any(mask.mode == "alpha" for mask in spec.masks)
    longest = None if spec.size is None else spec.size * (_ALPHA_SUPERSAMPLING if has_alpha else 1)
    try:
        decoded = decode_source(source, spec.source, longest, limits)
    except ContentRefused as refusal:
        raise refusal_of_source(refusal) from refusal
    drawing = _Drawing(spec, tables, limits, decoded, preview_size(decoded.size, spec.size), wish.index_maps)
    applied = _apply_masks(drawing, masks)
    is_kept = wish.keep and _is_worth_keeping(spec, drawing, applied)
    scene = Scene(
        _base(drawing, applied.alphas),
        to_keep(applied.layers) if is_kept else applied.layers,
        {"source": source_report(decoded), "masks": applied.reports},
    )
    drawn = _paint(scene, image_format)
    if applied.failures:
        drawn = msgspec.structs.replace(drawn, state="partial", failure=applied.failures[0])
    return msgspec.structs.replace(
        drawn,
        index_maps=tuple(applied.index_maps) if wish.index_maps else (),
        kept=keep(scene) if is_kept else None,
    )


def _is_worth_keeping(spec: RenderSpec, drawing: _Drawing, applied: _Applied) -> bool:
    width, height = drawing.preview
    return bool(applied.layers) and not applied.failures and not spec.outline and width * height <= _MAX_KEPT_PIXELS


def _kept_scene(spec: RenderSpec, kept: Buffer, tables: Mapping[bytes, bytes]) -> Scene:
    try:
        return read_kept(kept, spec, tables)
    except NotKept as error:
        raise DrawRefused("not_an_image") from error


def _paint(scene: Scene, image_format: PreviewFormat) -> Drawn:
    picture = paint_layers(scene.picture, scene.layers) if scene.layers else scene.picture
    body = encode(picture, image_format)
    return Drawn("ready", body, CONTENT_TYPES[image_format], picture.width, picture.height, scene.report)


def _apply_masks(drawing: _Drawing, masks: Sequence[Buffer | Failure]) -> _Applied:
    applied = _Applied([], [], [], [], [])
    for spec, content in zip(drawing.spec.masks, masks, strict=True):
        try:
            if isinstance(content, Failure):
                failure = Failure(content.code, spec.id)
            else:
                _apply_mask(drawing, spec, content, applied)
                continue
        except ContentRefused as refusal:
            failure = Failure(f"mask_{refusal.reason}", spec.id)
        applied.failures.append(failure)
        applied.reports.append(failed_report(spec, failure.code))
        applied.index_maps.append(None)
    return applied


def _apply_mask(drawing: _Drawing, spec: MaskSpec, content: Buffer, applied: _Applied) -> None:
    source = drawing.source
    mask = turn_with_source(decode_mask(content, spec, drawing.limits), source.orientation, source.size)
    if spec.mode == "alpha":
        with decoding():
            alpha = read_alpha(mask.image)
        applied.alphas.append(_alpha_mask(drawing, spec, alpha))
        applied.reports.append(alpha_report(spec, mask, source.size, alpha))
        applied.index_maps.append(opacity_map(alpha, source.size, drawing.preview) if drawing.with_maps else None)
        return
    table = read_table(drawing.tables[spec.table] if spec.table is not None else b"")
    segmented = segment(read_pixels(mask), table, spec.encoding, is_lossy=mask.lossy)
    style = Style(spec.opacity, drawing.spec.unmapped, drawing.spec.outline)
    applied.layers.append(paint_mask(segmented, table, style, source.size, drawing.preview))
    applied.reports.append(segmentation_report(spec, mask, source.size, segmented, table))
    applied.index_maps.append(label_map(segmented, table, drawing.preview) if drawing.with_maps else None)


def _alpha_mask(drawing: _Drawing, spec: MaskSpec, alpha: Image.Image) -> AlphaMask:
    working = drawing.source.image.size
    samples = fit_alpha(alpha, working, exact=working == drawing.source.size)
    return AlphaMask(samples, spec.opacity, parse_color(spec.tint) if spec.tint else None)


def _base(drawing: _Drawing, alphas: list[AlphaMask]) -> Image.Image:
    """Give the source at the preview's size, shown through its alpha masks."""
    image, background = drawing.source.image, _background(drawing.spec)
    is_reduced = image.size != drawing.preview and can_average(image.size, drawing.preview)
    if is_reduced and len(alphas) == 1 and image.mode == "RGB":
        return reduce_shown(image, alphas[0], background, drawing.preview)
    if alphas:
        image = apply_alpha(image, alphas, background)
    if image.size != drawing.preview:
        image = average_area(image, drawing.preview)
    if image.mode == "RGBA" and background:
        return apply_alpha(image, [], background)
    return image


def _background(spec: RenderSpec) -> Color | None:
    if spec.background is not None:
        return parse_color(spec.background)
    return BLACK if spec.format == "jpeg" else None
