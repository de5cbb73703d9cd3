"""What was seen from outside: the data that the checks read. All moments are Unix seconds of the one machine."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Happened:
    """A fault that was done."""

    number: int
    kind: str
    target: str
    nodes: tuple[str, ...]
    """The hosts that it hit."""

    began: float
    healed: float
    settled: float = math.inf
    """When everything had come to rest after it."""


@dataclass(frozen=True)
class Life:
    """A stretch of time in which a process was seen computing: neither stopped nor ended."""

    pid: int
    ticks: int
    node: str
    began: float
    ended: float


@dataclass(frozen=True)
class Start:
    """A rank of a job began, by its own word."""

    job: str
    attempt: int
    rank: int
    node: str
    pid: int
    ticks: int
    time: float


@dataclass(frozen=True)
class Step:
    """A rank finished a step, by its own word."""

    job: str
    attempt: int
    rank: int
    node: str
    step: int
    loss: float
    time: float


@dataclass(frozen=True)
class Holding:
    """A node's record said so: whom it is leased to."""

    time: float
    node: str
    version: int
    lease_number: int
    job: str | None
    lease: int | None


@dataclass(frozen=True)
class Committed:
    """A job's record said so: the checkpoints that it may resume from, newest first, as (step, attempt)."""

    time: float
    job: str
    attempt: int
    checkpoints: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ledger:
    """A job's record said so at the end: where its time went."""

    job: str
    submitted: float
    ended: float | None
    since: float
    """Up to when everything is booked."""

    open: str | None
    """The account that later time would go to; None when the job has ended."""

    accounts: dict[str, float]
    """Seconds."""


@dataclass
class Evidence:
    """Everything that was seen in one campaign."""

    faults: list[Happened] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    commits: list[Committed] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    """Committed checkpoints that were missing or altered on disk."""

    incidents: list[dict[str, Any]] = field(default_factory=list)
    """The stored records of the incidents, as they are at the end."""

    ledgers: list[Ledger] = field(default_factory=list)
    """Of all jobs, as they are at the end."""

    late: list[str] = field(default_factory=list)
    """What did not come to rest in time."""

    ends: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Of each job that ended: its phase and the hash of its weights."""

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1))

    @staticmethod
    def load(path: Path) -> Evidence:
        """What `save` wrote."""
        said = json.loads(path.read_text())
        kinds = {"faults": Happened, "lives": Life, "starts": Start, "steps": Step, "holdings": Holding,
                 "commits": Committed, "ledgers": Ledger}
        found = Evidence(**{name: [kinds[name](**each) for each in value] if name in kinds else value
                            for name, value in said.items()})
        found.faults = [dataclasses.replace(fault, nodes=tuple(fault.nodes)) for fault in found.faults]
        found.commits = [dataclasses.replace(each, checkpoints=tuple(map(tuple, each.checkpoints)))
                         for each in found.commits]
        found.ends = {job: (phase, weights) for job, (phase, weights) in found.ends.items()}
        return found


@dataclass(frozen=True)
class Violation:
    """An invariant that did not hold."""

    invariant: str
    moment: float
    evidence: str
