"""Ranks of two attempts of one job never compute at once, beyond what a lease allows on a host that is cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..evidence import Evidence, Happened, Violation
from ..kinds import FREEZING, ISOLATING

LEASE, GRACE, MARGIN = 10.0, 2.0, 1.1
BOUND = (LEASE + GRACE) * MARGIN
"""Seconds after which the ranks of a host that is cut off are gone."""

THAWED = GRACE * MARGIN
"""Seconds in which the supervisors of a host that goes on see that its lease has run out."""

LOOKS = 1.0
"""Seconds by which what is seen from outside may be late."""


@dataclass(frozen=True)
class Sign:
    """A rank of an attempt computed on a node until then."""

    job: str
    attempt: int
    rank: int
    node: str
    until: float
    what: str


def violations(evidence: Evidence) -> Iterator[Violation]:
    begun = begins(evidence)
    for sign in signs(evidence):
        later = [moment for (job, attempt), moment in begun.items() if job == sign.job and attempt > sign.attempt]
        if not later or sign.until <= min(later) + LOOKS:
            continue
        allowed = max([min(later), *until_allowed(sign.node, evidence.faults)])
        if sign.until > allowed + LOOKS:
            yield Violation(
                "one attempt at a time",
                sign.until,
                f"rank {sign.rank} of attempt {sign.attempt} of {sign.job} {sign.what} on {sign.node}, "
                f"{sign.until - min(later):.1f} s after the next attempt began and "
                f"{sign.until - allowed:.1f} s after the last moment that its faults allow",
            )


def begins(evidence: Evidence) -> dict[tuple[str, int], float]:
    """When the first rank of each attempt began."""
    found: dict[tuple[str, int], float] = {}
    for start in evidence.starts:
        attempt = (start.job, start.attempt)
        found[attempt] = min(start.time, found.get(attempt, start.time))
    return found


def signs(evidence: Evidence) -> Iterator[Sign]:
    by_process = {(start.pid, start.ticks): start for start in evidence.starts}
    for life in evidence.lives:
        if start := by_process.get((life.pid, life.ticks)):
            yield Sign(start.job, start.attempt, start.rank, start.node, life.ended, f"(pid {life.pid}) still ran")
    for step in evidence.steps:
        yield Sign(step.job, step.attempt, step.rank, step.node, step.time, f"finished step {step.step}")


def until_allowed(node: str, faults: Iterable[Happened]) -> Iterator[float]:
    """Until when the faults of a node allow that ranks of an old attempt are there."""
    for fault in faults:
        if node in fault.nodes and fault.kind in ISOLATING:
            yield fault.began + BOUND
        elif node in fault.nodes and fault.kind in FREEZING:
            # It may have been frozen for less than its lease; then the rest of it is left.
            yield max(fault.healed + THAWED, fault.began + BOUND)
