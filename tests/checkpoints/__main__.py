"""Runs the cases and prints what came of them as JSON."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/benchmarks"), str(ROOT / "src/samples")]

from development_cluster import DevelopmentCluster  # noqa: E402
from harness import REPORTS, say, spread, write_report  # noqa: E402

from .cases import KINDS, draw  # noqa: E402
from .proxy import Proxy  # noqa: E402
from .scene import ORCH_POLL_SECONDS, Broken, Scene, is_durable, newest_durable  # noqa: E402
from .store import BUCKET, KEYS, PREFIX, ceph  # noqa: E402

HOSTS, WARM = 4, 1
HOST_MEMORY = "64m"
SHARD_BYTES, EVERY = 1 << 20, 10
LOOK_AT_THE_STORE_EVERY = 20


def main() -> int:
    arguments = read_arguments()
    # Memory that really is: a shard there must not wait for a disk.
    folder = Path(tempfile.mkdtemp(prefix="ocf-", dir="/dev/shm"))
    try:
        figures = campaign(arguments, folder)
    except Broken as evidence:
        say(f"BROKEN, seed {arguments.seed}: {evidence}")
        say(f"Repeat it with: bash tests/checkpoint_faults.sh --seed {arguments.seed} --cases {arguments.cases}")
        return 1
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    report = REPORTS / "checkpoint_faults.json" if arguments.write else folder.with_suffix(".json")
    write_report(report, "what checkpoints bear: seeded cases on a real cluster with Ceph's S3 gateway", figures)
    print(report.read_text(), end="")
    if not arguments.write:
        report.unlink()
    return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="checkpoint_faults.sh", description="What checkpoints bear.")
    parser.add_argument("--seed", type=int, default=1, help="from which everything is drawn (default: 1)")
    parser.add_argument("--cases", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=list(KINDS), help="only these")
    parser.add_argument("--write", action="store_true", help="keep the report in tests/benchmarks/reports")
    parser.add_argument("--keep", action="store_true", help="keep the cluster's folder")
    arguments = parser.parse_args()
    if unknown := set(arguments.kinds) - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    return arguments


def campaign(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with ceph() as store:
        proxy = Proxy(store.endpoint)
        os.environ.update(KEYS)
        out = folder / "out"
        out.mkdir()
        with DevelopmentCluster(folder / "data") as cluster:
            for number in range(1, HOSTS + 1):
                mount_memory(cluster.data / "hosts" / f"host{number}" / "memory")
            cluster.up(HOSTS, WARM)
            job = cluster.submit(write_job(folder, out, proxy), "faults", {})
            scene = Scene(cluster, job, out, proxy, store)
            scene.wait("the first durable checkpoint", lambda: newest_durable(scene.checkpoints()))
            figures = run_all(scene, arguments)
        proxy.close()
    return {"seed": arguments.seed, **figures}


def mount_memory(path: Path) -> None:
    """Memory of a size of its own, which can be full without the machine's being so. It goes with this process."""
    path.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={HOST_MEMORY}", "tmpfs", str(path)], check=True)


def write_job(folder: Path, out: Path, proxy: Proxy) -> Path:
    path = folder / "job.yaml"
    path.write_text(
        f"""name: faults
nodes: 2
command: [/usr/bin/python3, {ROOT / "tests/checkpoints/rank.py"}]
environment:
  PYTHONPATH: {ROOT / "src/python"}
  OUT: {out}
  SIZE: "{SHARD_BYTES}"
  EVERY: "{EVERY}"
checkpoint:
  store: s3://{BUCKET}/{PREFIX}?endpoint={proxy.address}
recovery:
  stopAfterNoProgress: 1000
"""
    )
    return path


