"""Measures how long save() holds ranks up, against a plain memcpy and against torch.save with an upload in line.

    /usr/bin/python3 tests/benchmarks/save.py [--rounds 7] [--mib 256] [--ranks 4] [--report FILE]

All ranks of one host save at the same time, in a job on a development cluster in memory whose agent keeps checkpoints
there. Each round measures, with pauses between, save(), a memmove of the same tensors into memory that is just as
warm, and torch.save into memory followed by `rclone copyto` to a Ceph of this benchmark's own. Which of the first two
begins alternates. What counts of a round is the rank that waited longest.

Needs the Release build of the solution (or ORCHESTRATOR_BIN), rclone and what need_ceph of install-prerequisites.sh
installs. Exit code 1 when the job failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from harness import REPORTS, ROOT, say, write_report
from s3_transfer import BUCKET, KEYS, ceph, rclone, rclone_version

from development_cluster import DevelopmentCluster

RANK = ROOT / "tests/benchmarks/save_rank.py"
WARM_UP = 4
MOST_OF_MEMCPY = 1.3
LEAST_OF_UPLOAD = 10


def main() -> int:
    arguments = read_arguments()
    # A request to end takes the cluster down like Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data = Path(tempfile.mkdtemp(prefix="orchestrator-save-", dir="/dev/shm"))
    try:
        with ceph() as endpoint, DevelopmentCluster(data) as cluster:
            rclone(endpoint, "mkdir", f"s3:{BUCKET}")
            rounds = measure(cluster, data, endpoint, arguments)
    finally:
        shutil.rmtree(data)
    if rounds is None:
        return 1
    write_report(
        arguments.report,
        f"{arguments.ranks} ranks of one host save {arguments.mib} MiB each at the same time",
        {"rclone": rclone_version(), "rclone_command": "rclone copyto FILE s3:BUCKET/KEY", **figures_of(rounds)},
    )
    print(arguments.report.read_text(), end="")
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="rounds after the warm-up (default: 7)")
    parser.add_argument("--mib", type=int, default=256, help="state of a rank (default: 256)")
    parser.add_argument("--ranks", type=int, default=4, help="ranks on the host (default: 4)")
    parser.add_argument("--report", type=Path, default=REPORTS / "save.json")
    return parser.parse_args()


def measure(
    cluster: DevelopmentCluster, data: Path, endpoint: str, arguments: argparse.Namespace
) -> list[dict[str, list[float]]] | None:
    folder = data / "benchmark"
    folder.mkdir()
    job_file = folder / "job.yaml"
    job_file.write_text(json.dumps(job(arguments, folder, endpoint)))
    cluster.up(1, 0)
    job_id = cluster.submit(job_file, "save", {})
    if cluster.watch_job(job_id).wait() != 0:
        say("The job failed. The end of its ranks' standard error:")
        for log in sorted(data.rglob("stderr.log")):
            say(f"{log.relative_to(data)}: {log.read_text()[-1000:]}")
        return None
    rounds: list[dict[str, list[float]]] = json.loads((folder / "rounds.json").read_text())
    return rounds


def job(arguments: argparse.Namespace, folder: Path, endpoint: str) -> dict[str, Any]:
    """A job file; JSON is YAML, too."""
    environment = {
        "PYTHONPATH": str(ROOT / "src/python"),
        "PATH": os.environ["PATH"],
        "SAVE_MIB": str(arguments.mib),
        "SAVE_ROUNDS": str(arguments.rounds),
        "SAVE_WARM_UP": str(WARM_UP),
        "SAVE_FOLDER": str(folder),
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_CONFIG_S3_TYPE": "s3",
        "RCLONE_CONFIG_S3_PROVIDER": "Ceph",
        "RCLONE_CONFIG_S3_ENDPOINT": endpoint,
        "RCLONE_CONFIG_S3_ACCESS_KEY_ID": KEYS["AWS_ACCESS_KEY_ID"],
        "RCLONE_CONFIG_S3_SECRET_ACCESS_KEY": KEYS["AWS_SECRET_ACCESS_KEY"],
    }
    return {
        "name": "save",
        "nodes": 1,
        "ranksPerNode": arguments.ranks,
        "command": ["/usr/bin/python3", str(RANK)],
        "workingDirectory": str(folder),
        "environment": environment,
        "checkpoint": {"store": str(folder / "store"), "keep": 1, "memory": True},
    }


def figures_of(rounds: list[dict[str, list[float]]]) -> dict[str, Any]:
    longest = [{way: max(seconds) for way, seconds in each.items()} for each in rounds]
    median = {way: statistics.median(each[way] for each in longest) for way in sorted(longest[0])}
    of_memcpy = round(median["save"] / median["memcpy"], 2)
    shorter = round(median["torch_save_and_upload"] / median["save"], 1)
    return {
        "median_seconds_of_the_slowest_rank": median,
        "save_over_memcpy": of_memcpy,
        "upload_over_save": shorter,
        "targets": {"save_over_memcpy_at_most": MOST_OF_MEMCPY, "upload_over_save_at_least": LEAST_OF_UPLOAD},
        "targets_met": of_memcpy <= MOST_OF_MEMCPY and shorter >= LEAST_OF_UPLOAD,
        "seconds_of_each_rank": rounds,
    }


if __name__ == "__main__":
    sys.exit(main())
