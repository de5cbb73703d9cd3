"""Measures how fast the parts of a lost host's ranks come to its replacement: from memory, and from S3.

    /usr/bin/python3 tests/benchmarks/restore.py [--pairs 3] [--mib 128] [--report FILE]

Two hosts of four ranks each save into memory and to a Ceph of this benchmark's own, which keeps everything in memory. A
host is killed; its replacement's agent says where it found each part and how long it looked. In every second round the
other host's copies of those parts are deleted before, so that they come from the store. Ranks start meanwhile, as they
do. What a rank resumed from is compared byte by byte.

Needs the Release build, rclone and what need_ceph of install-prerequisites.sh installs. Exit code 1 when a round failed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness import REPORTS, ROOT, say, write_report

sys.path.insert(0, str(ROOT / "tests"))
from checkpoints import scene as scenes  # noqa: E402
from checkpoints.scene import Scene  # noqa: E402
from checkpoints.store import BUCKET, KEYS, PREFIX, ceph  # noqa: E402

from development_cluster import DevelopmentCluster  # noqa: E402

HOSTS, WARM, RANKS_PER_NODE = 4, 2, 4
FOUND = re.compile(r"rank (\d+) of (\S+), attempt (\d+) resumes from (\S+), found in (.+) after (\d+) ms")


def main() -> int:
    arguments = read_arguments()
    folder = Path(tempfile.mkdtemp(prefix="ocr-", dir="/dev/shm"))
    scenes.RANKS = 2 * RANKS_PER_NODE
    try:
        with ceph() as store:
            os.environ.update(KEYS)
            rounds = measure(arguments, folder, store)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    memory = [each for each in rounds if each["source"] != "the store"]
    durable = [each for each in rounds if each["source"] == "the store"]
    median = {name: statistics.median(each["ms"] for each in kind) for name, kind in
              (("memory", memory), ("store", durable))}
    write_report(arguments.report, f"four parts of {arguments.mib} MiB of a lost host come to its replacement", {
        "median_ms": median,
        "store_over_memory": round(median["store"] / median["memory"], 2),
        "steps_lost_since_the_newest_replicated_checkpoint": max(each["steps_behind"] for each in rounds),
        "rounds": rounds,
    })
    print(arguments.report.read_text(), end="")
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3, help="hosts killed for each source (default: 3)")
    parser.add_argument("--mib", type=int, default=128, help="size of a part (default: 128)")
    parser.add_argument("--report", type=Path, default=REPORTS / "restore.json")
    return parser.parse_args()


def measure(arguments: argparse.Namespace, folder: Path, store: Any) -> list[dict[str, Any]]:
    out = folder / "out"
    out.mkdir()
    with DevelopmentCluster(folder / "data") as cluster:
        cluster.up(HOSTS, WARM)
        job = cluster.submit(write_job(folder, out, store, arguments.mib), "restore", {})
        scene = Scene(cluster, job, out, None, store)  # type: ignore[arg-type]
        scene.wait("the first checkpoint", scene.checkpoints, 180)
        return [lose_a_host(scene, from_store=number % 2 == 1) for number in range(2 * arguments.pairs)]


def write_job(folder: Path, out: Path, store: Any, mib: int) -> Path:
    path = folder / "job.yaml"
    path.write_text(
        f"""name: restore
nodes: 2
ranksPerNode: {RANKS_PER_NODE}
command: [/usr/bin/python3, {ROOT / "tests/checkpoints/rank.py"}]
environment:
  PYTHONPATH: {ROOT / "src/python"}
  OUT: {out}
  SIZE: "{mib << 20}"
  EVERY: "200"
checkpoint:
  store: s3://{BUCKET}/{PREFIX}?endpoint={store.endpoint}
  keep: 1
"""
    )
    return path


def lose_a_host(scene: Scene, from_store: bool) -> dict[str, Any]:
    scene.hold()
    newest = scene.checkpoints()[0]
    host, attempt = scene.node_of(0), scene.attempt()
    other = scene.node_of(1)
    if from_store:
        for shard in newest["shards"]:
            if int(shard.get("rank", 0)) < RANKS_PER_NODE:
                shutil.rmtree(scene.in_memory(other, shard).parent)
    reached = scene.highest_step()
    scene.cluster.kill_host(host)
    scene.wait("another attempt to make steps", lambda: next(
        (e for e in scene.events("step", time.time() - 5) if e["attempt"] > attempt), None), 180)
    replacement = scene.node_of(0)
    found = [match for match in map(FOUND.search, log_of(scene, replacement)) if match
             and match[2] == scene.job and int(match[3]) == scene.attempt()]
    bad = [e for e in scene.events("resume") if not e["good"]]
    resumed = next(e["step"] for e in scene.events("resume") if e["attempt"] == scene.attempt())
    if bad or len(found) != RANKS_PER_NODE:
        raise SystemExit(f"the round failed: {bad or found}")
    scene.cluster.start_host(host)
    scene.release()
    sources = {match[5] for match in found}
    figures = {
        "source": "the store" if sources == {"the store"} else "memory" if all("memory" in s for s in sources)
        else str(sources),
        # They come side by side, so the last one counts.
        "ms": max(int(match[6]) for match in found),
        "replicated_step": int(newest["step"]),
        "resumed_from_step": resumed,
        "steps_behind": int(newest["step"]) - resumed,
        "reached_step": reached,
    }
    say(str(figures))
    newer = int(newest["step"])
    scene.wait("a newer checkpoint", lambda: int(scene.checkpoints()[0]["step"]) > newer or None, 180)
    return figures


def log_of(scene: Scene, node: str) -> list[str]:
    return (scene.cluster.data / "hosts" / node / "agent.log").read_text(errors="replace").splitlines()


if __name__ == "__main__":
    sys.exit(main())
