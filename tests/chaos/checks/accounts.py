"""Every GPU-second of a job is in exactly one account, and what is called productive was computed."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence import Evidence, Ledger, Violation

WHOLE = "every GPU-second is in exactly one account"
COMPUTED = "productive time was computed"

CLOCKS = 1.0
"""Seconds by which the clocks of silos may differ: the begin and the end of a job may be of two."""

UNSEEN = 5.0
"""Seconds of an attempt beyond its steps: its first one, its last checkpoint, and the end of its processes."""

NEWS = 30.0
"""Seconds after a fault in which the end of a job may be heard late; until then it counts as training."""


def violations(evidence: Evidence) -> Iterator[Violation]:
    for ledger in evidence.ledgers:
        for sentence in broken(ledger):
            yield Violation(WHOLE, ledger.since, f"{ledger.job}: {sentence}: {ledger.accounts}")
        productive, computed = ledger.accounts.get("Productive", 0.0), computed_seconds(evidence, ledger)
        if productive > computed:
            yield Violation(
                COMPUTED, ledger.since, f"{ledger.job}: {productive:.1f} s are productive, of {computed:.1f} s")


def broken(ledger: Ledger) -> Iterator[str]:
    """What is wrong with one ledger by itself."""
    wall = (ledger.ended or ledger.since) - ledger.submitted
    if abs(sum(ledger.accounts.values()) - wall) > CLOCKS:
        yield f"its accounts do not come to its wall time of {wall:.1f} s"
    if any(seconds < 0 for seconds in ledger.accounts.values()):
        yield "an account is negative"
    if ledger.ended and (ledger.open or ledger.accounts.get("Unsaved")):
        yield f"it has ended, and is not settled: open is {ledger.open}"


def computed_seconds(evidence: Evidence, ledger: Ledger) -> float:
    """At most so long a job can have trained, by the ranks' own word."""
    attempts: dict[int, list[float]] = {}
    for step in evidence.steps:
        if step.job == ledger.job:
            attempts.setdefault(step.attempt, []).append(step.time)
    if not attempts:
        return 0.0
    spans = {attempt: (min(times), max(times)) for attempt, times in attempts.items()}
    began, last = spans[max(spans)]
    if ledger.ended and any(fault.began < ledger.ended and last < fault.healed + NEWS for fault in evidence.faults):
        spans[max(spans)] = (began, max(last, ledger.ended))
    return sum(last - began + UNSEEN for began, last in spans.values())
