"""Kills one host after the other under a running job, and checks that it ends as if nothing had happened.

    /usr/bin/python3 tests/benchmarks/kills.py [--kills 10] [--mode killed|silent|both] [--seed 1] [--report FILE]

Four ranks train on four of five virtual hosts. Each kill hits a random one of the job's hosts (rank 0's among them)
after the attempt has committed a checkpoint and gone on; the host is brought back and warm before the next kill.
"killed" takes the power from the host; "silent" freezes it, so that it says nothing and closes nothing, and afterwards
thaws it or kills and starts it, in turn. The same job without a fault then has to end with the same weights.

Needs the Release build of the solution (or ORCHESTRATOR_BIN). Exit code 1 when anything was not as promised.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from harness import REPORTS, milliseconds, say, spread, write_report
from processes import start_ticks

from development_cluster import DevelopmentCluster, write_job_file
from job_run import JobRun
from quickstart_checks import Run, broken_run
from step_log import Step, by_attempt

HOSTS, WARM = 5, 1
CHECKPOINT_EVERY = 10
# What a kill costs in new steps: up to a checkpoint, the seeded distance to the kill, and what bringing the host back
# takes meanwhile; rather too many, since the job must not end before the last kill.
STEPS_PER_KILL = 60
RUN_SECONDS = 1800
WARM_SECONDS = 60
CLOSED_SECONDS = 30
POLL_SECONDS = 0.25
# Lease 10 s, grace 2 s, and 10 s for everything else.
SILENT_BOUND_MS = 22_000
RESOLVED = "INCIDENT_PHASE_RESOLVED"
CLOSED = (RESOLVED, "INCIDENT_PHASE_UNCONFIRMED", "INCIDENT_PHASE_ABANDONED")
PHASES = ("detect_ms", "decide_ms", "stop_ms", "launch_ms", "kill_to_first_step_ms")


@dataclass(frozen=True)
class Kill:
    """One kill and what came of it."""

    host: str
    node_rank: int
    killed_at_step: int
    resumed_from_step: int
    incidents: int
    cause: str
    brought_back: str
    left_behind: int
    """Old processes of a thawed host that were still there when it was warm again."""

    detect_ms: int
    decide_ms: int
    stop_ms: int
    launch_ms: int
    kill_to_first_step_ms: int


class KillRun:
    """One mode: the interrupted run with all its kills."""

    def __init__(self, cluster: DevelopmentCluster, job: JobRun, mode: str, chance: random.Random) -> None:
        self._cluster = cluster
        self._job = job
        self._is_silent = mode == "silent"
        self._chance = chance
        self._incidents_seen = 0

    def kill(self, number: int, of_rank_0: bool) -> Kill:
        """Waits for the moment, kills, waits for the recovery, and brings the host back."""
        distance = self._chance.randrange(1, CHECKPOINT_EVERY - 1)
        steps = self._job.wait_for(f"the moment of kill {number}", partial(may_kill, distance=distance))
        attempt = steps[-1].attempt
        nodes = {int(node.get("nodeRank", 0)): node["node"] for node in self._cluster.job(self._job.job_id)["nodes"]}
        node_rank = 0 if of_rank_0 else self._chance.choice(sorted(nodes))
        host = str(nodes[node_rank])
        old: dict[int, int | None] = {}
        if self._is_silent:
            freeze = self._cluster.freeze_host(host)
            killed_at, old = freeze.at, {pid: start_ticks(pid) for pid in freeze.pids[1:]}
        else:
            killed_at = self._cluster.kill_host(host)
        steps = self._job.wait_for(
            f"the first step after kill {number}", lambda log: any(step.attempt > attempt for step in log)
        )
        first = next(step for step in steps if step.attempt > attempt)
        incidents = self._wait_closed()
        brought_back = self._bring_back(host, number)
        incident = incidents[-1]
        return Kill(
            host=host,
            node_rank=node_rank,
            killed_at_step=max(step.step for step in steps if step.attempt == attempt),
            resumed_from_step=first.step - 1,
            incidents=len(incidents),
            cause=incident["cause"]["code"],
            brought_back=brought_back,
            left_behind=sum(1 for pid, ticks in old.items() if ticks is not None and start_ticks(pid) == ticks),
            detect_ms=milliseconds(detected_at(incident) - killed_at),
            **phases_of(incident),
            kill_to_first_step_ms=milliseconds(first.time - killed_at),
        )

    def _wait_closed(self) -> list[dict[str, Any]]:
        """The new incidents, oldest first, as soon as none of them is open."""
        return wait_until(
            "the incident to be closed", CLOSED_SECONDS, lambda: self._new_incidents(self._incidents_seen)
        )

    def _new_incidents(self, seen: int) -> list[dict[str, Any]] | None:
        new = self._cluster.incidents(self._job.job_id)[::-1][seen:]
        if not new or any(incident["phase"] not in CLOSED for incident in new):
            return None
        self._incidents_seen = seen + len(new)
        return new

    def _bring_back(self, host: str, number: int) -> str:
        if self._is_silent and number % 2 == 1:
            how = "thawed"
            self._cluster.thaw_host(host)
        else:
            how = "started"
            if self._is_silent:
                how = "killed and started"
                self._cluster.kill_host(host)
            self._cluster.start_host(host)
        wait_until(f"{host} to be warm", WARM_SECONDS, lambda: self._is_warm(host) or None)
        return how

    def _is_warm(self, host: str) -> bool:
        return any(node["name"] == host and node.get("phase") == "NODE_PHASE_WARM" for node in self._cluster.nodes())


def main() -> int:
    arguments = read_arguments()
    modes = ["killed", "silent"] if arguments.mode == "both" else [arguments.mode]
    figures: dict[str, Any] = {"seed": arguments.seed, "modes": {}}
    for mode in modes:
        figures["modes"][mode] = run_mode(mode, arguments.kills, arguments.seed)
        # After each mode, so that a benchmark that is cut short leaves what it measured.
        write_report(arguments.report, "hosts of a job of four ranks killed one after the other", figures)
    print(arguments.report.read_text(), end="")
    return 1 if any(found["broken"] for found in figures["modes"].values()) else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10, help="kills in one run (default: 10)")
    parser.add_argument("--mode", choices=("killed", "silent", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1, help="of hosts, moments, data and weights (default: 1)")
    parser.add_argument("--report", type=Path, default=REPORTS / "kills.json")
    return parser.parse_args()


def run_mode(mode: str, kills: int, seed: int) -> dict[str, Any]:
    """Both runs of one mode; what was measured, and what was not as promised."""
    data = Path(tempfile.mkdtemp(prefix=f"orchestrator-kills-{mode}-"))
    job_file = data / "jobs" / "job.yaml"
    job_file.parent.mkdir()
    write_job_file(job_file, data / "checkpoints")
    chance = random.Random(f"{seed}-{mode}")
    rank_0_turn = chance.randrange(kills)
    steps = (kills + 1) * STEPS_PER_KILL
    done: list[Kill] = []
    with DevelopmentCluster(data) as cluster:
        cluster.up(HOSTS, WARM)
        start = partial(JobRun, cluster, job_file=job_file, steps=steps, seed=seed, say=quiet, seconds=RUN_SECONDS)
        job = start(mode)
        run = KillRun(cluster, job, mode, chance)
        for number in range(kills):
            done.append(run.kill(number, of_rank_0=number == rank_0_turn))
            say(f"{mode} {number + 1} of {kills}: {done[-1]}")
        interrupted = job.wait_for_end()
        incidents = cluster.incidents(job.job_id)
        uninterrupted = start("uninterrupted").wait_for_end()
    broken = list(broken_promises(mode, done, interrupted, uninterrupted, incidents, steps))
    for sentence in broken:
        say(f"BROKEN: {sentence}")
    if not broken:
        shutil.rmtree(data)
    else:
        say(f"Logs, step logs and checkpoints are in {data}")
    return {
        "kills": len(done),
        "steps": steps,
        **{phase: spread([getattr(kill, phase) for kill in done]) for phase in PHASES},
        "steps_lost": spread([kill.killed_at_step - kill.resumed_from_step for kill in done]),
        "late_steps": late_steps(interrupted.steps),
        "weights_equal": interrupted.weights_sha256 == uninterrupted.weights_sha256,
        "broken": broken,
        "each": [asdict(kill) for kill in done],
    }


def broken_promises(
    mode: str, kills: list[Kill], interrupted: Run, uninterrupted: Run, incidents: list[dict[str, Any]], steps: int
) -> Iterator[str]:
    """A sentence for each thing that did not go as it should."""
    yield from broken_run(sorted_by_attempt(interrupted), len(kills) + 1, steps)
    yield from broken_run(uninterrupted, 1, steps)
    if interrupted.weights_sha256 != uninterrupted.weights_sha256:
        yield f"The weights differ: {interrupted.weights_sha256} and {uninterrupted.weights_sha256}."
    if len(incidents) != len(kills):
        yield f"{len(incidents)} incidents were recorded for {len(kills)} kills."
    for incident in incidents:
        if incident["phase"] != RESOLVED:
            yield f"Incident {incident['id']} ended in phase {incident['phase']}."
    if all(kill.node_rank != 0 for kill in kills):
        yield "Rank 0's host was never hit."
    for kill in kills:
        lost = kill.killed_at_step - kill.resumed_from_step
        if not 0 <= lost <= 2 * CHECKPOINT_EVERY:
            yield f"{lost} steps were lost with {kill.host}; a checkpoint was there every {CHECKPOINT_EVERY}."
        if kill.left_behind:
            yield f"{kill.left_behind} old processes of {kill.host} were there after it was thawed and warm."
        if mode == "silent" and kill.kill_to_first_step_ms > SILENT_BOUND_MS:
            yield f"{kill.kill_to_first_step_ms} ms after {kill.host} froze; the bound is {SILENT_BOUND_MS} ms."


def may_kill(steps: list[Step], distance: int) -> bool:
    """The attempt has passed a checkpoint of its own, and is so many steps further."""
    own = by_attempt(steps)[steps[-1].attempt] if steps else []
    if not own:
        return False
    checkpoint = -(-own[0].step // CHECKPOINT_EVERY) * CHECKPOINT_EVERY
    return own[-1].step >= checkpoint + distance


def late_steps(steps: list[Step]) -> int:
    """Steps that an attempt logged after a later one had begun: a thawed rank that ended what it had begun."""
    highest, late = 0, 0
    for step in steps:
        late += step.attempt < highest
        highest = max(highest, step.attempt)
    return late


def sorted_by_attempt(run: Run) -> Run:
    """The same run with its log by attempt, so that a late line of an old one stands where it belongs."""
    return Run(run.name, run.succeeded, sorted(run.steps, key=lambda step: step.attempt), run.weights_sha256)


def detected_at(incident: dict[str, Any]) -> float:
    """When the first evidence reached the control plane, in Unix seconds."""
    entry = next(entry for entry in incident["timeline"] if entry["event"] == "detected")
    return datetime.fromisoformat(entry["at"]).timestamp()


def phases_of(incident: dict[str, Any]) -> dict[str, int]:
    """Decide, stop and launch; 64-bit numbers are texts in protobuf's JSON, and zeros are left out."""
    durations = incident.get("durations", {})
    return {f"{name}_ms": int(durations.get(f"{name}Ms", 0)) for name in ("decide", "stop", "launch")}


def wait_until(what: str, seconds: float, look: Callable[[], Any]) -> Any:
    """The first answer that is not None."""
    deadline = time.monotonic() + seconds
    while (answer := look()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(POLL_SECONDS)
    return answer


def quiet(_: str) -> None:
    """Training says too much here."""


if __name__ == "__main__":
    sys.exit(main())
