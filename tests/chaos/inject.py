"""Does faults to the cluster, and heals them."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from . import table
from .evidence import Happened
from .jobs import JobLine
from .plan import Fault
from .world import Host, World


@dataclass(frozen=True)
class Wound:
    """A fault that was done and is not healed yet."""

    fault: Fault
    nodes: tuple[str, ...]
    began: float
    heal: Callable[[], None]

    def close(self) -> Happened:
        self.heal()
        return Happened(
            self.fault.number, self.fault.kind, self.fault.target, self.nodes, self.began, time.time())


class Injector:
    """One method per kind, by its name; each returns what heals it."""

    def __init__(self, world: World, jobs: JobLine) -> None:
        self._world = world
        self._jobs = jobs

    def do(self, fault: Fault) -> Wound | None:
        """None when its victim is not there, such as a rank while the job is launched anew."""
        if fault.target.startswith("rank") and not fault.nodes:
            return self._do_rank(fault)
        began = time.time()
        heal: Callable[[], None] = getattr(self, f"_{fault.kind}")(fault)
        return Wound(fault, fault.nodes, began, heal)

    def _do_rank(self, fault: Fault) -> Wound | None:
        found = self._rank(int(fault.target[4:]))
        if found is None:
            return None
        node, process = found
        began = time.time()
        if fault.kind == "rank_kill":
            table.signal_one(process.pid, signal.SIGKILL)
            return Wound(fault, (node,), began, nothing)
        table.signal_one(process.pid, signal.SIGSTOP)
        return Wound(fault, (node,), began, lambda: continue_one(process))

    def _rank(self, rank: int) -> tuple[str, table.Process] | None:
        job = self._jobs.current
        starts = [start for start in self._jobs.starts(job) if start.rank == rank] if job else []
        if not starts:
            return None
        process = table.Process(starts[-1].pid, starts[-1].ticks)
        seen = table.look_at(process.pid)
        return (starts[-1].node, process) if seen and seen.process == process and seen.state not in "ZX" else None

    def _agent_kill(self, fault: Fault) -> Callable[[], None]:
        unit = self._host(fault).unit
        unit.kill()
        return unit.start

    def _agent_stop(self, fault: Fault) -> Callable[[], None]:
        return stop(self._host(fault).unit.pid)

    _agent_stop_long = _agent_stop

    def _host_kill(self, fault: Fault) -> Callable[[], None]:
        host = self._host(fault)
        host.unit.hold()
        table.kill_all(host.network)
        return lambda: boot(host)

    def _host_power(self, fault: Fault) -> Callable[[], None]:
        host = self._host(fault)
        self._world.network.set_link(host.name, is_up=False)
        host.unit.hold()
        table.kill_all(host.network)

        def heal() -> None:
            self._world.network.set_link(host.name, is_up=True)
            boot(host)

        return heal

    def _host_stop(self, fault: Fault) -> Callable[[], None]:
        network = self._host(fault).network
        table.stop_all(network)
        return lambda: table.continue_all(network)

    def _host_cut(self, fault: Fault) -> Callable[[], None]:
        self._world.network.set_link(fault.target, is_up=False)
        return lambda: self._world.network.set_link(fault.target, is_up=True)

    def _rack_cut(self, fault: Fault) -> Callable[[], None]:
        self._world.network.set_rack(fault.target, is_up=False)
        return lambda: self._world.network.set_rack(fault.target, is_up=True)

    def _silo_kill(self, fault: Fault) -> Callable[[], None]:
        unit = self._world.silos[fault.target]
        unit.kill()
        return unit.start

    def _silo_stop(self, fault: Fault) -> Callable[[], None]:
        return stop(self._world.silos[fault.target].pid)

    def _silos_kill(self, _: Fault) -> Callable[[], None]:
        units = list(self._world.silos.values())
        for unit in units:
            unit.kill()

        def heal() -> None:
            for unit in units:
                unit.start()

        return heal

    def _postgres_restart(self, _: Fault) -> Callable[[], None]:
        self._world.postgres.stop(signal.SIGINT)
        return self._world.postgres.start

    def _postgres_crash(self, _: Fault) -> Callable[[], None]:
        self._world.postgres.stop(signal.SIGQUIT)
        return self._world.postgres.start

    def _disk_full(self, fault: Fault) -> Callable[[], None]:
        host = self._host(fault)
        host.fill_disk()
        return host.free_disk

    def _host(self, fault: Fault) -> Host:
        return self._world.hosts[fault.target]


def boot(host: Host) -> None:
    host.lose_memory()
    host.unit.start()


def stop(pid: int | None) -> Callable[[], None]:
    seen = table.look_at(pid) if pid is not None else None
    if seen is None:
        return nothing
    process = seen.process
    table.signal_one(process.pid, signal.SIGSTOP)
    return lambda: continue_one(process)


def continue_one(process: table.Process) -> None:
    seen = table.look_at(process.pid)
    if seen is not None and seen.process == process:
        table.signal_one(process.pid, signal.SIGCONT)


def nothing() -> None:
    """Heals what is over at once."""
