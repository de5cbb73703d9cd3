"""Training scripts as processes of their own, which a test talks to line by line."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from time import monotonic

CLIENT_FOLDER = Path(__file__).resolve().parents[2] / "src" / "python"
WAIT_SECONDS = 30.0

PRELUDE = """
import os, sys, orchestrator_client as oc
from orchestrator_client import _reporter; _reporter.FIRST_REPORT_SECONDS = float(os.environ["FIRST_REPORT_SECONDS"])
def say(*words): print(*words, flush=True)
def hear(): return sys.stdin.readline().strip()
"""


def environment(socket: Path | None, **extra: str) -> dict[str, str]:
    """The environment of a rank, or of a run by hand where there is no socket."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ORCHESTRATOR_") and name not in ("RANK", "WORLD_SIZE")
    }
    inherited["PYTHONPATH"] = str(CLIENT_FOLDER)
    # Most tests are about what comes after the first report.
    inherited["FIRST_REPORT_SECONDS"] = "0"
    if socket is not None:
        inherited.update(
            ORCHESTRATOR_AGENT_SOCKET=str(socket),
            ORCHESTRATOR_JOB_ID="job-1",
            ORCHESTRATOR_ATTEMPT="3",
            RANK="2",
            WORLD_SIZE="4",
        )
    inherited.update(extra)
    return inherited


class Script:
    """A running script; ``say`` in it is read by ``expect``, ``hear`` in it gets what ``tell`` sends."""

    def __init__(self, body: str, variables: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(body)],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._errors: list[str] = []
        self._readers = [threading.Thread(target=self._read_output), threading.Thread(target=self._read_errors)]
        for reader in self._readers:
            reader.start()

    @property
    def errors(self) -> str:
        return "".join(self._errors)

    def tell(self, line: str = "go") -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def expect(self, wanted: str) -> None:
        """Waits for the next line and checks it."""
        line = self.next_line(f"the line {wanted!r}")
        assert line == wanted, f"expected {wanted!r}, got {line!r}; stderr: {self.errors}"

    def next_line(self, what: str = "a line") -> str:
        try:
            line = self._lines.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise AssertionError(f"within {WAIT_SECONDS:.0f} s the script did not say {what}") from None
        assert line is not None, f"the script ended without {what}; stderr: {self.errors}"
        return line

    def end(self, code: int = 0) -> float:
        """Waits for the script to end; returns the seconds that it took from now."""
        started = monotonic()
        try:
            ended = self._process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"within {WAIT_SECONDS:.0f} s the script did not end") from None
        took = monotonic() - started
        self._join()
        assert ended == code, f"exit code {ended}, expected {code}; stderr: {self.errors}"
        return took

    def clean_up(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process.stdin.close()
        self._join()
        self._process.stdout.close()
        self._process.stderr.close()

    def _join(self) -> None:
        for reader in self._readers:
            reader.join(WAIT_SECONDS)
            assert not reader.is_alive(), "a process that the script started still holds its output"

    def _read_output(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _read_errors(self) -> None:
        for line in self._process.stderr:
            self._errors.append(line)
