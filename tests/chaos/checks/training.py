"""The training itself: step logs without holes or contradictions, and the weights of a run without faults."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..evidence import Evidence, Step, Violation

SUCCEEDED = "Succeeded"


def violations(evidence: Evidence, steps: int, weights: str, checkpoint_every: int) -> Iterator[Violation]:
    by_rank: dict[tuple[str, int], list[Step]] = defaultdict(list)
    for step in evidence.steps:
        by_rank[step.job, step.rank].append(step)
    for (job, rank), own in by_rank.items():
        for sentence in broken_log(own, checkpoint_every):
            yield Violation("step logs are consistent", own[-1].time, f"rank {rank} of {job}: {sentence}")
        if job in evidence.ends and {step.step for step in own} != set(range(1, steps + 1)):
            yield Violation("step logs are consistent", own[-1].time, f"rank {rank} of {job} has not every step")
    moment = max((step.time for step in evidence.steps), default=0)
    for job, (phase, hashed) in evidence.ends.items():
        if phase != SUCCEEDED:
            yield Violation("jobs succeed", moment, f"{job} ended as {phase}")
        elif hashed != weights:
            yield Violation("weights are those of an undisturbed run", moment, f"{job} ended with {hashed}")


def broken_log(steps: list[Step], checkpoint_every: int) -> Iterator[str]:
    """What is wrong with the log of one rank: its lines in the order of time."""
    attempts: dict[int, list[Step]] = defaultdict(list)
    losses: dict[int, float] = {}
    for step in steps:
        attempts[step.attempt].append(step)
        if losses.setdefault(step.step, step.loss) != step.loss:
            yield f"step {step.step} has the loss {step.loss} in attempt {step.attempt}, and {losses[step.step]} before"
    reached = 0
    for attempt, own in sorted(attempts.items()):
        numbers = [step.step for step in own]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            yield f"attempt {attempt} skipped or repeated steps: {numbers}"
        if (numbers[0] - 1) % checkpoint_every or numbers[0] > reached + 1:
            yield f"attempt {attempt} began with step {numbers[0]} after {reached}, where no checkpoint can be"
        reached = max(reached, *numbers)
