"""What is exported and imported again is what was there."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mattebox.aio import Client
from mattebox.exporters.frames_json import export_frames_json
from mattebox.importers.frames_json import plan_frames_json
from mattebox.importers.outcome import Progress
from mattebox.importers.register import register
from support.documents import DOCUMENTS, JSON
from support.registry import ADMIN_TOKEN, running_registry

NO_REDIS = "redis://127.0.0.1:1/0"
QUIET = Progress(lambda: None, lambda count: None)


@settings(max_examples=5)
@given(
    st.lists(DOCUMENTS, min_size=1, max_size=20, unique_by=lambda document: document["id"]),
    st.dictionaries(st.sampled_from(["weather", "camera", "Größe"]), JSON.filter(lambda value: value is not None)),
    st.lists(st.binary(min_size=1, max_size=40), max_size=3),
)
async def test_frames_metadata_and_uploads_come_back(
    documents: list[dict[str, Any]], metadata: dict[str, Any], uploads: list[bytes]
) -> None:
    """Into another registry, field by field."""
    labels = [{"value": [7, 7, 7], "labels": ["road"], "color": "#804080"}]
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with running_registry(folder / "there", NO_REDIS) as there, Client(_url(there), ADMIN_TOKEN) as client:
            dataset = await client.create_dataset("d")
            version = await client.create_version(dataset.id, "v", metadata={**metadata, "mask_labels": labels})
            for number, content in enumerate(uploads):
                (folder / "upload").write_bytes(content)
                uri = (await client.upload(folder / "upload")).uri
                documents = [*documents, {"id": f"upload {number}\n", "sources": [{"uri": uri}]}]
            await client.add_frames(version.id, documents)
            before = [frame.document async for frame in client.frames(version.id)]
            exported = await export_frames_json(client, version, folder / "export", lambda count: None)
        assert (exported.frames, exported.files, exported.left_out) == (len(before), len(set(uploads)), [])

        async with running_registry(folder / "here", NO_REDIS) as here, Client(_url(here), ADMIN_TOKEN) as client:
            plan = plan_frames_json(folder / "export")
            dataset = await client.create_dataset("d")
            copy = await client.create_version(dataset.id, "v", metadata=plan.metadata)
            assert (await register(client, copy.id, plan, QUIET, upload=True)).faults == []
            assert [frame.document async for frame in client.frames(copy.id)] == before
            assert copy.metadata == version.metadata
            for content in uploads:
                (folder / "upload").write_bytes(content)
                await client.download((await client.upload(folder / "upload")).uri, folder / "again")
                assert (folder / "again").read_bytes() == content


def _url(server: Any) -> str:
    return str(server.make_url("/")).rstrip("/")
