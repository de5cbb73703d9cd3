"""Measures how fast a checkpoint comes to a host that has nothing of it: from the memory of others, and from S3.

    /usr/bin/python3 tests/benchmarks/restore.py [--pairs 9] [--mib 128] [--report FILE]

Two hosts of four ranks each save into memory and to a Ceph of this benchmark's own, which keeps everything in memory.
Then a third host's agent restores the newest checkpoint, eight parts, into a folder of its own memory, in turns from the
memory of the two hosts and, after their copies were deleted, from the store. Each time is that of a call of the control
API, from the request to the last part. Every part is compared with its hash on the way. rclone copies the same objects
for comparison.

Memory is as the agent's unit mounts it, with huge pages, and it is warm for all three: what a restore needs was in use
right before, and a virtual machine is kept from giving free pages back to its host meanwhile (page reporting), which hands
them out more slowly than a network would. To be run as root, for both.

At last a host of the job is killed, twice: its replacement restores its four parts while its ranks start, from memory and
from the store, and what it resumes from is compared byte by byte.

Needs the Release build, rclone, protoc and what need_ceph of install-prerequisites.sh installs. Exit code 1 when a round failed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from control import Control
from harness import REPORTS, ROOT, say, write_report
from warm_memory import MIB, touch, warm_memory

sys.path.insert(0, str(ROOT / "tests"))
from checkpoints import scene as scenes  # noqa: E402
from checkpoints.scene import Scene  # noqa: E402
from checkpoints.store import BUCKET, KEYS, PREFIX, ceph  # noqa: E402

from development_cluster import DevelopmentCluster  # noqa: E402

RCLONE = ("copy", "--transfers", "4")
IN_NAMESPACE = "RESTORE_IN_NAMESPACE"
MOUNT_OPTIONS = "huge=within_size"
HOSTS, WARM, RANKS_PER_NODE = 3, 1, 4
PATIENCE_SECONDS = 240
FOUND = re.compile(r"rank (\d+) of (\S+), attempt (\d+) resumes from (\S+), found in (.+) after (\d+) ms")


def main() -> int:
    arguments = read_arguments()
    if IN_NAMESPACE not in os.environ:
        os.environ[IN_NAMESPACE] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    folder = Path(tempfile.mkdtemp(prefix="ocr-"))
    scenes.RANKS = 2 * RANKS_PER_NODE
    try:
        with warm_memory(folder, MOUNT_OPTIONS), ceph() as store:
            os.environ.update(KEYS)
            figures = measure(arguments, folder, store)
    finally:
        folder.rmdir()
    write_report(
        arguments.report, f"eight parts of {arguments.mib} MiB come to a host that has nothing of them", figures)
    print(arguments.report.read_text(), end="")
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=9, help="restores from each source (default: 9)")
    parser.add_argument("--mib", type=int, default=128, help="size of a part (default: 128)")
    parser.add_argument("--report", type=Path, default=REPORTS / "restore.json")
    return parser.parse_args()


def measure(arguments: argparse.Namespace, folder: Path, store: Any) -> dict[str, Any]:
    out = folder / "out"
    out.mkdir()
    with DevelopmentCluster(folder / "data") as cluster:
        cluster.up(HOSTS, WARM)
        job = cluster.submit(write_job(folder, out, store, arguments.mib), "restore", {})
        scene = Scene(cluster, job, out, None, store)  # type: ignore[arg-type]
        scene.wait("the first checkpoint", scene.checkpoints, PATIENCE_SECONDS)
        control = Control(cluster.data)
        rounds = [
            restore_round(scene, control, folder, scenes.RANKS * arguments.mib) for _ in range(arguments.pairs)]
        killed = {source: lose_a_host(scene, source) for source in ("memory", "store")}
    median = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    return {
        "median": median,
        "store_over_memory": round(median["store_s"] / median["memory_s"], 2),
        "store_over_rclone": round(median["store_s"] / median["rclone_s"], 2),
        "rclone_command": " ".join(["rclone", *RCLONE]),
        "rounds": rounds,
        "host_killed": killed,
    }


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
  SIZE: "{mib * MIB}"
  EVERY: "200"
checkpoint:
  store: s3://{BUCKET}/{PREFIX}?endpoint={store.endpoint}
  keep: 1
"""
    )
    return path


