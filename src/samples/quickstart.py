"""Shows a recovery from end to end on one machine, and checks all of it.

Starts five virtual hosts, trains the tiny transformer on four of them, kills a host between two checkpoints, waits
until the job has recovered and succeeded, trains the same job once more without a fault, and compares the weights of
both runs bit by bit. `quickstart.sh` installs and builds what this needs.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from development_cluster import ClusterError, DevelopmentCluster, write_job_file
from job_run import JobRun
from quickstart_checks import Run, broken_promises, recovery_in
from quickstart_options import Options, WrongUsage, parse_options
from step_log import Step

HOSTS = 5
WARM = 1
CHECKPOINT_EVERY = 10

# Killing takes orch a few steps to start; the kill then falls into the middle between two checkpoints.
KILL_AT_STEP_AFTER_CHECKPOINT = 3

EXIT_BROKEN, EXIT_WRONG_USAGE, EXIT_INTERRUPTED = 1, 2, 130


@dataclass(frozen=True)
class Demonstration:
    """Everything that was seen; the result is computed from it alone."""

    options: Options
    killed_host: str
    killed_at: float
    """Unix seconds."""

    incidents: list[dict[str, Any]]
    interrupted: Run
    uninterrupted: Run


def main() -> int:
    options = parse_options()
    if options.check_usage:
        return 0
    # A request to end takes the cluster down like Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    data = (options.data or Path(tempfile.mkdtemp(prefix="orchestrator-quickstart-"))).resolve()
    exit_code = EXIT_BROKEN
    try:
        exit_code = run(options, data)
    except KeyboardInterrupt:
        options.say("Interrupted.")
        exit_code = EXIT_INTERRUPTED
    except WrongUsage as error:
        options.say(f"quickstart.sh: {error}")
        exit_code = EXIT_WRONG_USAGE
    except (ClusterError, subprocess.SubprocessError) as error:
        options.say(f"The quickstart failed: {error}")
    finally:
        if exit_code == 0 and not options.keep:
            shutil.rmtree(data)
        else:
            options.say(f"Logs, step logs, weights and checkpoints are in {data}")
    return exit_code


def run(options: Options, data: Path) -> int:
    """Starts the cluster, shows the recovery on it, and reports."""
    job_file = data / "quickstart" / "job.yaml"
    job_file.parent.mkdir(parents=True)
    write_job_file(job_file, job_file.parent / "checkpoints")
    with DevelopmentCluster(data) as cluster:
        options.say(f"Starting {HOSTS} virtual hosts; {WARM} of them stays warm as a spare.")
        cluster.up(HOSTS, WARM)
        seen = demonstrate(cluster, job_file, options)
        if seen.incidents and not options.json:
            options.say(f"\n{cluster.incident_report(seen.incidents[0]['id'])}")
    return conclude(seen, job_file.parent)


def demonstrate(cluster: DevelopmentCluster, job_file: Path, options: Options) -> Demonstration:
    """The same job twice: with a host killed in the middle, and without."""
    start = partial(JobRun, cluster, job_file=job_file, steps=options.steps, seed=options.seed, say=options.say)
    options.say("Training on four hosts.")
    job = start("interrupted")
    cluster.follow_incidents(options.words)
    job.wait_for("its first step", lambda steps: len(steps) > 0)
    host = choose_host(cluster.job(job.job_id), options)
    job.wait_for("the step to kill a host at", partial(is_time_to_kill, options.steps))
    killed_at = cluster.kill_host(host)
    options.say(f"Killed {host}: its agent, its ranks and the content of its memory are gone.")
    interrupted = job.wait_for_end()
    incidents = [cluster.incident(incident["id"]) for incident in cluster.incidents(job.job_id)]
    options.say(f"Starting {host} again, and training the same job without a fault.")
    cluster.start_host(host)
    uninterrupted = start("uninterrupted").wait_for_end()
    return Demonstration(options, host, killed_at, incidents, interrupted, uninterrupted)


def choose_host(job: dict[str, Any], options: Options) -> str:
    """The host to kill. By default that of rank 2, which neither holds the rendezvous nor writes the checkpoints."""
    hosts = [str(node["node"]) for node in sorted(job["nodes"], key=lambda node: int(node.get("nodeRank", 0)))]
    if options.kill_host is None:
        return hosts[2]
    if options.kill_host == "random":
        return random.Random(options.seed).choice(hosts)
    if options.kill_host not in hosts:
        raise WrongUsage(f"--kill-host {options.kill_host} is none of the job's hosts, which are {', '.join(hosts)}")
    return options.kill_host


def is_time_to_kill(last_step: int, steps: list[Step]) -> bool:
    """True in the second half, by when the standbys are ready, and well before the next checkpoint.

    Always after the second checkpoint, so that an older one exists as well.
    """
    step = steps[-1].step if steps else 0
    return step > max(2 * CHECKPOINT_EVERY, last_step // 2) and step % CHECKPOINT_EVERY == KILL_AT_STEP_AFTER_CHECKPOINT


def conclude(seen: Demonstration, results: Path) -> int:
    """Tells what came of it; 0 when every promise was kept."""
    options = seen.options
    result = measure(seen, results)
    broken = list(
        broken_promises(seen.interrupted, seen.uninterrupted, seen.incidents, options.steps, CHECKPOINT_EVERY)
    )
    for sentence in broken:
        options.say(f"BROKEN: {sentence}")
    if result is not None and options.json:
        print(json.dumps(result), flush=True)
    elif result is not None:
        summarize(result, options, is_kept=not broken)
    return EXIT_BROKEN if broken or result is None else 0


def measure(seen: Demonstration, results: Path) -> dict[str, Any] | None:
    """The result as --json prints it; None when there was no recovery to measure."""
    recovery = recovery_in(seen.interrupted.steps)
    if recovery is None or not seen.incidents:
        return None
    incident = seen.incidents[0]
    durations = incident.get("durations", {})
    return {
        "killed_host": seen.killed_host,
        "killed_at_step": recovery.killed_at_step,
        "resumed_from_step": recovery.resumed_from_step,
        "steps_lost": recovery.steps_lost,
        "attempts": recovery.attempts,
        "detect_ms": milliseconds(detected_at(incident) - seen.killed_at),
        # 64-bit numbers are texts in protobuf's JSON.
        "decide_ms": int(durations.get("decideMs", 0)),
        "launch_ms": int(durations.get("launchMs", 0)),
        "kill_to_first_step_ms": milliseconds(recovery.first_new_step_at - seen.killed_at),
        "final_weights_sha256": seen.interrupted.weights_sha256,
        "uninterrupted_weights_sha256": seen.uninterrupted.weights_sha256,
        "weights_path": str(results / "interrupted/weights.pt"),
        "uninterrupted_weights_path": str(results / "uninterrupted/weights.pt"),
        "step_log": str(results / "interrupted/steps.jsonl"),
        "seed": seen.options.seed,
    }


def detected_at(incident: dict[str, Any]) -> float:
    """When the first evidence reached the control plane, in Unix seconds."""
    for entry in incident.get("timeline", []):
        if entry["event"] == "detected":
            return datetime.fromisoformat(entry["at"]).timestamp()
    raise ClusterError(f"the timeline of incident {incident['id']} has no entry 'detected'")


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def summarize(result: dict[str, Any], options: Options, is_kept: bool) -> None:
    """Five lines for a person."""
    verdict = "are equal, bit for bit" if is_kept else "were compared; what is BROKEN is listed above"
    options.say(
        f"Killed     {result['killed_host']} after step {result['killed_at_step']}; "
        f"noticed in {result['detect_ms']} ms\n"
        f"Recovered  {result['kill_to_first_step_ms'] / 1000:.1f} s from the kill to the first new step\n"
        f"Lost       {result['steps_lost']} steps: resumed from step {result['resumed_from_step']}, "
        f"a checkpoint every {CHECKPOINT_EVERY}\n"
        f"Decided    in {result['decide_ms']} ms, launched in {result['launch_ms']} ms, "
        f"{result['attempts']} attempts in all\n"
        f"Weights    of the interrupted and an uninterrupted run {verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
