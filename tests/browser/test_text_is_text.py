"""Whatever people put into names and labels is shown as they wrote it, and never run."""

from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import expect

from support.wait import wait_until
from support.web_viewer import Faults, Viewer, VisitPage

MARKUP = """<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"><svg onload=window.hacked=1>"""
LINK = """javascript:window.hacked=1//' onfocus=window.hacked=1 autofocus='${window.hacked=1}{{window.hacked=1}}"""


def everywhere(text: str) -> dict[str, Any]:
    """Metadata with a text in every place that is shown."""
    labels = [{"value": 1, "labels": [text]}, {"value": 2, "labels": ["b", text]}]
    return {"mask_labels": {"_all_": labels, text: labels}, text: {text: [text, {text: text}]}}


@pytest.mark.parametrize("text", [MARKUP, LINK], ids=["markup", "link"])
async def test_text_is_text(visit: VisitPage, viewer: Viewer, faults: Faults, text: str) -> None:
    """In each field of datasets, versions, labels, metadata, frames, and in the address."""
    async with viewer.client() as client:
        dataset = await client.ensure_dataset(text, description=text, tags=[text], project=text)
        version = await client.ensure_version(dataset.id, text, description=text, metadata=everywhere(text))
        source = {"id": "s", "uri": f"https://127.0.0.1/{text}", "masks": [{"id": text, "uri": f"file:///{text}"}]}
        await client.add_frames(version.id, [{"id": text, "context_id": text, "sources": [source], text: text}])
        await client.wait_for_previews(version.id)
        of_version = f"/versions/{version.id}"
        for path in (
            "/", f"/datasets/{dataset.id}", f"{of_version}/labels", f"{of_version}/metadata", f"{of_version}/info",
            f"{of_version}/frames", f"{of_version}/frames/{quote(text, safe='')}",
        ):  # fmt: skip
            page = await visit(path)
            await expect(page.get_by_text(text).first).to_be_visible()
            await expect(page.locator(".skeleton")).to_have_count(0)
            await expect(page.locator("main script, main [onerror], main [onload], main [onfocus]")).to_have_count(0)
            await expect(page.locator("main a[href^='javascript:']")).to_have_count(0)
            assert await page.evaluate("window.hacked") is None
        await expect(page).to_have_title(f"{text} · Mattebox")
    # Its source is one that is never fetched.
    await wait_until(lambda: bool(faults), description="the preview to be refused")
    faults.expect("422")
