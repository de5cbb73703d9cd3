"""Measures how fast checkpoints go to an S3 store and come back, against rclone on the same machine.

    /usr/bin/python3 tests/benchmarks/s3_transfer.py [--pairs 5] [--mib 256] [--shards 4] [--report FILE]

Shards of random bytes go from memory to a Ceph of this benchmark's own, which keeps everything in memory, and back to
memory. The library and `rclone copy` take turns, and which begins alternates. Each time is that of a whole process,
its start included. The library also compares SHA-256 with the manifest after a download; rclone compares MD5.

Needs the Release build of tests/benchmarks/S3Transfer, rclone and what need_ceph of install-prerequisites.sh installs.
Exit code 1 when a transfer failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness import REPORTS, ROOT, say, write_report

PROGRAM = ROOT / "tests/benchmarks/S3Transfer/bin/Release/net10.0/s3-transfer"
BUCKET = "benchmark"
KEYS = {"AWS_ACCESS_KEY_ID": "benchmark", "AWS_SECRET_ACCESS_KEY": "benchmark-secret"}
RCLONE = ["rclone", "copy", "--transfers", "4"]
# Ceph frees what was deleted in the background; without the wait it would do so during the next transfer.
SETTLE_SECONDS = 4


def main() -> int:
    arguments = read_arguments()
    # Shards are in the agent's memory; so are rclone's files here.
    folder = Path(tempfile.mkdtemp(prefix="orchestrator-s3-transfer-", dir="/dev/shm"))
    try:
        subprocess.run([PROGRAM, "prepare", folder, str(arguments.shards), str(arguments.mib)], check=True)
        with ceph() as endpoint:
            pairs = [measure_pair(folder, endpoint, number) for number in range(arguments.pairs)]
    finally:
        shutil.rmtree(folder)
    figures = figures_of(pairs)
    write_report(
        arguments.report,
        f"{arguments.shards} shards of {arguments.mib} MiB to Ceph and back, in turns with rclone",
        {"rclone": rclone_version(), "rclone_command": " ".join(RCLONE), **figures},
    )
    print(arguments.report.read_text(), end="")
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5, help="transfers of each, up and down (default: 5)")
    parser.add_argument("--mib", type=int, default=256, help="size of a shard (default: 256)")
    parser.add_argument("--shards", type=int, default=4, help="shards at the same time (default: 4)")
    parser.add_argument("--report", type=Path, default=REPORTS / "s3_transfer.json")
    return parser.parse_args()


@contextmanager
def ceph() -> Iterator[str]:
    """A store of its own; it ends when its standard input does, so also with this process."""
    command = ["bash", str(ROOT / "tests/Shared/ceph.sh"), *KEYS.values()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        endpoint = server.stdout.readline().strip()
        if not endpoint:
            raise RuntimeError("Ceph did not start; its words are above.")
        yield endpoint
        server.communicate()


def measure_pair(folder: Path, endpoint: str, number: int) -> dict[str, Any]:
    ours, theirs = f"ours-{number}", f"rclone-{number}"
    rclone(endpoint, "mkdir", f"s3:{BUCKET}")
    uploads = [
        ("up", lambda: transfer("up", folder, endpoint, ours)),
        ("rclone_up", lambda: copy(endpoint, folder / "step-00000001", f"s3:{BUCKET}/{theirs}")),
    ]
    # Each fetches what it has stored, since rclone compares a hash only with its own.
    downloads = [
        ("down", lambda: transfer("down", folder, endpoint, ours)),
        ("rclone_down", lambda: copy(endpoint, f"s3:{BUCKET}/{theirs}", folder / "back")),
    ]
    pair: dict[str, Any] = {}
    for turns in (uploads, downloads):
        for name, run in turns if number % 2 == 0 else reversed(turns):
            pair[name] = run()
            shutil.rmtree(folder / "back", ignore_errors=True)
            time.sleep(SETTLE_SECONDS)
    for prefix in (ours, theirs):
        rclone(endpoint, "purge", f"s3:{BUCKET}/{prefix}")
    time.sleep(SETTLE_SECONDS)
    say(f"pair {number + 1}: " + ", ".join(f"{name} {each['seconds']} s" for name, each in pair.items()))
    return pair


def transfer(what: str, folder: Path, endpoint: str, prefix: str) -> dict[str, Any]:
    began = time.monotonic()
    said = subprocess.run(
        [PROGRAM, what, f"s3://{BUCKET}/{prefix}?endpoint={endpoint}", folder],
        check=True, stdout=subprocess.PIPE, text=True, env={**environment(), **KEYS})
    seconds = time.monotonic() - began
    inside = json.loads(said.stdout)
    return {"seconds": round(seconds, 2), "without_start": inside["seconds"], "cpu_seconds": inside["cpu_seconds"],
            "growth_mib": inside["growth_mib"]}


def copy(endpoint: str, source: Path | str, target: Path | str) -> dict[str, Any]:
    began = time.monotonic()
    rclone(endpoint, *RCLONE[1:], str(source), str(target))
    return {"seconds": round(time.monotonic() - began, 2)}


def rclone(endpoint: str, *arguments: str) -> None:
    settings = {
        "RCLONE_CONFIG": "/dev/null",
        "RCLONE_CONFIG_S3_TYPE": "s3",
        "RCLONE_CONFIG_S3_PROVIDER": "Ceph",
        "RCLONE_CONFIG_S3_ENV_AUTH": "true",
        "RCLONE_CONFIG_S3_ENDPOINT": endpoint,
    }
    subprocess.run(["rclone", *arguments], check=True, env={**environment(), **KEYS, **settings})


def environment() -> dict[str, str]:
    """Without settings of AWS, which rclone and the SDK would follow in different ways."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def rclone_version() -> str:
    said = subprocess.run(["rclone", "version"], check=True, stdout=subprocess.PIPE, text=True, env=environment())
    return said.stdout.splitlines()[0]


def figures_of(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    median = {name: statistics.median(pair[name]["seconds"] for pair in pairs) for name in pairs[0]}
    return {
        "median_seconds": median,
        "share_of_rclone": {
            way: round(median[way] / median[f"rclone_{way}"], 2) for way in ("up", "down")
        },
        "max_growth_mib": {way: max(pair[way]["growth_mib"] for pair in pairs) for way in ("up", "down")},
        "pairs": pairs,
    }


if __name__ == "__main__":
    sys.exit(main())
