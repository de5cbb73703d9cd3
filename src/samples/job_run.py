"""One run of the sample job on a development cluster, followed by its step log."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from development_cluster import SAMPLES, ClusterError, DevelopmentCluster
from quickstart_checks import Run
from step_log import Step, read_steps

POLL_SECONDS = 0.02

# Several times what a run with a recovery takes on two cores.
RUN_SECONDS = 240


class JobRun:
    """Submits the job under a name of its own, with a folder of its own for the results."""

    def __init__(
        self,
        cluster: DevelopmentCluster,
        name: str,
        job_file: Path,
        steps: int,
        seed: int,
        say: Callable[[str], None],
        seconds: float = RUN_SECONDS,
    ) -> None:
        self.name = name
        folder = job_file.parent / name
        self.step_log = folder / "steps.jsonl"
        self.weights = folder / "weights.pt"
        environment = {"STEPS": str(steps), "SEED": str(seed), "OUT": str(folder)}
        self.job_id = cluster.submit(job_file, f"quickstart-{name}", environment)
        self._say = say
        self._shown = 0
        self._deadline = time.monotonic() + seconds
        self._seconds = seconds
        self._watch = cluster.watch_job(self.job_id)

    def wait_for(self, what: str, is_reached: Callable[[list[Step]], bool]) -> list[Step]:
        """Returns the step log as soon as it `is_reached`; raises ClusterError when that cannot come any more."""
        while True:
            # Asked before the log is read: what the job wrote before its end then counts.
            has_ended = self._watch.poll() is not None
            steps = read_steps(self.step_log)
            self._show(steps)
            if is_reached(steps):
                return steps
            if has_ended:
                raise ClusterError(f"job {self.job_id} ended before {what}; see: orch job {self.job_id}")
            if time.monotonic() > self._deadline:
                raise ClusterError(f"job {self.job_id} did not reach {what} within {self._seconds:.0f} s")
            time.sleep(POLL_SECONDS)

    def wait_for_end(self) -> Run:
        """What the run left once its job has ended, well or badly."""
        self.wait_for("its end", lambda _: self._watch.poll() is not None)
        return Run(
            name=self.name,
            succeeded=self._watch.returncode == 0,
            steps=read_steps(self.step_log),
            weights_sha256=self._hash_weights(),
        )

    def _show(self, steps: list[Step]) -> None:
        """Tells every tenth step, and every one that is the first of an attempt."""
        for position in range(self._shown, len(steps)):
            step = steps[position]
            is_first = position == 0 or steps[position - 1].attempt != step.attempt
            if is_first or step.step % 10 == 0:
                self._say(f"  attempt {step.attempt}  step {step.step:4}  loss {step.loss:.3f}")
        self._shown = len(steps)

    def _hash_weights(self) -> str | None:
        if not self.weights.exists():
            return None
        command = ["/usr/bin/python3", str(SAMPLES / "weights_sha256.py"), str(self.weights)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout.strip()
