"""Measures how long a job stands still when a host dies: runs the quickstart several times and writes a JSON report.

    /usr/bin/python3 tests/benchmarks/recovery.py [--runs 5] [--report tests/benchmarks/reports/recovery.json]

Every run is a whole quickstart of its own (fresh cluster, one host killed, the same job again without a fault) with a
seed of its own; the first kills rank 0's host, the others a random one. Prints the report, too. Exit code 1 when a run
failed: its figures would not mean anything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from harness import REPORTS, ROOT, write_report

BENCHMARK = "a host of four is killed in mid-training; four ranks on this machine"
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
        write_report(arguments.report, BENCHMARK, figures_of(runs))
    print(arguments.report.read_text(), end="")
    return 0


def figures_of(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "median": {name: statistics.median(run[name] for run in runs) for name in FIGURES},
        "max": {name: max(run[name] for run in runs) for name in FIGURES},
        "weights_equal": all(run["final_weights_sha256"] == run["uninterrupted_weights_sha256"] for run in runs),
        "runs": [{name: run[name] for name in ("seed", "killed_host", "attempts", *FIGURES)} for run in runs],
    }


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="quickstarts to run (default: 5)")
    parser.add_argument("--report", type=Path, default=REPORTS / "recovery.json")
    return parser.parse_args()


def run_quickstart(seed: int, host: str) -> dict[str, Any] | None:
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
    figures: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    sys.exit(main())
