"""What the quickstart promises, checked: each broken promise is one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from step_log import Step, by_attempt, mean_loss


@dataclass(frozen=True)
class Run:
    """One run of the sample job, as it left its results."""

    name: str
    succeeded: bool
    steps: list[Step]
    weights_sha256: str | None
    """None when the run left no weights."""


@dataclass(frozen=True)
class Recovery:
    """What happened around the killed host, by the step log."""

    killed_at_step: int
    """Highest step of the attempt that failed."""

    resumed_from_step: int
    first_new_step_at: float
    """Unix seconds."""

    attempts: int
    """How many were launched, also if one ended before its first step."""

    @property
    def steps_lost(self) -> int:
        return self.killed_at_step - self.resumed_from_step


def recovery_in(steps: list[Step]) -> Recovery | None:
    """None when the log does not hold an attempt and a next one."""
    attempts = list(by_attempt(steps).values())
    if len(attempts) < 2:
        return None
    failed, following = attempts[0], attempts[1]
    return Recovery(
        killed_at_step=max(step.step for step in failed),
        resumed_from_step=following[0].step - 1,
        first_new_step_at=following[0].time,
        attempts=max(step.attempt for step in steps),
    )


def broken_promises(
    interrupted: Run, uninterrupted: Run, incidents: list[dict[str, Any]], steps: int, checkpoint_every: int
) -> Iterator[str]:
    """A sentence for each thing that did not go as it should; nothing when all did."""
    recovery = recovery_in(interrupted.steps)
    for run, attempts in ((interrupted, 2), (uninterrupted, 1)):
        yield from broken_run(run, attempts, steps)
    if recovery is None:
        yield f"The {interrupted.name} run has no second attempt in its step log."
    else:
        if not 1 <= recovery.steps_lost <= checkpoint_every:
            yield f"{recovery.steps_lost} steps were lost; between two checkpoints it can be 1 to {checkpoint_every}."
        yield from broken_incident(incidents, recovery)
    if interrupted.weights_sha256 != uninterrupted.weights_sha256:
        yield f"The weights differ: {interrupted.weights_sha256} and {uninterrupted.weights_sha256}."


def broken_run(run: Run, attempts: int, steps: int) -> Iterator[str]:
    """What is wrong with one run by itself."""
    if not run.succeeded:
        yield f"The {run.name} run did not succeed."
    if run.weights_sha256 is None:
        yield f"The {run.name} run left no weights."
    logged = by_attempt(run.steps)
    if list(logged) != list(range(1, attempts + 1)):
        yield f"The {run.name} run logged steps of the attempts {list(logged)} instead of 1 to {attempts}."
    for attempt, own in logged.items():
        numbers = [step.step for step in own]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            yield f"Attempt {attempt} of the {run.name} run skipped or repeated steps: {numbers}."
    if sorted({step.step for step in run.steps}) != list(range(1, steps + 1)):
        yield f"The {run.name} run did not compute every step from 1 to {steps}, or computed others."
    if not run.steps:
        return
    if run.steps[-1].step != steps:
        yield f"The {run.name} run ended at step {run.steps[-1].step} instead of {steps}."
    if not mean_loss(run.steps[-10:]) < mean_loss(run.steps[:10]):
        yield f"The loss of the {run.name} run did not fall."


def broken_incident(incidents: list[dict[str, Any]], recovery: Recovery) -> Iterator[str]:
    """Where the incident is missing, open, or tells something else than the step log."""
    if len(incidents) != 1:
        yield f"{len(incidents)} incidents were recorded instead of 1."
    for incident in incidents:
        if incident.get("phase") != "INCIDENT_PHASE_RESOLVED":
            yield f"Incident {incident['id']} is in phase {incident.get('phase')}, not resolved."
        resumed_from = int(incident.get("resumedFromStep", 0))
        if resumed_from != recovery.resumed_from_step:
            yield (
                f"Incident {incident['id']} says that the job resumed from step {resumed_from}; "
                f"its step log says {recovery.resumed_from_step}."
            )
