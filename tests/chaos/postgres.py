"""A PostgreSQL server of the campaign's own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from .network import on
from .table import signal_one

INSTALLED = Path("/usr/lib/postgresql")
START_SECONDS = 60
QUERY_SECONDS = 10


class Away(Exception):
    """The server does not answer."""


class Postgres:
    """One server with one database, on a machine of its own."""

    def __init__(self, machine: str, address: str, folder: Path) -> None:
        self._machine = machine
        self._address = address
        self._folder = folder
        self._binaries = max(INSTALLED.glob("*/bin"), key=lambda path: int(path.parent.name))
        self._server: subprocess.Popen[bytes] | None = None
        self.connection = f"Host={address};Database=orchestrator;Username=orchestrator;Maximum Pool Size=32"

    def make(self) -> None:
        """A server with an empty database."""
        self._folder.mkdir(mode=0o755)
        shutil.chown(self._folder, "postgres")
        subprocess.run(
            [*self._as_postgres("initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust", "--locale=C",
             "-E", "UTF8"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        with (self._data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/16 trust\n")
        self.start()
        self._psql("postgres", "CREATE ROLE orchestrator LOGIN")
        self._psql("postgres", "CREATE DATABASE orchestrator OWNER orchestrator")

    def start(self) -> None:
        with (self._folder / "postgres.log").open("ab") as log:
            self._server = subprocess.Popen(
                on(self._machine, [*self._as_postgres("postgres"), "-D", str(self._data), "-k", str(self._folder),
                                   "-c", f"listen_addresses={self._address}"]),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if time.monotonic() > deadline:
                raise TimeoutError(f"PostgreSQL did not start within {START_SECONDS} s; see {self._folder}")
            time.sleep(0.1)

    def stop(self, how: signal.Signals) -> None:
        """SIGINT ends sessions and itself in order, SIGQUIT at once, as a crash would."""
        if self._server is not None:
            signal_one(self._server.pid, how)
            self._server.wait(START_SECONDS)
            self._server = None

    def is_up(self) -> bool:
        try:
            self._psql("postgres", "SELECT 1")
            return True
        except Away:
            return False

    def rows(self, query: str) -> list[Any]:
        """What a query answers, each row as an object."""
        said = self._psql("orchestrator", f"SELECT coalesce(json_agg(found), '[]') FROM ({query}) AS found")
        return list(json.loads(said))

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _psql(self, database: str, statement: str) -> str:
        finished = subprocess.run(
            [str(self._binaries / "psql"), "-h", str(self._folder), "-U", "postgres", "-d", database, "-XAtq",
             "-v", "ON_ERROR_STOP=1", "-c", statement],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=QUERY_SECONDS)
        if finished.returncode == 2 or "shutting down" in finished.stderr or "terminat" in finished.stderr:
            raise Away(finished.stderr.strip())
        if finished.returncode != 0:
            raise RuntimeError(f"{statement}: {finished.stderr.strip()}")
        return finished.stdout

    def _as_postgres(self, program: str) -> list[str]:
        # It refuses to run as root.
        command = [str(self._binaries / program)]
        who = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        return [*who, *command] if os.geteuid() == 0 else command
