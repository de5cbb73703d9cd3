"""Reads the step log of the sample job: one JSON line per finished step, kept across attempts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One finished optimizer step."""

    attempt: int
    step: int
    loss: float
    time: float
    """Unix seconds."""


def read_steps(path: Path) -> list[Step]:
    """All steps in the order in which they were written; empty as long as there is no file."""
    if not path.exists():
        return []
    # Only whole lines: the last one may be being written.
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    records = [json.loads(line) for line in lines]
    return [Step(record["attempt"], record["step"], record["loss"], record["time"]) for record in records]


def by_attempt(steps: list[Step]) -> dict[int, list[Step]]:
    attempts: dict[int, list[Step]] = {}
    for step in steps:
        attempts.setdefault(step.attempt, []).append(step)
    return attempts


def mean_loss(steps: list[Step]) -> float:
    return sum(step.loss for step in steps) / len(steps)
