"""`mattebox import folder`: a folder of images with a folder of masks."""

from typing import Annotated

import typer

from mattebox.cli.connect import DATA, TOKEN, URL, DataOption, JsonOption, Server, TokenOption, UrlOption
from mattebox.cli.import_command import (
    LEFT_OUT,
    VERSION,
    DatasetOption,
    LeftOutOption,
    Target,
    UploadOption,
    VersionOption,
    WaitOption,
    import_planned,
)
from mattebox.cli.import_layout import add_layout
from mattebox.importers.folder import plan_folder_import
from mattebox.importers.formats import LAYOUTS
from mattebox.importers.places import place_of
from mattebox.models import MaskMode

app = typer.Typer(help="Bring a dataset into the registry.", no_args_is_help=True)

_PAIRING = (
    "The mask of the same name (0001.jpg, 0001.png), and masks whose names begin with it (lemur.png, "
    "lemur_alpha.png). Words that only tell an image from a mask do not count (x_leftImg8bit.png, "
    "x_gtFine_labelIds.png). The rest of the name becomes the mask's id. With --recursive, image and mask lie in "
    "the same subfolder."
)
_LABELS = (
    r'One of these as JSON: \[{"value": \[128, 64, 128], "labels": \["road"]}, ...] · such lists by mask id, with '
    r'_all_ for the others · {"road": \[128, 64, 128], ...} · {"7": "road", ...} for grey values.'
)
EPILOG = f"""\
[bold]Examples[/]

[cyan]mattebox import folder camvid/images --masks camvid/masks --labels labels.json --dataset camvid[/]

[cyan]mattebox import folder photos --masks mattes --mode alpha --dataset portraits[/]

[cyan]mattebox import folder leftImg8bit/val --masks gtFine/val --recursive --dataset cityscapes[/]

[bold]Which mask belongs to which image[/]

{_PAIRING}

[bold]Labels[/]

{_LABELS}

[bold]Again[/]

Run it as often as you like: frames are known by their path and files by their content, so nothing doubles.
"""


@app.callback()
def group() -> None:
    """Bring a dataset into the registry."""


@app.command(epilog=EPILOG)
def folder(  # noqa: PLR0913 - each argument is an option of the command
    *,
    images: Annotated[str, typer.Argument(metavar="IMAGES", help="Folder, or URI, of the images or videos.")],
    masks: Annotated[str, typer.Option(metavar="FOLDER", help="Folder, or URI, of the masks.")],
    dataset: DatasetOption,
    labels: Annotated[str | None, typer.Option(metavar="FILE", help="JSON file that says what values mean.")] = None,
    version: VersionOption = VERSION,
    mode: Annotated[MaskMode, typer.Option(help="How the masks apply: auto segments where labels are given.")] = "auto",
    upload: UploadOption = True,
    wait: WaitOption = True,
    recursive: Annotated[bool, typer.Option("--recursive", help="Look into subfolders too.")] = False,
    left_out: LeftOutOption = LEFT_OUT,
    json: JsonOption = False,
    url: UrlOption = URL,
    token: TokenOption = TOKEN,
    data: DataOption = DATA,
) -> None:
    """Register a folder of images with a folder of masks, and see that every preview is right.

    Ends with code 1 when a frame was not stored or not drawn with all its masks.
    """
    import_planned(
        lambda: plan_folder_import(
            place_of(images),
            place_of(masks),
            labels=place_of(labels) if labels else None,
            mode=mode,
            recursive=recursive,
        ),
        Target(dataset, version, upload, wait, left_out),
        Server(url, token, data),
        json=json,
    )


for known in LAYOUTS:
    add_layout(app, known)
