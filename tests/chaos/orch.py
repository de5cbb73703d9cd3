"""The command line `orch`, as an operator on another machine uses it."""

from __future__ import annotations

import itertools
import json
import subprocess
from typing import Any

from .network import on
from .world import CLIENT, binary, clean, servers

SECONDS = 30


class OrchError(Exception):
    """It failed; the message holds what it said."""


class Orch:
    """Each call begins with another silo, so that every one of them is asked."""

    def __init__(self) -> None:
        self._calls = itertools.count()

    def nodes(self) -> list[dict[str, Any]]:
        return list(self._ask("nodes"))

    def job(self, job_id: str) -> dict[str, Any]:
        return dict(self._ask("job", job_id))

    def jobs(self) -> list[dict[str, Any]]:
        return list(self._ask("jobs"))

    def submit(self, job_file: str, name: str) -> str:
        return str(self._ask("submit", job_file, "--name", name)["jobId"])

    def _ask(self, *arguments: str) -> Any:
        command = [binary("Cli", "orch"), *arguments, "-o", "json", "--server", servers(next(self._calls))]
        try:
            finished = subprocess.run(
                on(CLIENT, command), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                env=clean())
        except subprocess.TimeoutExpired as late:
            raise OrchError(f"orch {' '.join(arguments)} took more than {SECONDS} s") from late
        if finished.returncode != 0:
            raise OrchError(f"orch {' '.join(arguments)} ended with {finished.returncode}: {finished.stderr.strip()}")
        return json.loads(finished.stdout)
