"""The whole job of the renderer, bytes in and preview bytes out, beside everything else that could do it.

All candidates take turns in one process with one thread, on the same bytes, and with the settings of malloc that
drawing processes have. Where a package is not installed its candidate is left out: `pip install -e .[bench]`.
"""

import json
import subprocess
import sys
from typing import Any

from benchmarks.render_report import RenderReport

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "VIPS_CONCURRENCY": "1"}
_MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20)}


def run() -> RenderReport:
    """Measure in a process of its own: threads and malloc are set up before anything is imported."""
    settings = [f"{name}={value}" for name, value in {**_ONE_THREAD, **_MALLOC}.items()]
    command = ["env", *settings, sys.executable, "-m", "benchmarks.render_measuring"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return RenderReport(**found)
