"""A rank whose gang was hit by no fault is not restarted, and is one process within an attempt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ..evidence import Evidence, Start, Violation
from ..kinds import KINDS


@dataclass(frozen=True)
class Attempt:
    """One launch of a job's gang, as its ranks tell it."""

    job: str
    number: int
    began: float
    starts: tuple[Start, ...]

    @property
    def nodes(self) -> set[str]:
        return {start.node for start in self.starts}


def violations(evidence: Evidence) -> Iterator[Violation]:
    yield from repeated_ranks(evidence)
    for attempt in unexplained(evidence):
        yield Violation(
            "healthy ranks are not restarted",
            attempt.began,
            f"attempt {attempt.number} of {attempt.job} began, and no fault of a member of its gang explains it",
        )


def unexplained(evidence: Evidence) -> list[Attempt]:
    """Attempts that began although no fault called for one."""
    found = []
    attempts = attempts_of(evidence)
    for attempt in attempts:
        nodes = gang_before(attempt, attempts, evidence)
        if attempt.number > 1 and not any(
            KINDS[fault.kind].may_restart and nodes & set(fault.nodes)
            and fault.began <= attempt.began <= fault.settled
            for fault in evidence.faults
        ):
            found.append(attempt)
    return found


def gang_before(attempt: Attempt, attempts: list[Attempt], evidence: Evidence) -> set[str]:
    """Nodes of every earlier launch. Not each has left a rank to tell of it: a host may freeze before its rank says its
    first word, or refuse the launch. Leases tell of those, and incidents of leases too short to be seen."""
    told = {node for other in attempts if other.job == attempt.job and other.number < attempt.number
            for node in other.nodes}
    leased = {holding.node for holding in evidence.holdings
              if holding.job == attempt.job and holding.time <= attempt.began}
    blamed = {str(incident.get("node")) for incident in evidence.incidents
              if incident["job"] == attempt.job and incident["failedAttempt"] < attempt.number}
    return told | leased | blamed


def attempts_of(evidence: Evidence) -> list[Attempt]:
    """All attempts of which a rank began, by job and number."""
    starts: dict[tuple[str, int], list[Start]] = defaultdict(list)
    for start in evidence.starts:
        starts[start.job, start.attempt].append(start)
    return [
        Attempt(job, number, min(start.time for start in own), tuple(own))
        for (job, number), own in sorted(starts.items())
    ]


def repeated_ranks(evidence: Evidence) -> Iterator[Violation]:
    """Within one attempt a rank is one process."""
    for attempt in attempts_of(evidence):
        ranks = [start.rank for start in attempt.starts]
        for rank in sorted({rank for rank in ranks if ranks.count(rank) > 1}):
            yield Violation(
                "healthy ranks are not restarted", attempt.began,
                f"rank {rank} began more than once in attempt {attempt.number} of {attempt.job}")
