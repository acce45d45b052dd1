"""Programs written for ClearML's Hyper-Datasets, run as they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mattebox import Client, DatasetVersion, FrameGroup
from support.live_stack import LiveRegistry, write_image

PROGRAM = """
import os, sys
from allegroai import Dataset, DatasetVersion, DataView, FrameGroup, IterationOrder, SingleFrame
from allegroai.dataframe import ImageAnnotation
import allegroai.datasetversion

def register(folder, name):
    groups = {}
    for file in sorted(os.listdir(folder)):
        if file.endswith("_mask.png"):
            continue
        group_name, source_name = file[:-4].split("_")
        group = groups.setdefault(group_name, FrameGroup())
        path = os.path.join(folder, file)
        group[source_name] = SingleFrame(source=path, mask_source=path.replace(".png", "_mask.png"))
    for group in groups.values():
        group.add_global_annotation(annotation=ImageAnnotation(labels=["street"], confidence=1.0))
    dataset = DatasetVersion.create_new_dataset(dataset_name=name)
    version = dataset.create_version(version_name="initial")
    version.set_masks_labels({(0, 0, 0): ["background"], (1, 1, 1): ["car"]})
    failed = version.add_frames(list(groups.values()), local_dataset_root_path=folder, upload_retries=2, batch_size=10)
    version.commit_version()
    assert not failed, failed
    return version

if __name__ == "__main__":
    version = register(sys.argv[1], sys.argv[2])
    view = DataView(iteration_order=IterationOrder.sequential)
    view.add_query(dataset_name=sys.argv[2], version_name="initial", roi_query="street")
    print("count", view.get_count()[0])
    for frame_group in view:
        for key in frame_group.keys():
            source = frame_group[key].get_local_source()
            print(frame_group["a"].get_local_mask_source() is not None, os.path.exists(source))
    assert allegroai.datasetversion.DatasetVersion is DatasetVersion
"""


def run(*arguments: str | Path, registry: LiveRegistry, cache: Path) -> subprocess.CompletedProcess[str]:
    """Run Python as a user does."""
    environment = os.environ | {  # noqa: TID251 - handed on to a child
        "MATTEBOX_URL": registry.url,
        "MATTEBOX_TOKEN": registry.token,
        "MATTEBOX_CACHE": str(cache),
    }
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A folder of pictures and masks as that program wants them."""
    folder = tmp_path / "street"
    for group, source in (("1", "a"), ("1", "b"), ("2", "a")):
        write_image(folder / f"{group}_{source}.png", (int(group), 2, 3))
        write_image(folder / f"{group}_{source}_mask.png", 1)
    return folder


def test_a_program_for_hyper_datasets_registers_frames_with_masks_and_labels(
    connected: Client, registry: LiveRegistry, street: Path, tmp_path: Path, dataset_name: str
) -> None:
    """Unchanged, by the runner; the previews are drawn, and the counts are right."""
    (tmp_path / "program.py").write_text(PROGRAM)
    done = run(
        "-m", "mattebox.compat", tmp_path / "program.py", street, dataset_name, registry=registry, cache=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "count 2\nTrue True\nTrue True\nTrue True\n"
    version = DatasetVersion.get_version(dataset_name=dataset_name, version_name="initial")
    assert version.wait_for_previews(progress=False).ready == 2
    groups = [frame for frame in version if isinstance(frame, FrameGroup)]
    first, second = sorted(groups, key=len)
    assert first.report().pixels() == {"car": 32 * 24}
    assert list(second) == ["a", "b"]


def test_a_program_may_install_it_itself_and_may_try_what_is_there(registry: LiveRegistry, tmp_path: Path) -> None:
    """`Task` is no matter of datasets: without the clearml package the message says so."""
    code = (
        "import mattebox.compat as c; c.install(); c.install()\n"
        "from allegroai import SingleFrame\n"
        "print(SingleFrame(source='x.png').masks_source)\n"
        "import sys; sys.modules['clearml'] = None\n"
        "from allegroai import Task\n"
    )
    done = run("-c", code, registry=registry, cache=tmp_path)
    assert done.stdout == "{}\n"
    assert "ImportError: Task is not about datasets" in done.stderr


def test_what_was_imported_before_is_not_replaced_behind_its_back(registry: LiveRegistry, tmp_path: Path) -> None:
    """The real package, imported first, would be half replaced."""
    code = (
        "import sys, types; sys.modules['allegroai'] = types.ModuleType('x'); import mattebox.compat as c; c.install()"
    )
    done = run("-c", code, registry=registry, cache=tmp_path)
    assert "allegroai is imported already" in done.stderr
    assert run("-m", "mattebox.compat", registry=registry, cache=tmp_path).returncode == 1
