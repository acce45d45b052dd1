"""Register frames while another task watches their previews as they are drawn.

    mattebox up                                   # in another terminal
    python examples/watch_previews.py photo.jpg mask.png

The registry and the token are taken from MATTEBOX_URL and MATTEBOX_TOKEN.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from mattebox import Frame, Mask, Source
from mattebox.aio import Client
from mattebox.answers import PreviewChanged

COUNT = 10


async def watch(client: Client, version_id: str, watching: asyncio.Event) -> None:
    """Print each preview that is done, until all are."""
    done: set[str] = set()
    async for event in client.events(version_id):
        watching.set()
        if isinstance(event, PreviewChanged) and event.state != "pending":
            done.add(event.frame_id)
            print(f"{event.frame_id} is {event.state}")
        if len(done) == COUNT:
            return


async def main(image: Path, mask: Path) -> None:
    async with Client() as client:
        dataset = await client.ensure_dataset("examples")
        version = await client.ensure_version(dataset.id, "watched")
        await client.delete_frames(version.id, [f"frame {number}" for number in range(COUNT)])
        source_uri = (await client.upload(image)).uri
        mask_uri = (await client.upload(mask)).uri

        def frames() -> Iterator[Frame]:
            for number in range(COUNT):
                # A timestamp of its own makes each frame a picture of its own.
                source = Source(source_uri, timestamp=number, masks=[Mask(mask_uri)])
                yield Frame(id=f"frame {number}", sources=[source])

        watching = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(watch(client, version.id, watching), name="watch")
            await watching.wait()
            await client.add_frames(version.id, frames())


if __name__ == "__main__":
    if len(sys.argv) != 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
