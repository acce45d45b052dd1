"""Make the pictures of docs/rendering.md: `python docs/images/make_rendering.py [DIRECTORY]`.

With a directory, the files that the page's commands name are written there, and no picture is.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import colorcet
import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps
from rendering_inputs import write_inputs

from mattebox_registry.http.preview_query import read_preview_query
from mattebox_renderer import MaskInput, render_index_map, render_preview

PICTURES = Path(__file__).parent / "rendering"
WIDTH = 480

Box = tuple[int, int, int, int]
Finish = Callable[[Image.Image], Image.Image]


class Scene(NamedTuple):
    """A picture with its masks and labels, as `mattebox render` takes them."""

    source: str
    masks: tuple[str, ...] = ()
    """`FILE` or `FILE=MODE`; the file name without its ending is the mask's id."""
    labels: str | None = None


STREET = Scene("street.jpg", ("classes.png",), "labels.json")
LION = Scene("lion.jpg", ("matte.png",))
CROWD = Scene("street.jpg", ("people.png=alpha", "vehicles.png=alpha", "classes.png"), "things.json")
TWO_MATTES = Scene("street.jpg", ("people.png", "vehicles.png"))
BY_INDEX = STREET._replace(labels="ids.json")
DRIVE = Scene("drive.mp4", ("masks.mkv",), "labels.json")
POLES = Scene("poles.jpg", ("poles.png",), "poles.json")


@dataclass(frozen=True)
class Shot:
    """A preview: the scene, the query, and fields of the frame's masks."""

    scene: Scene
    query: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    finish: Finish | None = None
    """What is done to the preview in full size, where the page shows a part of it."""

    @property
    def caption(self) -> str:
        """The query or the fields, as the page says them over the picture."""
        fields = ", ".join(f'"{name}": {_json(value)}' for name, value in self.fields.items())
        return " ".join(f"`{words}`" for words in (fields, self.query) if words)


