"""Programs that are started again when they end, as systemd does with the units in silo-config/cluster."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

RESTART_SECONDS = 1.0
LOOK_SECONDS = 0.05
STOP_SECONDS = 15


class Unit:
    """One program. Held, it stays away when it ends."""

    def __init__(
        self, name: str, command: Callable[[], list[str]], environment: Callable[[], dict[str, str]], log: Path
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._is_wanted = False
        self._not_before = 0.0
        self._gate = threading.Lock()

    @property
    def pid(self) -> int | None:
        """None while it does not run."""
        with self._gate:
            return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """From now on it runs, whenever it ends."""
        with self._gate:
            self._is_wanted = True
        self.look()

    def hold(self) -> None:
        """From now on it stays away once it has ended."""
        with self._gate:
            self._is_wanted = False

    def kill(self) -> None:
        """Kills it, and nothing else; it stays away until it is started again."""
        self.hold()
        with self._gate:
            if self._process is not None:
                self._process.kill()
                self._process.wait(STOP_SECONDS)
                self._process = None

    def look(self) -> None:
        """Starts it when that is due."""
        with self._gate:
            if not self._is_wanted or (self._process is not None and self._process.poll() is None):
                return
            if self._process is not None:
                self._process = None
                self._not_before = time.monotonic() + RESTART_SECONDS
            if time.monotonic() < self._not_before:
                return
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=self._environment(),
                    start_new_session=True,
                )


class Keeper:
    """Looks after units until it is ended."""

    def __init__(self) -> None:
        self._units: list[Unit] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="units", daemon=True)
        self._thread.start()

    def add(self, unit: Unit) -> Unit:
        self._units.append(unit)
        return unit

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()
        for unit in self._units:
            unit.kill()

    def _run(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            for unit in list(self._units):
                unit.look()
