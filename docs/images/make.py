"""Make the pictures of the README and of its tour from a running `mattebox demo`.

mattebox demo                    # in another terminal
python docs/images/make.py

The registry and the token are taken from MATTEBOX_URL and MATTEBOX_TOKEN, or from the demo's data directory.
"""

import asyncio
from pathlib import Path

from PIL import Image

from mattebox.aio import Client
from mattebox_runtime.demo import labels
from mattebox_runtime.demo.register import DATASET
from mattebox_runtime.demo.sheet import write_sample
from mattebox_runtime.demo.street import draw_street_frame

HERE = Path(__file__).parent
TOUR_FRAME = 33
TOUR_SIZE = (640, 360)


def write_tour_pair() -> None:
    """Write the tour's photo and its mask: 1 where a person is, else 0."""
    street = draw_street_frame(TOUR_FRAME, TOUR_SIZE)
    street.picture.save(HERE / "tour-photo.jpg", quality=88)
    people = (street.labels == labels.PERSON) | (street.labels == labels.RIDER)
    Image.fromarray(people.astype("uint8")).save(HERE / "tour-mask.png", optimize=True)


async def write_readme_sample() -> None:
    """Write the README's first picture from the demo's own previews."""
    async with Client() as client:
        dataset = await anext(client.datasets(name=DATASET))
        version = await anext(client.versions(dataset.id))
        await write_sample(client, version.id, HERE / "sample.webp")


if __name__ == "__main__":
    write_tour_pair()
    asyncio.run(write_readme_sample())
