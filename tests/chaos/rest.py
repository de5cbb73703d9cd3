"""Whether the cluster has come to rest: everything is there, and the job advances where orch says that it does."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import records, table
from .jobs import OVER, JobLine
from .orch import Orch, OrchError
from .plan import HOSTS
from .postgres import Away
from .world import World, silo_address

IN_SERVICE = ("NODE_PHASE_WARM", "NODE_PHASE_ACTIVE", "NODE_PHASE_ASSIGNED")
NEW_STEPS = 2
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Cluster:
    """What is looked at, by which means."""

    world: World
    orch: Orch
    jobs: JobLine


def wait(cluster: Cluster, seconds: float) -> str | None:
    """None when it came to rest in time; otherwise what is missing."""
    deadline = time.monotonic() + seconds
    since = time.time()
    while True:
        try:
            missing = what_is_missing(cluster, since)
        except (OrchError, Away) as error:
            missing = str(error)
        if missing is None or time.monotonic() > deadline:
            return missing
        time.sleep(LOOK_SECONDS)


def what_is_missing(cluster: Cluster, since: float) -> str | None:
    found = records.read(cluster.world.postgres)
    return (
        missing_silo(cluster)
        or missing_step(cluster, found, since)
        or open_incident(found)
        or missing_node(cluster)
        or missing_rank(cluster)
        or left_behind(cluster, found)
    )


def missing_silo(cluster: Cluster) -> str | None:
    active = records.active_silos(cluster.world.postgres)
    wanted = sorted(silo_address(name) for name in cluster.world.silos)
    return None if active == wanted else f"active silos are {active}, not {wanted}"


def missing_node(cluster: Cluster) -> str | None:
    nodes = {node["name"]: node for node in cluster.orch.nodes()}
    for name in HOSTS:
        node = nodes.get(name, {})
        if not node.get("isConnected") or node.get("phase") not in IN_SERVICE:
            return f"node {name} is {node.get('phase')}, connected: {node.get('isConnected', False)}, because " \
                f"{node.get('reason', {}).get('sentence')}"
    return None


def open_incident(found: records.Records) -> str | None:
    for incident in found.incidents:
        if incident["phase"] not in ("Resolved", "Unconfirmed", "Abandoned"):
            return f"incident {incident['id']} is {incident['phase']}"
    return None


def missing_step(cluster: Cluster, found: records.Records, since: float) -> str | None:
    """Every rank of the newest attempt has to have finished some steps by now."""
    job = cluster.jobs.current
    if job is None or job not in found.jobs:
        return "no job"
    record = found.jobs[job]
    if record["phase"] in OVER:
        return f"job {job} is over, and the next one is not there"
    steps = [
        step for step in cluster.jobs.steps(job) if step.attempt == record["attempt"] and step.time > since
    ]
    if min(sum(step.rank == rank for step in steps) for rank in range(cluster.jobs.ranks)) < NEW_STEPS:
        return f"job {job} in attempt {record['attempt']} is {record['phase']} and makes no step: " \
            f"{record['reason']['sentence']}"
    return None


def missing_rank(cluster: Cluster) -> str | None:
    """What orch says of the gang has to be what the processes say."""
    job = str(cluster.jobs.current)
    said = cluster.orch.job(job)
    attempt = int(said["attempt"])
    by_orch = {int(rank.get("rank", 0)): (rank["node"], int(rank["pid"])) for rank in said.get("ranks", [])}
    starts = [start for start in cluster.jobs.starts(job) if start.attempt == attempt]
    by_process = {start.rank: (start.node, start.pid) for start in starts if is_alive(start.pid, start.ticks)}
    if by_orch == by_process and len(by_orch) == cluster.jobs.ranks:
        return None
    return f"orch says that attempt {attempt} of {job} runs as {by_orch}; the processes are {by_process}"


def left_behind(cluster: Cluster, found: records.Records) -> str | None:
    """Ranks of attempts that are over."""
    for job in cluster.jobs.all:
        newest = found.jobs[job]["attempt"] if job == cluster.jobs.current else None
        for start in cluster.jobs.starts(job):
            if start.attempt != newest and is_alive(start.pid, start.ticks):
                return f"rank {start.rank} of attempt {start.attempt} of {job} is left on {start.node} as {start.pid}"
    return None


def is_alive(pid: int, ticks: int) -> bool:
    seen = table.look_at(pid)
    return seen is not None and seen.process.ticks == ticks and seen.state not in "ZX"


def damaged_checkpoints(cluster: Cluster) -> list[str]:
    """Committed checkpoints that are not on disk as they were committed; one that goes meanwhile is not counted."""
    first = damaged_in(records.read(cluster.world.postgres).jobs, cluster.jobs.store)
    if not first:
        return []
    again = damaged_in(records.read(cluster.world.postgres).jobs, cluster.jobs.store)
    return [sentence for sentence in first if sentence in again]


def damaged_in(jobs: dict[str, dict[str, Any]], store: Path) -> list[str]:
    return [
        f"checkpoint of step {manifest['step']} of {job}: {problem}"
        for job, record in jobs.items()
        for manifest in records.manifests_of(record)
        for shard in manifest["shards"]
        for problem in damage(store / job / shard["path"], shard["files"])
    ]


def damage(folder: Path, files: list[dict[str, Any]]) -> list[str]:
    found = []
    for file in files:
        path = folder / file["name"]
        if not path.exists():
            found.append(f"{path} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            found.append(f"{path} was altered")
    return found
