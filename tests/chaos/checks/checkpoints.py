"""A checkpoint that was committed stays as it was, until newer ones have taken its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..evidence import Committed, Evidence, Violation


def violations(evidence: Evidence, keep: int) -> Iterator[Violation]:
    for sentence in evidence.damage:
        yield Violation("committed checkpoints stay", 0, sentence)
    by_job: dict[str, list[Committed]] = defaultdict(list)
    for said in evidence.commits:
        by_job[said.job].append(said)
    for sayings in by_job.values():
        for before, after in zip(sayings, sayings[1:], strict=False):
            yield from lost(before, after, keep)


def lost(before: Committed, after: Committed, keep: int) -> Iterator[Violation]:
    """New ones stand before those that stay, and only as many go as there are more than are kept.

    No stored checkpoint is damaged in a campaign, so the newest one is always good enough to resume from.
    """
    new = [checkpoint for checkpoint in after.checkpoints if checkpoint not in before.checkpoints]
    newest = before.checkpoints[0] if before.checkpoints else (0, 0)
    if list(after.checkpoints) != [*new, *before.checkpoints][:keep] or any(fresh <= newest for fresh in new):
        yield Violation(
            "committed checkpoints stay",
            after.time,
            f"{after.job} had the checkpoints {list(before.checkpoints)} and has {list(after.checkpoints)}",
        )
