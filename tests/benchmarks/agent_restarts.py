"""Kills the agents of a running job's hosts, one after the other, and checks that training never notices.

    /usr/bin/python3 tests/benchmarks/agent_restarts.py [--restarts 20] [--seed 1] [--report FILE]

Four ranks train on four virtual hosts. Again and again one of the agents is killed and, after a few more steps,
started again. No rank may restart (by the kernel's list of processes), no step may be lost or repeated (by the
trainer's own log), and no incident may be opened.

Needs the Release build of the solution (or ORCHESTRATOR_BIN). Exit code 1 when anything was not as promised.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness import REPORTS, milliseconds, say, spread, write_report
from processes import ranks_of

from development_cluster import DevelopmentCluster, write_job_file
from job_run import JobRun
from quickstart_checks import Run, broken_run

HOSTS = 4
# What one restart takes at most, in steps; rather too many, since the job must not end before the last restart.
STEPS_PER_RESTART = 40
# Of a checkpoint every 10 steps: a rank that saves while its agent is away waits 5 s for it, which together with a
# slow start of the next agent is about as long as a lease.
CHECKPOINT_EVERY = 10
MOST_STEPS_WITHOUT_AGENT = 5
RUN_SECONDS = 1200


@dataclass(frozen=True)
class Restart:
    """One agent killed and started again."""

    host: str
    steps_without_agent: int
    start_to_attached_ms: int
    """From the command that starts it until the control plane hears from it, the command's own start included."""

    kill_to_attached_ms: int


def main() -> int:
    arguments = read_arguments()
    figures = measure(arguments.restarts, arguments.seed)
    write_report(arguments.report, "agents of a job of four ranks killed and started one after the other", figures)
    print(arguments.report.read_text(), end="")
    return 1 if figures["broken"] else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--restarts", type=int, default=20, help="restarts in one run (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="of hosts and moments (default: 1)")
    parser.add_argument("--report", type=Path, default=REPORTS / "agent_restarts.json")
    return parser.parse_args()


def measure(restarts: int, seed: int) -> dict[str, Any]:
    """One run; what was measured, and what was not as promised."""
    data = Path(tempfile.mkdtemp(prefix="orchestrator-agent-restarts-"))
    job_file = data / "jobs" / "job.yaml"
    job_file.parent.mkdir()
    write_job_file(job_file, data / "checkpoints")
    chance = random.Random(seed)
    steps = (restarts + 1) * STEPS_PER_RESTART
    done: list[Restart] = []
    with DevelopmentCluster(data) as cluster:
        cluster.up(HOSTS, 0)
        job = JobRun(cluster, "agent-restarts", job_file, steps, seed, lambda _: None, RUN_SECONDS)
        job.wait_for("its first steps", lambda log: len(log) >= 5)
        before = ranks_of(job.job_id)
        for number in range(restarts):
            host = f"host{chance.randrange(HOSTS) + 1}"
            done.append(restart(cluster, job, host, chance.randrange(1, MOST_STEPS_WITHOUT_AGENT)))
            say(f"{number + 1} of {restarts}: {done[-1]}")
        after = ranks_of(job.job_id)
        run = job.wait_for_end()
        attempt = int(cluster.job(job.job_id)["attempt"])
        incidents = cluster.incidents(job.job_id)
    broken = list(broken_promises(run, before, after, attempt, incidents, steps))
    for sentence in broken:
        say(f"BROKEN: {sentence}")
    if not broken:
        shutil.rmtree(data)
    return {
        "seed": seed,
        "restarts": len(done),
        "steps": steps,
        "start_to_attached_ms": spread([restart.start_to_attached_ms for restart in done]),
        "kill_to_attached_ms": spread([restart.kill_to_attached_ms for restart in done]),
        "broken": broken,
        "each": [asdict(restart) for restart in done],
    }


def restart(cluster: DevelopmentCluster, job: JobRun, host: str, steps_without_agent: int) -> Restart:
    job.wait_for("the step after a checkpoint", lambda log: log[-1].step % CHECKPOINT_EVERY in (1, 2))
    killed_at = cluster.kill_agent(host)
    steps = job.wait_for("a step without the agent", lambda log: log[-1].time > killed_at)
    goal = steps[-1].step + steps_without_agent
    job.wait_for(f"step {goal}", lambda log: log[-1].step >= goal)
    started_at = time.time()
    cluster.start_agent(host)
    attached_at = time.time()
    return Restart(
        host, steps_without_agent, milliseconds(attached_at - started_at), milliseconds(attached_at - killed_at)
    )


def broken_promises(
    run: Run,
    before: dict[int, tuple[int, int]],
    after: dict[int, tuple[int, int]],
    attempt: int,
    incidents: list[dict[str, Any]],
    steps: int,
) -> Iterator[str]:
    """A sentence for each thing that did not go as it should."""
    yield from broken_run(run, 1, steps)
    if sorted(before) != list(range(HOSTS)):
        yield f"The ranks {sorted(before)} ran at the start instead of {HOSTS}."
    if before != after:
        yield f"The ranks' processes changed from {before} to {after}."
    if attempt != 1:
        yield f"The job ended in attempt {attempt}."
    if [step.step for step in run.steps] != list(range(1, steps + 1)):
        yield "A step was lost or repeated."
    for incident in incidents:
        yield f"Incident {incident['id']} was opened: {incident['cause']}."


if __name__ == "__main__":
    sys.exit(main())
