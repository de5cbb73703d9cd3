"""Looks at processes and records, again and again, until it is ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import records, table
from .evidence import Committed, Evidence, Holding, Life
from .postgres import Away, Postgres
from .table import Process
from .world import World

PROCESS_SECONDS = 0.2
RECORD_SECONDS = 1.0


class Observer:
    """Two threads: processes are looked at often, records every second."""

    def __init__(self, world: World, evidence: Evidence) -> None:
        self._postgres: Postgres = world.postgres
        self._evidence = evidence
        self._nodes = {host.network: host.name for host in world.hosts.values()}
        self._is_over = threading.Event()
        self._open: dict[Process, Life] = {}
        self._is_rank: dict[Process, bool] = {}
        self._last: dict[tuple[str, str], Holding | Committed] = {}
        self.failure: BaseException | None = None
        self._threads = [
            threading.Thread(target=self._repeat, args=(self._look_at_processes, PROCESS_SECONDS), daemon=True),
            threading.Thread(target=self._repeat, args=(self._look_at_records, RECORD_SECONDS), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        self._evidence.lives.extend(self._open.values())
        self._open.clear()

    def _repeat(self, look: Callable[[], None], seconds: float) -> None:
        try:
            while not self._is_over.wait(seconds):
                look()
        except BaseException as failure:
            self.failure = failure
            raise

    def _look_at_processes(self) -> None:
        now = time.time()
        seen = {one.process: one for one in table.look() if one.computes and one.network in self._nodes}
        for process, life in list(self._open.items()):
            if process in seen:
                self._open[process] = replace(life, ended=now)
            else:
                self._evidence.lives.append(self._open.pop(process))
        for process, one in seen.items():
            if process not in self._open and self._runs_python(process):
                self._open[process] = Life(process.pid, process.ticks, self._nodes[one.network], now, now)

    def _runs_python(self, process: Process) -> bool:
        # Not remembered as long as it is not Python: the process may be a shell that becomes it.
        if not self._is_rank.get(process):
            self._is_rank[process] = table.program(process.pid).startswith("python")
        return self._is_rank[process]

    def _look_at_records(self) -> None:
        try:
            found = records.read(self._postgres)
        except Away:
            return
        for holding in found.holdings():
            self._note(("node", holding.node), holding, self._evidence.holdings)
        for committed in found.committed():
            self._note(("job", committed.job), committed, self._evidence.commits)

    def _note(self, key: tuple[str, str], said: Holding | Committed, into: list[Any]) -> None:
        before = self._last.get(key)
        if before is None or replace(before, time=said.time) != said:
            self._last[key] = said
            into.append(said)