def run_all(scene: Scene, arguments: argparse.Namespace) -> dict[str, Any]:
    kinds, recoveries, pauses, lost = Counter[str](), [], [], []
    for number, (kind, chance) in enumerate(draw(arguments.seed, arguments.cases, arguments.kinds), 1):
        begun, attempt, step = time.time(), scene.attempt(), scene.highest_step()
        outcome = KINDS[kind][1](scene, chance)
        recovered = settle(scene, f"case {number}, {kind}", outcome, begun, attempt)
        kinds[kind] += 1
        if recovered:
            recoveries.append(recovered["seconds"])
            lost.append(recovered["steps_lost"])
        if "pause_s" in outcome.figures:
            pauses.append(round(outcome.figures["pause_s"], 2))
        if number % LOOK_AT_THE_STORE_EVERY == 0:
            look_at_the_store(scene)
        say(f"case {number}, {kind}: {recovered or outcome.figures or 'nothing restarted'}, from step {step}")
    look_at_the_store(scene)
    resumes = scene.events("resume")
    return {
        "cases": arguments.cases,
        "cases_by_kind": dict(kinds),
        "resumes": len(resumes),
        "bad_resumes": sum(not each["good"] for each in resumes),
        "restored_from": restored_from(scene),
        "requests_refused_to_agents": scene.proxy.refused,
        "longest_pause_where_nothing_was_killed_s": max(pauses, default=0),
        "fault_to_next_step_s": spread([round(each, 2) for each in recoveries]),
        "steps_lost": spread(lost),
        "saves": len(scene.events("saved")),
        "saves_refused": dict(Counter(e["refusal"] for e in scene.events("saved") if not e["stored"])),
        "holds": True,
    }


def settle(scene: Scene, case: str, outcome: Any, begun: float, attempt: int) -> dict[str, float] | None:
    """The job goes on, from a checkpoint that is good and not older than what was in the store."""
    if outcome.restarts:
        scene.wait(f"{case}: another attempt", lambda: scene.attempt() > attempt)
    before = scene.highest_step()
    first = scene.wait(f"{case}: a new step", lambda: next(
        (e for e in scene.events("step", time.time() - 5) if e["step"] > before), None))
    scene.wait(f"{case}: every incident to close", lambda: all(
        each["phase"] in ("INCIDENT_PHASE_RESOLVED", "INCIDENT_PHASE_ABANDONED")
        for each in scene.cluster.incidents(scene.job)), poll=ORCH_POLL_SECONDS)
    resumes = scene.events("resume", begun)
    for resume in resumes:
        if not resume["good"]:
            raise Broken(f"{case}: rank {resume['rank']} resumed from step {resume['step']} with other content")
        if resume["step"] < outcome.least_step:
            raise Broken(f"{case}: resumed from step {resume['step']}, but {outcome.least_step} was in the store")
    if not outcome.restarts and scene.attempt() > attempt:
        say(f"{case}: the job was restarted, which it need not")
    if not resumes:
        return None
    reached = max((e["step"] for e in scene.events("step") if e["at"] < resumes[0]["at"]), default=0)
    return {"seconds": first["at"] - begun, "steps_lost": reached - min(resume["step"] for resume in resumes)}


def look_at_the_store(scene: Scene) -> None:
    """Every durable checkpoint of the record is in the store, as its manifest says."""
    for checkpoint in filter(is_durable, scene.checkpoints()):
        for shard in checkpoint["shards"]:
            expected = next(file["sha256"] for file in shard["files"] if file["name"] == "state")
            found = scene.store.sha256(scene.key(shard))
            still = any(each["step"] == checkpoint["step"] for each in scene.checkpoints())
            if found != expected and still and checkpoint["step"] not in scene.altered:
                raise Broken(f"step {checkpoint['step']} is not in the store as it was: {shard['path']}, {found}")


def restored_from(scene: Scene) -> dict[str, int]:
    """Where agents found what their ranks resumed from, by their own word."""
    found: Counter[str] = Counter()
    for log in (scene.cluster.data / "hosts").glob("*/agent.log"):
        for line in log.read_text(errors="replace").splitlines():
            if "found in " in line:
                place = line.split("found in ")[1].split(" after")[0]
                found["another host's memory" if place.startswith("the memory of") else place] += 1
    return dict(found)


if __name__ == "__main__":
    sys.exit(main())
