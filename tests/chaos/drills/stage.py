"""What all drills share: the cluster at rest with a job that trains, and what is asked of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .. import records, rest, table
from ..campaign import say
from ..evidence import Start, Step
from ..jobs import Course, JobLine
from ..orch import Orch
from ..plan import HOSTS, SILOS
from ..world import World
from .api import Api, answered

REST_SECONDS = 180
LEASE_SECONDS, GRACE_SECONDS = 10, 2


class Stage:
    """One cluster, and one job at a time."""

    def __init__(self, world: World, data: Path) -> None:
        self.world = world
        self.data = data
        self.orch = Orch()
        world.network.join("10.77.0.101")
        self.api = Api(data / "messages", list(SILOS))
        self.jobs: JobLine

    def train(self, course: Course, **more: Any) -> str:
        """Submits a job and waits until it makes steps and everything else is at rest."""
        self.jobs = JobLine(self.orch, self.world.postgres, self.data, course, **more)
        self.jobs.start()
        self.settle()
        return str(self.jobs.current)

    def settle(self) -> None:
        cluster = rest.Cluster(self.world, self.orch, self.jobs)
        if missing := rest.wait(cluster, REST_SECONDS):
            raise TimeoutError(f"not at rest within {REST_SECONDS} s: {missing}")

    def record(self) -> dict[str, Any]:
        return records.read(self.world.postgres).jobs[str(self.jobs.current)]

    def steps(self) -> list[Step]:
        return self.jobs.steps(str(self.jobs.current))

    def starts(self, attempt: int) -> list[Start]:
        return [start for start in self.jobs.starts(str(self.jobs.current)) if start.attempt == attempt]

    def answers(self, silos: list[str], seconds: float) -> tuple[float, float]:
        """Seconds until every grain answers through each of the silos, and until every agent is attached."""
        job = str(self.jobs.current)
        grains = {
            **{f"{name} by {silo}": lambda silo=silo, name=name: self.api.node(silo, name).name == name
               for silo in silos for name in HOSTS},
            **{f"{job} by {silo}": lambda silo=silo: self.api.job(silo, job).id == job for silo in silos},
            **{f"pool by {silo}": lambda silo=silo: bool(self.api.pools(silo)) for silo in silos},
        }
        attached = {
            f"agents by {silo}": lambda silo=silo: all(
                any(node.name == name and node.is_connected for node in self.api.nodes(silo)) for name in HOSTS)
            for silo in silos
        }
        took, missing = answered({**grains, **attached}, seconds)
        if missing:
            raise TimeoutError(f"within {seconds} s there was no answer from {missing}")
        return max(took[name] for name in grains), max(took[name] for name in attached)

    def wait_for_nodes(self) -> None:
        """Before there is a job: every silo says that every host is warm."""
        warm = {f"nodes by {silo}": lambda silo=silo: {node.name for node in self.api.nodes(silo) if node.is_connected}
                == set(HOSTS) for silo in SILOS}
        if (missing := answered(warm, REST_SECONDS)[1]):
            raise TimeoutError(f"within {REST_SECONDS} s there was no answer from {missing}")

    def wait_for(self, what: str, seconds: float, is_so: Any) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := is_so()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"within {seconds} s: {what}")
            time.sleep(0.02)
        return found

    def first_step_of(self, attempt: int, seconds: float) -> float:
        """The moment of the first new step of an attempt."""
        self.wait_for(f"a step of attempt {attempt}", seconds, lambda: [
            step for step in self.steps() if step.attempt >= attempt])
        return min(step.time for step in self.steps() if step.attempt >= attempt)

    def longest_pause(self, since: float) -> float:
        """Between two steps of rank 0, in seconds."""
        moments = [step.time for step in self.steps() if step.rank == 0 and step.time >= since - 5]
        return max((after - before for before, after in zip(moments, moments[1:])), default=0.0)


def end_of(start: Start) -> float:
    """Waits until a rank is gone, and says when."""
    while (seen := table.look_at(start.pid)) and seen.process.ticks == start.ticks and seen.state not in "ZX":
        time.sleep(0.02)
    return time.time()


def tell(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    say(f"{name}: {figures}")
    return figures
