"""What the benchmarks share: the way to the samples' code, the report, and figures about figures."""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "tests/benchmarks/reports"
LOAD_BEFORE = os.getloadavg()[0]


def git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


# Before the first report, which itself is a change.
COMMIT = git("rev-parse", "HEAD") + ("-dirty" if git("status", "--porcelain", "--untracked-files=no") else "")

# Clusters and jobs are driven by the code of the quickstart.
sys.path.insert(0, str(ROOT / "src/samples"))


def write_report(path: Path, benchmark: str, figures: dict[str, Any]) -> None:
    """Writes the figures with what it takes to judge them: when, which commit, which machine, how busy."""
    report = {
        "benchmark": benchmark,
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": COMMIT,
        "machine": describe_machine(),
        "load_average_before": round(LOAD_BEFORE, 2),
        **figures,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile (nearest rank) and maximum; empty without values."""
    if not values:
        return {}
    ordered = sorted(values)
    rank = {share: ordered[max(math.ceil(share * len(ordered)) - 1, 0)] for share in (0.5, 0.95)}
    return {"p50": rank[0.5], "p95": rank[0.95], "max": ordered[-1]}


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def say(words: str) -> None:
    """For a person; standard output is for the report."""
    print(words, file=sys.stderr, flush=True)


def describe_machine() -> dict[str, object]:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    return {"cores": os.cpu_count(), "processor": model, "memory_mib": memory, "kernel": platform.release()}
