"""The weights of a run without any fault, and without Orchestrator: what every job must end with."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from .jobs import TRAINER, Course, weights_sha256
from .network import on
from .plan import RANKS
from .world import CLIENT, ROOT, clean

SECONDS = 600
SAMPLE = ROOT / "src/samples/tiny-transformer"


def weights_of(course: Course) -> str:
    """Trained once per seed and length, and kept for later campaigns."""
    kept = cache() / key(course)
    if kept.exists():
        return kept.read_text()
    weights = train(replace(course, pace=0))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(weights)
    return weights


def cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "orchestrator-chaos")


def key(course: Course) -> str:
    """Everything that the weights depend on, PyTorch's version included."""
    digest = hashlib.sha256(f"{course.seed} {course.steps} {RANKS}".encode())
    version = subprocess.run(
        ["/usr/bin/python3", "-c", "import torch; print(torch.__version__, torch.__config__.show())"],
        check=True, stdout=subprocess.PIPE)
    digest.update(version.stdout)
    digest.update(Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].encode())
    for path in (TRAINER, SAMPLE / "train.py", SAMPLE / "model.py", SAMPLE / "text/sonnets.txt"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def train(course: Course) -> str:
    with tempfile.TemporaryDirectory(prefix="orchestrator-chaos-reference-") as folder:
        gang = {"WORLD_SIZE": str(RANKS), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500", "OMP_NUM_THREADS": "1",
                "GLOO_SOCKET_IFNAME": "lo"}
        environment = {**clean(), **course.environment(Path(folder)), **gang}
        ranks = [
            subprocess.Popen(
                on(CLIENT, ["/usr/bin/python3", str(TRAINER)]), env={**environment, "RANK": str(rank)},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            for rank in range(RANKS)
        ]
        try:
            codes = [rank.wait(SECONDS) for rank in ranks]
        finally:
            for rank in ranks:
                rank.kill()
        weights = weights_sha256(Path(folder))
    if any(codes) or weights is None:
        raise RuntimeError(f"the run without faults ended with {codes}")
    return weights
