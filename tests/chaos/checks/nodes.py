"""A node serves one attempt at a time, so that none of its GPU-seconds can belong to two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..evidence import Evidence, Start, Violation
from .overlap import LOOKS, until_allowed


def violations(evidence: Evidence) -> Iterator[Violation]:
    """What attempts had of one node does not overlap, but for what a lease allows."""
    by_process = {(start.pid, start.ticks): start for start in evidence.starts}
    spans: dict[str, list[tuple[float, float, Start]]] = defaultdict(list)
    for life in evidence.lives:
        if start := by_process.get((life.pid, life.ticks)):
            # Before its start it was a standby, which belongs to no attempt.
            spans[start.node].append((max(life.began, start.time), life.ended, start))
    for node, own in spans.items():
        own.sort(key=lambda span: span[0])
        for (_, ended, first), (began, _, second) in zip(own, own[1:], strict=False):
            allowed = max([began, *until_allowed(node, evidence.faults)])
            same = (first.job, first.attempt) == (second.job, second.attempt)
            if not same and ended > allowed + LOOKS:
                yield Violation(
                    "nodes serve one attempt", began, f"{first} ran until {ended} beside {second}")
