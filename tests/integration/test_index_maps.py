"""Index maps over HTTP, drawn by a real renderer."""

import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from PIL import Image

from mattebox.aio import Client
from mattebox.errors import Invalid, NotFound, PreviewFailed
from mattebox.models import Frame, Mask, MaskLabel, Source
from support.live_stack import LiveRegistry

SIZE = (96, 48)
LABELS = [
    MaskLabel([200, 3, 9], ["pole"], "#ff0000", 0.5),
    MaskLabel(7, ["road", "drivable"]),
    MaskLabel([9, 9, 9], ["void"], ignore=True),
]
IDS = np.kron(np.arange(8).reshape(2, 4), np.ones((24, 24), int)) % 4
"""Blocks of 24 pixels: nothing declared, then each of the labels by value."""
COLORS = np.array([(0, 0, 0), (7, 7, 7), (9, 9, 9), (200, 3, 9)], np.uint8)
INDICES = np.array([0, 3, 2, 1], np.uint8)
"""In the legend colours come before numbers; what is ignored has its number as well."""


@pytest.fixture(scope="module")
def folder(readable: Path) -> Path:
    """Pictures, masks, and what is none."""
    folder = readable / "index maps"
    folder.mkdir()
    Image.new("RGB", SIZE, (10, 90, 30)).save(folder / "source.jpg")
    Image.fromarray(COLORS[IDS]).save(folder / "classes.png")
    Image.fromarray((IDS * 85).astype(np.uint8)).save(folder / "matte.png")
    Image.fromarray((IDS * 100).astype(np.uint16)).save(folder / "many.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    return folder


@pytest.fixture
async def http(registry: LiveRegistry) -> AsyncIterator[aiohttp.ClientSession]:
    """The same without a calls."""
    async with aiohttp.ClientSession(registry.url, headers={"Authorization": f"Bearer {registry.token}"}) as session:
        yield session


@pytest.fixture
async def version(calls: Client, folder: Path, request: pytest.FixtureRequest) -> str:
    """A version of the test's own, with one frame of all kinds of masks."""
    dataset = await calls.ensure_dataset(request.node.name)
    version = await calls.ensure_version(dataset.id, "first")
    await calls.set_mask_labels(version.id, LABELS)
    many = [MaskLabel(value, [f"segment {value}"]) for value in range(301)]
    masks = [
        Mask(uri_of(folder / "classes.png"), "classes"),
        Mask(uri_of(folder / "matte.png"), "matte", mode="alpha"),
        Mask(uri_of(folder / "many.png"), "many", labels=many),
        Mask(uri_of(folder / "gone.png"), "gone"),
        Mask(uri_of(folder / "late.png"), "late"),
        Mask(uri_of(folder / "broken.png"), "broken"),
    ]
    await calls.add_frames(version.id, [Frame(id="f", sources=[Source(uri_of(folder / "source.jpg"), masks=masks)])])
    return version.id


def uri_of(file: Path) -> str:
    return f"file://{file}"


def url(version: str, query: str) -> str:
    """The path of an index map of the frame."""
    return f"/api/v1/versions/{version}/frames/f/preview/index?{query}"


def pixels(body: bytes) -> np.ndarray:
    """Decode a map."""
    with Image.open(io.BytesIO(body)) as image:
        assert image.format == "PNG"
        return np.asarray(image)


async def get(http: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, Any, aiohttp.ClientResponse]:
    """Give status, body and answer; JSON bodies decoded."""
    async with http.get(path, headers=headers) as answer:
        is_json = answer.content_type.endswith("json")
        return answer.status, await (answer.json() if is_json else answer.read()), answer


async def test_each_pixel_is_the_index_of_its_entry_in_the_legend(calls: Client, version: str) -> None:
    """At the size of the preview; the legend names the entries with their colours."""
    found = await calls.index_map(version, "f", "classes", timeout=30)
    np.testing.assert_array_equal(pixels(found.body), INDICES[IDS])
    legend = found.legend
    assert (legend.mask, legend.kind, legend.bits, legend.opacity) == ("classes", "labels", 8, 0.6)
    assert [(entry.index, entry.value, entry.labels, entry.ignore) for entry in legend.entries] == [
        (1, [200, 3, 9], ["pole"], False),
        (2, [9, 9, 9], ["void"], True),
        (3, 7, ["road", "drivable"], False),
    ]
    assert (legend.entries[0].color, legend.entries[0].opacity) == ("#ff0000", 0.5)
    smaller = await calls.index_map(version, "f", "classes", size=64, timeout=30)
    assert pixels(smaller.body).shape == (32, 64)
    assert smaller.legend.url.endswith("/preview/index?mask=classes&size=64")


async def test_an_alpha_mask_gives_its_opacity(calls: Client, version: str) -> None:
    """Eight bits, no entries."""
    found = await calls.index_map(version, "f", "matte", size="full", timeout=30)
    np.testing.assert_array_equal(pixels(found.body), IDS * 85)
    assert (found.legend.kind, found.legend.entries) == ("opacity", [])
    luma = await calls.index_map(version, "f", "classes", size="full", mode="alpha", timeout=30)
    np.testing.assert_array_equal(pixels(luma.body), np.asarray(Image.fromarray(COLORS[IDS]).convert("L")))
    assert luma.legend.url.endswith("/preview/index?mask=classes&size=full&mode=alpha")


async def test_more_than_255_entries_take_16_bits(calls: Client, version: str) -> None:
    """The frame's own labels come first, the version's after them; all are sorted by their values."""
    found = await calls.index_map(version, "f", "many", timeout=30)
    by_index = {entry.index: entry.value for entry in found.legend.entries}
    samples = pixels(found.body)
    assert (samples.dtype.itemsize, found.legend.bits) == (2, 16)
    declared = (IDS * 100)[samples > 0]
    assert [by_index[index] for index in samples[samples > 0].tolist()] == declared.tolist()
    assert (samples > 0).all()


async def test_maps_are_cached_as_previews_are(http: aiohttp.ClientSession, version: str) -> None:
    """202 and where to ask again, then 200 with the key as its tag, then 304."""
    status, body, answer = await get(http, url(version, "mask=classes&size=160"))
    if status == 202:
        assert body["state"] == "pending"
        assert int(answer.headers["Retry-After"]) >= 1
        assert answer.headers["Location"] == body["status_url"] == url(version, "mask=classes&size=160")
    status, _, answer = await get(http, url(version, "mask=classes&size=160&wait=20"))
    assert (status, answer.content_type) == (200, "image/png")
    tag = answer.headers["ETag"]
    for query in ("mask=classes&size=160", "size=160&mask=classes"):
        for _ in range(2):
            status, picture, answer = await get(http, url(version, query), **{"If-None-Match": tag})
            assert (status, picture, answer.headers["ETag"]) == (304, b"", tag)


async def test_other_colours_leave_the_map_as_it_is(calls: Client, http: aiohttp.ClientSession, version: str) -> None:
    """Key and pixels stay, the legend has the new colour; another value makes another map."""
    first = await calls.index_map(version, "f", "classes", timeout=30)
    repainted = [MaskLabel([200, 3, 9], ["mast"], "#00ff00", 0.9), *LABELS[1:]]
    await calls.set_mask_labels(version, repainted)
    status, _, _ = await get(http, url(version, "mask=classes"), **{"If-None-Match": f'"{first.key}"'})
    assert status == 304
    again = await calls.index_map(version, "f", "classes", timeout=30)
    assert (again.key, again.body) == (first.key, first.body)
    assert (again.legend.entries[0].labels, again.legend.entries[0].color) == (["mast"], "#00ff00")
    await calls.set_mask_labels(version, [*repainted, MaskLabel([0, 0, 0], ["sky"])])
    other = await calls.index_map(version, "f", "classes", timeout=30)
    assert other.key != first.key
    assert pixels(other.body)[0, 0] == 1


async def test_the_status_of_a_preview_lists_the_maps_of_all_masks(calls: Client, version: str) -> None:
    """Whatever the query draws, and before anything is drawn."""
    listed = []
    for options in ({}, {"masks": ["matte"], "hide": ["pole"], "opacity": 0.1, "outline": 2}):
        status = await calls.preview_status(version, "f", **options)  # type: ignore[arg-type]
        assert [legend.mask for legend in status.index] == ["classes", "matte", "many", "gone", "late", "broken"]
        listed.append(status.index)
    assert listed[0] == listed[1]
    full = (await calls.preview_status(version, "f", size="full")).index
    assert {legend.key for legend in full}.isdisjoint(legend.key for legend in listed[0])


@pytest.mark.parametrize(("mask", "code"), [("gone", "mask_not_found"), ("broken", "mask_not_an_image")])
async def test_a_mask_that_cannot_be_read_has_no_map(
    calls: Client, http: aiohttp.ClientSession, version: str, mask: str, code: str
) -> None:
    """422 with the reason and the mask."""
    with pytest.raises(PreviewFailed) as refused:
        await calls.index_map(version, "f", mask, timeout=30)
    assert refused.value.code == code
    status, problem, _ = await get(http, url(version, f"mask={mask}"))
    assert (status, problem["code"], problem["mask"]) == (422, code, mask)


async def test_a_mask_that_came_after_all_has_its_map_once_the_preview_is_refreshed(
    calls: Client, folder: Path, version: str
) -> None:
    """The file was not there at first."""
    with pytest.raises(PreviewFailed):
        await calls.index_map(version, "f", "late", timeout=30)
    Image.fromarray(COLORS[IDS]).save(folder / "late.png")
    await calls.refresh(version, "f")
    found = await calls.index_map(version, "f", "late", timeout=30)
    np.testing.assert_array_equal(pixels(found.body), INDICES[IDS])


async def test_what_is_not_there_is_not_found(calls: Client, version: str) -> None:
    """Masks, sources, frames."""
    with pytest.raises(NotFound, match="mask 'nothing'"):
        await calls.index_map(version, "f", "nothing")
    with pytest.raises(NotFound, match="source 'rear'"):
        await calls.index_map(version, "f", "classes", source="rear")
    with pytest.raises(NotFound, match="frame 'g'"):
        await calls.index_map(version, "g", "classes")


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("mask=classes&size=123", ["size"]),
        ("mask=classes&size=0", ["size"]),
        ("", ["mask"]),
        ("mask=", ["mask"]),
        ("mask=classes&mask=matte", ["mask"]),
        ("mask=classes&wait=31&source=", ["wait", "source"]),
        ("mask=classes&opacity=0.5", ["opacity"]),
    ],
)
async def test_a_query_that_cannot_be_used_is_told_what_is_wrong(
    http: aiohttp.ClientSession, version: str, query: str, faulty: Sequence[str]
) -> None:
    """400 with each parameter."""
    status, problem, _ = await get(http, url(version, query))
    assert (status, problem["code"]) == (400, "bad_parameter")
    assert [error["loc"] for error in problem["errors"]] == faulty


async def test_a_size_out_of_range_is_refused_before_anything_is_drawn(calls: Client, version: str) -> None:
    """By the client too."""
    with pytest.raises(Invalid):
        await calls.index_map(version, "f", "classes", size=123)
