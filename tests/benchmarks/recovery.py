"""Measures how long a job stands still when a host dies: runs the quickstart several times and writes a JSON report.

    /usr/bin/python3 tests/benchmarks/recovery.py [--runs 5] [--report tests/benchmarks/reports/recovery.json]

Every run is a whole quickstart of its own (fresh cluster, one host killed, the same job again without a fault) with a
seed of its own; the first kills rank 0's host, the others a random one. Prints the report, too. Exit code 1 when a run
failed: its figures would not mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ("detect_ms", "decide_ms", "launch_ms", "kill_to_first_step_ms", "steps_lost")


def main() -> int:
    arguments = read_arguments()
    runs = []
    for number in range(1, arguments.runs + 1):
        run = run_quickstart(seed=number, host="host1" if number == 1 else "random")
        if run is None:
            print(f"run {number} failed; its words are above", file=sys.stderr)
            return 1
        print(f"run {number}: " + ", ".join(f"{name} {run[name]}" for name in FIGURES), file=sys.stderr)
        runs.append(run)
        # After each run, so that a benchmark that is cut short leaves what it measured.
        write_report(runs, arguments.report)
    print(arguments.report.read_text(), end="")
    return 0


def write_report(runs: list[dict[str, object]], path: Path) -> None:
    report = {
        "benchmark": "a host of four is killed in mid-training; four ranks on this machine",
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": git("rev-parse", "HEAD") + ("-dirty" if git("status", "--porcelain", "--untracked-files=no") else ""),
        "machine": describe_machine(),
        "load_average_before": round(LOAD_BEFORE, 2),
        "median": {name: statistics.median(run[name] for run in runs) for name in FIGURES},
        "max": {name: max(run[name] for run in runs) for name in FIGURES},
        "weights_equal": all(run["final_weights_sha256"] == run["uninterrupted_weights_sha256"] for run in runs),
        "runs": [{name: run[name] for name in ("seed", "killed_host", "attempts", *FIGURES)} for run in runs],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="quickstarts to run (default: 5)")
    parser.add_argument("--report", type=Path, default=ROOT / "tests/benchmarks/reports/recovery.json")
    return parser.parse_args()


def run_quickstart(seed: int, host: str) -> dict[str, object] | None:
    data = tempfile.mkdtemp(prefix="orchestrator-benchmark-")
    # The first run installs and builds; the others begin with the machine at rest.
    program = ["bash", "quickstart.sh"] if seed == 1 else ["/usr/bin/python3", "quickstart.py"]
    command = [program[0], str(ROOT / "src/samples" / program[1]), "--json", "--data", data]
    options = ["--seed", str(seed), "--kill-host", host, "--steps", "60"]
    result = subprocess.run([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        print(result.stderr, file=sys.stderr)
        return None
    shutil.rmtree(data)
    figures: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return figures


def describe_machine() -> dict[str, object]:
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    return {"cores": os.cpu_count(), "processor": model, "memory_mib": memory, "kernel": platform.release()}


def git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


LOAD_BEFORE = os.getloadavg()[0]

if __name__ == "__main__":
    sys.exit(main())
