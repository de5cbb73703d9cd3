"""One campaign: the cluster, the jobs, the faults round by round, and what was seen of all of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from . import inject, records, reference, rest
from .checks import accounts, attempts, checkpoints, incidents, leases, nodes, overlap, training
from .evidence import Evidence, Happened, Violation
from .jobs import CHECKPOINT_EVERY, KEEP, Course, JobLine, weights_sha256
from .observer import Observer
from .orch import Orch
from .plan import Round
from .world import World

REST_SECONDS = 120
"""Bound of convergence: from the last healing of a round until everything is there and the job makes steps."""

JOB_SECONDS = 600
FIRST_REST_SECONDS = 180


@dataclass(frozen=True)
class Orders:
    """What a campaign is to do."""

    seed: int
    rounds: list[Round]
    course: Course
    seconds: float
    """No round begins later than this."""


class Campaign:
    """`run` does all of it; what it found is in `evidence`, and `violations` judges it."""

    def __init__(self, orders: Orders, data: Path) -> None:
        self._orders = orders
        self._data = data
        self.evidence = Evidence()
        self.skipped = 0
        self._weights = ""
        self._is_over = False

    def run(self) -> None:
        world = World(self._data)
        try:
            world.up()
            self._weights = reference.weights_of(self._orders.course)
            self._train_and_break(world)
        finally:
            world.end()

    def violations(self) -> Iterator[Violation]:
        """Everything that does not hold, as far as the campaign has come."""
        return judge(self.evidence, self._orders.course, self._weights, self._is_over)

    def _train_and_break(self, world: World) -> None:
        orch = Orch()
        jobs = JobLine(orch, world.postgres, self._data, self._orders.course)
        cluster = rest.Cluster(world, orch, jobs)
        observer = Observer(world, self.evidence)
        injector = inject.Injector(world, jobs)
        try:
            jobs.start()
            self._rest(cluster, FIRST_REST_SECONDS, "the begin")
            began = time.monotonic()
            for number, planned in enumerate(self._orders.rounds, 1):
                if time.monotonic() - began > self._orders.seconds:
                    say(f"The time is over after {len(self.evidence.faults)} faults.")
                    break
                self._round(cluster, injector, planned)
                if self.evidence.late:
                    break
                raise_failure(jobs, observer)
                say(f"round {number} of {len(self._orders.rounds)} is over, {time.monotonic() - began:.0f} s")
            if not jobs.finish(JOB_SECONDS):
                self.evidence.late.append(f"the last job did not end within {JOB_SECONDS} s")
            self._look_back(cluster)
        finally:
            observer.end()
            self._read_logs(jobs)
            self.evidence.save(self._data / "evidence.json")
        self._is_over = True

    def _round(self, cluster: rest.Cluster, injector: inject.Injector, planned: Round) -> None:
        time.sleep(planned.settle)
        begin = time.monotonic()
        wounds: list[inject.Wound] = []
        for fault in planned.faults:
            self._heal_until(wounds, begin + fault.after)
            say(f"  fault {fault.number}: {fault.kind} of {fault.target} for {fault.seconds} s")
            if (wound := injector.do(fault)) is None:
                self.skipped += 1
                say(f"  fault {fault.number} met nobody")
            else:
                wounds.append(wound)
        self._heal_until(wounds, None)
        self._rest(cluster, REST_SECONDS, f"fault {planned.faults[-1].number}")
        self.evidence.faults = [
            replace(fault, settled=min(fault.settled, time.time())) for fault in self.evidence.faults
        ]
        self.evidence.damage += rest.damaged_checkpoints(cluster)

    def _heal_until(self, wounds: list[inject.Wound], moment: float | None) -> None:
        """Heals what is due, in its order, and returns at the moment; without one, when all is healed."""
        while wounds:
            wound = min(wounds, key=due)
            wait = due(wound) - time.time()
            if moment is not None and time.monotonic() + wait > moment:
                break
            time.sleep(max(wait, 0))
            wounds.remove(wound)
            self.evidence.faults.append(wound.close())
        if moment is not None:
            time.sleep(max(moment - time.monotonic(), 0))

    def _rest(self, cluster: rest.Cluster, seconds: float, after: str) -> None:
        began = time.monotonic()
        missing = rest.wait(cluster, seconds)
        if missing is not None:
            sentence = f"not at rest {seconds:.0f} s after {after}: {missing}"
            say(sentence)
            self.evidence.late.append(sentence)
        else:
            say(f"  at rest {time.monotonic() - began:.1f} s after {after}")

    def _look_back(self, cluster: rest.Cluster) -> None:
        self.evidence.damage += rest.damaged_checkpoints(cluster)
        found = records.read(cluster.world.postgres)
        self.evidence.incidents, self.evidence.ledgers = found.incidents, found.ledgers()
        for job, phase in cluster.jobs.ended.items():
            self.evidence.ends[job] = (phase, weights_sha256(cluster.jobs.out(job)))

    def _read_logs(self, jobs: JobLine) -> None:
        for job in jobs.all:
            self.evidence.starts += jobs.starts(job)
            self.evidence.steps += jobs.steps(job)


def judge(evidence: Evidence, course: Course, weights: str, is_over: bool) -> Iterator[Violation]:
    """Everything that does not hold in what was seen of a campaign."""
    yield from overlap.violations(evidence)
    yield from training.violations(evidence, course.steps, weights, CHECKPOINT_EVERY)
    yield from checkpoints.violations(evidence, KEEP)
    yield from leases.violations(evidence)
    if is_over:
        yield from incidents.violations(evidence)
    yield from accounts.violations(evidence)
    yield from nodes.violations(evidence)
    yield from attempts.violations(evidence)
    for sentence in evidence.late:
        yield Violation("everything comes to rest in time", time.time(), sentence)


def due(wound: inject.Wound) -> float:
    return wound.began + wound.fault.seconds


def fault_before(moment: float, faults: list[Happened]) -> int | None:
    """The newest fault that had begun by then."""
    return max((fault.number for fault in faults if fault.began <= moment), default=None)


def raise_failure(jobs: JobLine, observer: Observer) -> None:
    for failure in (jobs.failure, observer.failure):
        if failure is not None:
            raise RuntimeError("the campaign itself failed") from failure


def say(words: str) -> None:
    """For a person; standard output is for the report."""
    print(words, file=sys.stderr, flush=True)
