"""What the wheel holds, and who may import whom."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE_ROOTS = ("shared", "services/registry", "services/renderer")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files of a wheel built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        return wheel.namelist()


def test_the_wheel_holds_exactly_the_four_packages(wheel_names: list[str]) -> None:
    """A typo in pyproject's `packages` would drop a service silently."""
    top = {name.split("/")[0] for name in wheel_names if ".dist-info" not in name}
    assert top == {"mattebox", "mattebox_runtime", "mattebox_registry", "mattebox_renderer"}


def test_the_wheel_holds_every_file_of_the_packages(wheel_names: list[str]) -> None:
    """Queries, migrations, Lua scripts, pages and type markers are data files: they must travel too."""
    held = set(wheel_names)
    for root in PACKAGE_ROOTS:
        for path in (ROOT / root).rglob("*"):
            name = path.relative_to(ROOT / root).as_posix()
            if path.is_file() and name.startswith("mattebox") and "__pycache__" not in name:
                assert name in held


def test_no_stray_module_lies_beside_a_package() -> None:
    """The folders that hold a package are on the import path: a `.py` file there would be a top-level module."""
    strays = [path for root in PACKAGE_ROOTS for path in (ROOT / root).glob("*.py")]
    assert strays == []


def test_imports_flow_one_way() -> None:
    """The import-linter contracts of pyproject.toml hold."""
    command = ["lint-imports", "--no-cache"]
    executable = Path(sys.executable).parent / command[0]
    run = subprocess.run([str(executable), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
