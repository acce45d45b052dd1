"""`python -m benchmarks.render_measuring`: measures all cases and writes the findings to stdout as JSON."""

import io
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.render_cost import memory_costs, part_costs, process_rates
from benchmarks.render_inputs import Job, jobs
from benchmarks.render_peers import Draw, Peer, installed_peers
from benchmarks.report import median

_REFERENCE = "MATTEBOX_REFERENCE_DATA"
_ROUNDS = 15
_SLOW_S, _SLOW_ROUNDS = 0.15, 3
_ONCE_S = 0.8
"""What takes longer draws once: nothing of it is warmed up."""
_REFERENCE_PEER = "naive Pillow + NumPy"

Samples = list[tuple[float, float]]
"""Wall and processor seconds."""


def measure() -> dict[str, Any]:
    """Measure every case with every peer."""
    reference = os.environ.get(_REFERENCE)  # noqa: TID251 (the root of this process)
    peers, missing = installed_peers()
    cases = jobs(Path(reference) if reference else None)
    began = os.getloadavg()[0]
    rows = []
    for job in cases:
        print(f"{job.name} ...", file=sys.stderr, flush=True)
        rows.append(_measure_job(job, peers))
    by_name = {job.name: job for job in cases}
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": [began, os.getloadavg()[0]],
        "missing": missing,
        "cases": rows,
        "parts": [part_costs(by_name[name]) for name in ("JPEG + L", "JPEG + RGB", "12 MP + P")],
        "memory": [
            memory_costs(by_name[n]) for n in ("640x480 + P", "JPEG + RGB", "JPEG + RGB, full size", "12 MP + P")
        ],
        "processes": process_rates(by_name["JPEG + RGB"]),
    }


def _measure_job(job: Job, peers: Sequence[Peer]) -> dict[str, Any]:
    draws = {peer.name: draw for peer in peers if (draw := peer.prepare(job)) is not None}
    first, samples = _take_turns(draws)
    wanted = _shown(first[_REFERENCE_PEER])
    return {
        "name": job.name,
        "source_bytes": len(job.source),
        "mask_bytes": len(job.mask),
        "peers": {
            name: {
                "wall_ms": median([wall for wall, _ in taken]) * 1000,
                "processor_ms": median([processor for _, processor in taken]) * 1000,
                "least_processor_ms": min(processor for _, processor in taken) * 1000,
                "preview_bytes": len(first[name]),
                "psnr_db": _psnr(_shown(first[name]), wanted),
            }
            for name, taken in samples.items()
        },
    }


def _take_turns(draws: dict[str, Draw]) -> tuple[dict[str, bytes], dict[str, Samples]]:
    """Draw in turn after one draw each to warm up; what takes long takes part in fewer of the rounds.

    Gives the first previews, and the samples.
    """
    previews: dict[str, bytes] = {}
    samples: dict[str, Samples] = {}
    rounds: dict[str, int] = {}
    for name, draw in draws.items():
        previews[name], wall, processor = _timed(draw)
        samples[name] = [(wall, processor)] if processor > _ONCE_S else []
        if not samples[name]:
            rounds[name] = _SLOW_ROUNDS if processor > _SLOW_S else _ROUNDS
    for turn in range(_ROUNDS):
        for name, count in rounds.items():
            if turn % (_ROUNDS // count) == 0:
                samples[name].append(_timed(draws[name])[1:])
    return previews, samples


def _timed(draw: Draw) -> tuple[bytes, float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    preview = draw()
    return preview, time.perf_counter() - wall, time.process_time() - processor


def _shown(body: bytes) -> npt.NDArray[np.float64]:
    """Decode a preview; a transparent one as it looks over black."""
    with Image.open(io.BytesIO(body)) as image:
        pixels = np.asarray(image).astype(np.float64)
    return pixels[..., :3] * pixels[..., 3:] / 255 if pixels.shape[2] == 4 else pixels


def _psnr(pixels: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]) -> float | None:
    assert pixels.shape == wanted.shape
    error = float(((pixels - wanted) ** 2).mean())
    return None if error == 0 else float(10 * np.log10(255**2 / error))


if __name__ == "__main__":
    json.dump(measure(), sys.stdout)