def delete_from_memory(scene: Scene, checkpoint: dict[str, Any]) -> None:
    for shard in checkpoint["shards"]:
        for holder in shard["holders"]:
            shutil.rmtree(scene.in_memory(holder["node"], shard).parent)


def restore_round(scene: Scene, control: Control, folder: Path, mib: int) -> dict[str, float]:
    scene.hold()
    newest = scene.checkpoints()[0]
    memory = restore(scene, control, folder, newest["step"], "memory", mib)
    delete_from_memory(scene, newest)
    durable = restore(scene, control, folder, newest["step"], "store", mib)
    rclone = copy(scene, folder, newest, mib)
    scene.release()
    scene.wait("a newer one", lambda: int(scene.checkpoints()[0]["step"]) > int(newest["step"]), PATIENCE_SECONDS)
    say(f"step {newest['step']}: from memory {memory} s, from the store {durable} s, rclone {rclone} s")
    return {"memory_s": memory, "store_s": durable, "rclone_s": rclone}


def restore(scene: Scene, control: Control, folder: Path, step: str, source: str, mib: int) -> float:
    held = {node["node"] for node in scene.record()["nodes"]}
    spare = next(node["name"] for node in scene.cluster.nodes() if node["name"] not in held)
    target = folder / "back"
    touch(folder / "warm", mib)
    began = time.monotonic()
    places = control.restore(scene.job, int(step), spare, target)
    seconds = round(time.monotonic() - began, 3)
    shutil.rmtree(target)
    if [place.split()[0] for place in places] != [source] * scenes.RANKS:
        raise SystemExit(f"not everything came from the {source}: {places}")
    return seconds


def copy(scene: Scene, folder: Path, checkpoint: dict[str, Any], mib: int) -> float:
    target = folder / "back"
    touch(folder / "warm", mib)
    step = checkpoint["shards"][0]["path"].split("/")[0]
    began = time.monotonic()
    scene.store._rclone(*RCLONE, scene.store._path(f"{scene.job}/{step}"), str(target))
    seconds = round(time.monotonic() - began, 3)
    shutil.rmtree(target)
    return seconds


def lose_a_host(scene: Scene, source: str) -> dict[str, Any]:
    scene.hold()
    newest = scene.checkpoints()[0]
    if source == "store":
        delete_from_memory(scene, newest)
    host, attempt, reached = scene.node_of(0), scene.attempt(), scene.highest_step()
    killed_at = scene.cluster.kill_host(host)
    first = scene.wait("another attempt to make steps", lambda: next(
        (e for e in scene.events("step", time.time() - 5) if e["attempt"] > attempt), None), PATIENCE_SECONDS)
    log = (scene.cluster.data / "hosts" / scene.node_of(0) / "agent.log").read_text(errors="replace")
    found = [match for match in map(FOUND.search, log.splitlines())
             if match and match[2] == scene.job and int(match[3]) == scene.attempt()]
    resumes = [e for e in scene.events("resume") if e["attempt"] == scene.attempt()]
    if not all(e["good"] for e in resumes) or len(found) != RANKS_PER_NODE:
        raise SystemExit(f"the recovery failed: {resumes}, {found}")
    if not all(source in match[5] for match in found):
        raise SystemExit(f"not everything came from the {source}: {found}")
    scene.cluster.start_host(host)
    scene.release()
    scene.wait("a newer one", lambda: int(scene.checkpoints()[0]["step"]) > int(newest["step"]), PATIENCE_SECONDS)
    return {
        "found_in": sorted({match[5] for match in found}),
        "ms_while_the_ranks_started": max(int(match[6]) for match in found),
        "kill_to_first_step_s": round(first["at"] - killed_at, 2),
        "reached_step": reached,
        "newest_replicated_step": int(newest["step"]),
        "resumed_from_step": resumes[0]["step"],
    }


if __name__ == "__main__":
    sys.exit(main())
