"""Register one image with one mask, wait for its preview, and save it.

    mattebox up                                   # in another terminal
    python examples/register_one_frame.py photo.jpg mask.png

The registry and the token are taken from MATTEBOX_URL and MATTEBOX_TOKEN.
"""

import asyncio
import sys
from pathlib import Path

from mattebox import Frame, Mask, Source
from mattebox.aio import Client


async def main(image: Path, mask: Path) -> None:
    async with Client() as client:
        dataset = await client.ensure_dataset("examples")
        version = await client.ensure_version(dataset.id, "one frame")
        await client.set_mask_labels(version.id, {(1, 1, 1): ["person", "sitting"], (2, 2, 2): ["cat"]})

        source_blob = await client.upload(image)
        mask_blob = await client.upload(mask)
        frame = Frame(id=image.name, sources=[Source(source_blob.uri, masks=[Mask(mask_blob.uri)])])
        added = await client.add_frames(version.id, [frame])
        print(f"{added.created} new, {added.updated} known already, {added.rejected_count} rejected")

        preview = await client.preview(version.id, image.name, size=1024, format="png")
        Path("preview.png").write_bytes(preview.body)
        print(f"preview.png is {preview.state}")

        status = await client.preview_status(version.id, image.name, size=1024, format="png")
        for report in (status.report or {})["masks"]:
            for entry in report["labels"]:
                print(f"{', '.join(entry['labels'])}: {entry['pixels']} pixels ({entry['share']:.1%})")


if __name__ == "__main__":
    if len(sys.argv) != 3 or "--help" in sys.argv:
        sys.exit(__doc__)
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
