"""What the campaign measured, by kind of fault, from the trainers' logs and the incidents' timelines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .checks.attempts import Attempt, attempts_of, unexplained
from .checks.incidents import moment
from .evidence import Evidence, Happened
from .kinds import KINDS
from .plan import RANKS

Spread = Callable[[Sequence[float]], dict[str, float]]


@dataclass(frozen=True)
class Effect:
    """What one fault came to."""

    kind: str
    detect_ms: int | None
    """From the fault to the first evidence that its incident has; None without a new attempt."""

    recover_ms: int | None
    """From the fault to the first step of the attempt that it led to."""

    pause_ms: int
    """The longest time between two steps of the job around the fault."""


def figures_of(evidence: Evidence, spread: Spread) -> dict[str, Any]:
    by_kind: dict[str, list[Effect]] = defaultdict(list)
    for effect in effects(evidence):
        by_kind[effect.kind].append(effect)
    attempts = attempts_of(evidence)
    return {
        "faults_by_kind": {kind: len(by_kind[kind]) for kind in KINDS if kind in by_kind},
        "effects_by_kind": {kind: summary(by_kind[kind], spread) for kind in KINDS if kind in by_kind},
        "jobs": len({attempt.job for attempt in attempts}),
        "attempts": len(attempts),
        "incidents": len(evidence.incidents),
        "restarts_of_healthy_ranks": RANKS * len(unexplained(evidence)),
        "gpu_seconds_by_account": gpu_seconds(evidence),
    }


def gpu_seconds(evidence: Evidence) -> dict[str, int]:
    """Of all jobs, with the largest account first."""
    sums: dict[str, float] = defaultdict(float)
    for ledger in evidence.ledgers:
        for account, seconds in ledger.accounts.items():
            sums[account] += seconds * RANKS
    return {account: round(sums[account]) for account in sorted(sums, key=lambda account: -sums[account])}


def summary(effects: list[Effect], spread: Spread) -> dict[str, Any]:
    def of(values: list[int | None]) -> dict[str, float]:
        return spread([value for value in values if value is not None])

    return {
        "faults": len(effects),
        "led_to_a_new_attempt": sum(effect.recover_ms is not None for effect in effects),
        "detect_ms": of([effect.detect_ms for effect in effects]),
        "recover_ms": of([effect.recover_ms for effect in effects]),
        "pause_ms": of([effect.pause_ms for effect in effects]),
    }


def effects(evidence: Evidence) -> list[Effect]:
    attempts = attempts_of(evidence)
    faults = sorted(evidence.faults, key=lambda fault: fault.began)
    causes = {id(attempt): cause(attempt, attempts, faults) for attempt in attempts}
    found = []
    for place, fault in enumerate(faults):
        until = faults[place + 1].began if place + 1 < len(faults) else fault.settled
        own = [attempt for attempt in attempts if causes[id(attempt)] == fault]
        found.append(
            Effect(
                fault.kind,
                detection(evidence, own[0], fault) if own else None,
                recovery(evidence, own[0], fault) if own else None,
                longest_pause(evidence, fault.began, until),
            )
        )
    return found


def cause(attempt: Attempt, attempts: list[Attempt], faults: list[Happened]) -> Happened | None:
    """The newest fault before an attempt that hit a host of the gang before it."""
    before = [other for other in attempts if other.job == attempt.job and other.number < attempt.number]
    fitting = [
        fault
        for fault in faults
        if before
        and KINDS[fault.kind].may_restart
        and before[-1].nodes & set(fault.nodes)
        and fault.began <= attempt.began <= fault.settled
    ]
    return fitting[-1] if fitting else None


def detection(evidence: Evidence, attempt: Attempt, fault: Happened) -> int | None:
    moments = [
        moment(entry["at"])
        for incident in evidence.incidents
        if incident["job"] == attempt.job and incident["failedAttempt"] < attempt.number
        for entry in incident["timeline"]
        if entry["event"] == "detected" and moment(entry["at"]) >= fault.began - 0.05
    ]
    return round((min(moments) - fault.began) * 1000) if moments else None


def recovery(evidence: Evidence, attempt: Attempt, fault: Happened) -> int | None:
    """The attempt itself may have been hit, too: then a later one makes the first step."""
    moments = [
        step.time
        for step in evidence.steps
        if step.job == attempt.job and step.attempt >= attempt.number and step.rank == 0
    ]
    return round((min(moments) - fault.began) * 1000) if moments else None


def longest_pause(evidence: Evidence, since: float, until: float) -> int:
    """Between steps of one job: what lies between two jobs is no pause."""
    steps = sorted((step for step in evidence.steps if step.rank == 0), key=lambda step: step.time)
    pauses = [
        after.time - before.time
        for before, after in zip(steps, steps[1:], strict=False)
        # The last step before the next fault begins the next pause.
        if before.job == after.job and before.time < until - 1 and after.time > since
    ]
    return round(max(pauses, default=0) * 1000)
