"""Which mask belongs to which image."""

from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mattebox.importers.files import find_media
from mattebox.importers.pairing import Pairing, pair


def paired(images: str, masks: str) -> Pairing:
    """Pair files that are given as words."""
    return pair(images.split(), masks.split())


def shown(pairing: Pairing) -> dict[str, dict[str, str]]:
    """Spell a pairing as {image: {mask id: mask}}."""
    return {p.image: {mask.id: mask.path for mask in p.masks} for p in pairing.pairs}


@pytest.mark.parametrize(
    ("images", "masks", "expected"),
    [
        pytest.param(
            "a.jpg b.jpg", "a.png b.png", {"a.jpg": {"00": "a.png"}, "b.jpg": {"00": "b.png"}}, id="same stem"
        ),
        pytest.param(
            "lemur.png",
            "lemur_alpha.png lemur_alpha_fba.png lemur_cutout.png",
            {
                "lemur.png": {
                    "alpha": "lemur_alpha.png",
                    "alpha_fba": "lemur_alpha_fba.png",
                    "cutout": "lemur_cutout.png",
                }
            },
            id="stem and suffix",
        ),
        pytest.param(
            "1000.jpeg 1001.jpeg",
            "1000_square_0.png 1001_circle_0.png 1001_circle_3.png",
            {
                "1000.jpeg": {"square_0": "1000_square_0.png"},
                "1001.jpeg": {"circle_0": "1001_circle_0.png", "circle_3": "1001_circle_3.png"},
            },
            id="one mask per object, named alike in every image",
        ),
        pytest.param(
            "Gogh.jpg Monet.jpg",
            "Gogh_sem.png Monet_sem.png",
            {"Gogh.jpg": {"00": "Gogh_sem.png"}, "Monet.jpg": {"00": "Monet_sem.png"}},
            id="one mask for each image",
        ),
        pytest.param(
            "ffm_000000_000294_leftImg8bit.png",
            "ffm_000000_000294_gtFine_labelIds.png ffm_000000_000294_gtFine_color.png",
            {
                "ffm_000000_000294_leftImg8bit.png": {
                    "gtFine_color": "ffm_000000_000294_gtFine_color.png",
                    "gtFine_labelIds": "ffm_000000_000294_gtFine_labelIds.png",
                }
            },
            id="Cityscapes",
        ),
        pytest.param("104_sat.jpg", "104_mask.png", {"104_sat.jpg": {"00": "104_mask.png"}}, id="role as suffix"),
        pytest.param("img_7.jpg", "mask_7.png", {"img_7.jpg": {"00": "mask_7.png"}}, id="role as prefix"),
        pytest.param(
            "a.png a_b.png",
            "a_b_mask.png a_mask.png",
            {"a.png": {"00": "a_mask.png"}, "a_b.png": {"00": "a_b_mask.png"}},
            id="longest stem wins",
        ),
        pytest.param("1.png 10.png", "10.tif", {"10.png": {"00": "10.tif"}}, id="no separator, no suffix"),
        pytest.param(
            "x.png x_rgb.png", "x.tif", {"x.png": {"00": "x.tif"}}, id="a full stem before one without its role"
        ),
        pytest.param(
            "a.jpg a.png", "a.tif", {"a.jpg": {"00": "a.tif"}, "a.png": {"00": "a.tif"}}, id="images of one stem share"
        ),
        pytest.param(
            "a.jpg", "a.png a.tif", {"a.jpg": {"00": "a.png", "00_2": "a.tif"}}, id="masks of one stem are told apart"
        ),
        pytest.param(
            "v1/1.png v2/1.png",
            "v1/1.png v2/1.png",
            {"v1/1.png": {"00": "v1/1.png"}, "v2/1.png": {"00": "v2/1.png"}},
            id="same subfolder",
        ),
        pytest.param("v1/1.png v2/2.png", "1.png", {"v1/1.png": {"00": "1.png"}}, id="masks without subfolders"),
    ],
)
def test_masks_find_their_image_by_name(images: str, masks: str, expected: dict[str, dict[str, str]]) -> None:
    """The documented rules, one by one."""
    assert shown(paired(images, masks)) == expected


@pytest.mark.parametrize(
    ("images", "masks"),
    [
        pytest.param("a.png", "b.png", id="different names"),
        pytest.param("1.png", "10.png", id="a longer number"),
        pytest.param("v1/1.png v2/2.png", "v2/1.png v1/2.png", id="another subfolder of the same tree"),
        pytest.param("v1/1.png v2/1.png", "1.png", id="two images could be meant"),
    ],
)
def test_no_guess_is_made(images: str, masks: str) -> None:
    """A mask that may be another image's is left out rather than shown over the wrong one."""
    pairing = paired(images, masks)
    assert not pairing.pairs
    assert pairing.images_alone == sorted(images.split())
    assert pairing.masks_alone == sorted(masks.split())


STEMS = st.from_regex(r"(img_|mask_)?[ab](_[ab1]){0,3}(_rgb|_leftImg8bit)?", fullmatch=True)
FILES = st.sets(
    st.builds(
        lambda folder, stem, extension: f"{folder}{stem}.{extension}",
        st.sampled_from(["", "x/", "y/"]),
        STEMS,
        st.sampled_from(["png", "jpg"]),
    ),
    max_size=12,
)


@given(FILES, FILES)
def test_every_file_is_accounted_for_once(images: set[str], masks: set[str]) -> None:
    """Each image is in one pair or alone, each mask in a pair or alone, and ids tell the masks of an image apart."""
    pairing = pair(images, masks)
    paired_images = [p.image for p in pairing.pairs]
    assert sorted(paired_images + pairing.images_alone) == sorted(images)
    paired_masks = {mask.path for p in pairing.pairs for mask in p.masks}
    assert paired_masks.isdisjoint(pairing.masks_alone)
    assert paired_masks | set(pairing.masks_alone) == masks
    for p in pairing.pairs:
        assert p.masks
        assert len({mask.id for mask in p.masks}) == len(p.masks)


@given(FILES, FILES, st.randoms())
def test_the_order_of_the_files_does_not_matter(images: set[str], masks: set[str], random: Random) -> None:
    """Folders list their files in any order."""
    shuffled = sorted(images, key=lambda _: random.random())
    assert pair(shuffled, sorted(masks, reverse=True)) == pair(images, masks)


@pytest.mark.reference
@pytest.mark.parametrize(
    "dataset",
    [
        "camvid_train60",
        "comma10k_a6",
        "alpha_lemur",
        "shapes_multi_mask",
        "soft_colour_doodle3",
        "pixelannotationtool_road1",
    ],
)
def test_real_folders_pair_as_their_own_lists_say(reference_data: Path, dataset: str) -> None:
    """Names as they are out there, with the pairs their makers wrote down."""
    folder = reference_data / dataset
    listed = {
        Path(entry["image"]).name: sorted(Path(mask["path"]).name for mask in entry["masks"])
        for entry in msgspec.json.decode((folder / "pairs.json").read_bytes())
    }
    pairing = pair(
        find_media(folder / "images", recursive=False),
        find_media(folder / "masks", recursive=False),
    )
    assert {p.image: sorted(mask.path for mask in p.masks) for p in pairing.pairs} == listed