def _json(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def magnified(box: Box, times: int = 3) -> Finish:
    """Cut out a box and show each of its pixels as a square."""
    return lambda image: ImageOps.scale(image.crop(box), times, Image.Resampling.NEAREST)


MAGENTA = "unmapped=%23ff00ff"
AT_THE_CROSSING = magnified((520, 225, 680, 315))
AT_THE_MANE = magnified((500, 130, 620, 220), 4)

SHOTS: dict[str, Shot] = {
    "source": Shot(STREET, "masks="),
    "segmentation": Shot(STREET),
    "opacity-low": Shot(STREET, "opacity=0.3"),
    "opacity-full": Shot(STREET, "opacity=1"),
    "opacity-labels": Shot(STREET._replace(labels="faint.json"), "opacity=0.9"),
    "hide-vehicles": Shot(STREET, "hide=vehicle"),
    "hide-scenery": Shot(STREET, "hide=sky,building,vegetation,road"),
    "forgotten": Shot(STREET._replace(labels="forgetful.json")),
    "unmapped": Shot(STREET._replace(labels="forgetful.json"), MAGENTA),
    "outline": Shot(STREET, "outline=3"),
    "outline-only": Shot(STREET, "opacity=0&outline=3"),
    "lion": Shot(LION, "masks="),
    "alpha": Shot(LION),
    "background": Shot(LION, "background=%23f4efe6"),
    "transparent": Shot(LION, "background=transparent"),
    "alpha-opacity": Shot(LION, "opacity=0.75"),
    "tint": Shot(LION, "tint.matte=%2300b4ff"),
    "two-mattes": Shot(TWO_MATTES),
    "two-tints": Shot(TWO_MATTES, "tint.people=%23ff2d78&tint.vehicles=%2300c8ff"),
    "two-opacities": Shot(TWO_MATTES, "opacity.people=0.7"),
    "labels-over-mattes": Shot(CROWD, "opacity=0.8"),
    "soft": Shot(LION, "background=%23f4efe6", finish=AT_THE_MANE),
    "hard": Shot(LION._replace(masks=("hard.png",)), "background=%23f4efe6", finish=AT_THE_MANE),
    "cutout": Shot(LION._replace(masks=("cutout.png",)), "background=%23203040"),
    "faded": Shot(LION._replace(masks=("faded.png",)), "background=%23203040"),
    "palette-rgb": Shot(BY_INDEX, MAGENTA, {"encoding": "rgb"}),
    "palette-index": Shot(BY_INDEX, MAGENTA, {"encoding": "index"}),
    "palette-auto": Shot(BY_INDEX, MAGENTA, {"encoding": "auto"}),
    "segments-file": Shot(Scene("segments.png")),
    "panoptic": Shot(Scene("street.jpg", ("segments.png",), "segments.json"), "", {"encoding": "panoptic"}),
    "exact": Shot(STREET, f"opacity=1&{MAGENTA}", finish=AT_THE_CROSSING),
    "lossy": Shot(STREET._replace(masks=("classes.jpg",)), f"opacity=1&{MAGENTA}", finish=AT_THE_CROSSING),
    "unsnapped": Shot(STREET._replace(masks=("decoded.png",)), f"opacity=1&{MAGENTA}", finish=AT_THE_CROSSING),
    "stretched": Shot(STREET._replace(masks=("small.png",))),
    "misfit": Shot(STREET._replace(masks=("square.png",))),
    "upright": Shot(Scene("phone.jpg", ("phone-matte.png",)), "background=%23203040"),
    "video-0": Shot(DRIVE, "", {"timestamp": 0}),
    "video-300": Shot(DRIVE, "", {"timestamp": 300}),
    "video-600": Shot(DRIVE, "", {"timestamp": 600}),
}


def draw_shot(shot: Shot, inputs: Path) -> bytes:
    """Draw a preview as a registry would for its query, WebP."""
    size, image_format = (WIDTH, "webp") if shot.finish is None else ("full", "png")
    query = parse_qsl(f"{shot.query}&size={size}&format={image_format}", keep_blank_values=True)
    options = read_preview_query(query, None).options
    masks: dict[str, MaskInput] = {}
    for given in shot.scene.masks:
        file, _, mode = given.partition("=")
        mask_id = Path(file).stem
        masks[mask_id] = MaskInput(
            inputs / file,
            mode=options.mask_modes.get(mask_id, mode or None),
            opacity=options.mask_opacities.get(mask_id),
            tint=options.tints.get(mask_id),
            **shot.fields,
        )
    preview = render_preview(
        inputs / shot.scene.source,
        {mask_id: masks[mask_id] for mask_id in (masks if options.masks is None else options.masks)},
        mask_labels=inputs / shot.scene.labels if shot.scene.labels else None,
        timestamp=shot.fields.get("timestamp"),
        **{name: getattr(options, name) for name in _CHOICES},
    )
    return preview.data if shot.finish is None else webp(shot.finish(opened(preview.data)))


_CHOICES = ("size", "format", "mode", "opacity", "background", "hide", "unmapped", "outline")


def opened(data: bytes) -> Image.Image:
    """Decode a picture."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def webp(image: Image.Image, **options: Any) -> bytes:
    """Encode a picture that was put together."""
    body = BytesIO()
    image.save(body, "WEBP", **({"quality": 86} | options))
    return body.getvalue()


def draw_stored(inputs: Path) -> bytes:
    """Show the telephone's picture as its pixels are stored: a Pillow image is taken without its EXIF."""
    with Image.open(inputs / "phone.jpg") as stored:
        return render_preview(stored, size=360).data


POLES_BOX = (216, 30, 336, 98)


def draw_reduced(inputs: Path) -> bytes:
    """Magnify thin things as Mattebox reduces them."""
    preview = render_preview(
        inputs / POLES.source,
        [inputs / POLES.masks[0]],
        mask_labels=inputs / "poles.json",
        size=640,
        opacity=1.0,
        format="png",
    )
    return webp(magnified(POLES_BOX, 4)(opened(preview.data)), lossless=True)


def draw_nearest(inputs: Path) -> bytes:
    """Magnify thin things as they look when the mask's values are reduced first, to the nearest."""
    small = opened(render_preview(inputs / POLES.source, size=640, format="png").data)
    with Image.open(inputs / POLES.masks[0]) as mask:
        nearest = mask.resize(small.size, Image.Resampling.NEAREST)
    preview = render_preview(small, [nearest], mask_labels=inputs / "poles.json", opacity=1.0, format="png")
    return webp(magnified(POLES_BOX, 4)(opened(preview.data)), lossless=True)


def draw_index_map(inputs: Path) -> bytes:
    """Show the index map of the classes: each index in a colour of Glasbey's, 0 in black."""
    found = render_index_map(
        inputs / "street.jpg", inputs / "classes.png", mask_labels=inputs / "labels.json", size=WIDTH
    )
    colors = np.array([(0, 0, 0), *colorcet.glasbey_hv])
    shown = (colors[np.asarray(opened(found.data))] * 255).astype(np.uint8)
    return webp(Image.fromarray(shown), lossless=True)


def draw_opacity_map(inputs: Path) -> bytes:
    """Show the index map of a matte, from black at 0 over red to white at 255."""
    found = render_index_map(inputs / "lion.jpg", inputs / "matte.png", size=WIDTH)
    shown = (np.array(colorcet.linear_kryw_0_100_c71)[np.asarray(opened(found.data))] * 255).astype(np.uint8)
    return webp(Image.fromarray(shown).crop((0, 30, WIDTH, 300)))


NAMES = (
    *("person", "rider", "car", "truck", "bus", "train", "bicycle", "motorcycle"),
    *("road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "sky"),
    *("vegetation", "terrain", "water", "dog", "cat", "chair", "table", "window"),
)
_COLUMNS, _SWATCH = 8, (116, 56)


def draw_colors(_inputs: Path) -> bytes:
    """Paint a swatch for each of some labels, and write its name on it."""
    columns, (width, height) = _COLUMNS, _SWATCH
    ids = np.arange(1, len(NAMES) + 1, dtype=np.uint8).reshape(-1, columns)
    mask = np.repeat(np.repeat(ids, height, axis=0), width, axis=1)
    paper = np.full((*mask.shape, 3), 255, np.uint8)
    meanings = {number: [name] for number, name in enumerate(NAMES, 1)}
    painted = opened(
        render_preview(paper, [mask], mask_labels=meanings, opacity=1.0, size=None, format="png").data
    ).convert("RGB")
    lightness = np.asarray(painted.convert("L"))
    draw, font = ImageDraw.Draw(painted), ImageFont.load_default(15)
    for number, name in enumerate(NAMES):
        x, y = number % columns * width + width // 2, number // columns * height + height // 2
        ink = "white" if lightness[y, x] < 140 else "#101418"
        draw.text((x, y), name, ink, font, anchor="mm")
    return webp(rounded(painted, 10), quality=92)


OVERVIEW = ("source", "segmentation", "outline", "hide-scenery", "lion", "transparent", "two-tints", "panoptic")
_TILE, _GAP, _TILES_IN_A_ROW = (304, 171), 12, 4


def draw_overview(inputs: Path) -> bytes:
    """Show several pictures of the page as one strip, with nothing between them."""
    width, height = _TILE
    rows = -(-len(OVERVIEW) // _TILES_IN_A_ROW)
    strip = Image.new("RGBA", (_TILES_IN_A_ROW * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP))
    for position, name in enumerate(OVERVIEW):
        row, column = divmod(position, _TILES_IN_A_ROW)
        tile = ImageOps.fit(opened(draw_shot(SHOTS[name], inputs)).convert("RGBA"), _TILE, centering=(0.5, 0.4))
        strip.alpha_composite(rounded(tile, 10), (column * (width + _GAP), row * (height + _GAP)))
    return webp(strip)


def rounded(image: Image.Image, radius: int) -> Image.Image:
    """Cut the corners off."""
    corners = Image.new("L", (image.width * 4, image.height * 4))
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, corners.width - 1, corners.height - 1), radius * 4, 255)
    cut = Image.new("RGBA", image.size)
    cut.paste(image.convert("RGBA"), mask=corners.reduce(4))
    return cut


SPECIAL: dict[str, Callable[[Path], bytes]] = {
    "overview": draw_overview,
    "stored": draw_stored,
    "reduced": draw_reduced,
    "nearest": draw_nearest,
    "colors": draw_colors,
    "index-map": draw_index_map,
    "opacity-map": draw_opacity_map,
}


def draw_picture(name: str, inputs: Path) -> bytes:
    """Draw one picture of the page by its name, given the directory that `write_inputs` filled."""
    return SPECIAL[name](inputs) if name in SPECIAL else draw_shot(SHOTS[name], inputs)


def make_pictures() -> None:
    """Write all pictures of the page."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        inputs = Path(directory)
        write_inputs(inputs)
        for name in (*SPECIAL, *SHOTS):
            (PICTURES / f"{name}.webp").write_bytes(draw_picture(name, inputs))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write_inputs(Path(sys.argv[1]))
    else:
        make_pictures()
