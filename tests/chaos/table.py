"""The kernel's list of processes, by machine."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Process:
    """One process for ever: its start tells it from a later one with the same number."""

    pid: int
    ticks: int


@dataclass(frozen=True)
class Seen:
    """A process at one moment."""

    process: Process
    state: str
    """The kernel's letter: T is stopped, Z has ended."""

    network: int
    """Inode of its network."""

    @property
    def computes(self) -> bool:
        return self.state not in "TtZX"


def look() -> list[Seen]:
    return [seen for folder in PROC.iterdir() if folder.name.isdigit() and (seen := look_at(int(folder.name)))]


def look_at(pid: int) -> Seen | None:
    """None when it has ended."""
    folder = PROC / str(pid)
    try:
        text = (folder / "stat").read_text()
        network = os.readlink(folder / "ns/net")
    except OSError:
        return None
    # The name in the second field may hold spaces and parentheses; the last ')' ends it.
    fields = text[text.rindex(")") + 2 :].split()
    return Seen(Process(pid, int(fields[19])), fields[0], int(network[5:-1]))


def program(pid: int) -> str:
    """The name of what it runs; empty when it has ended."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")[0].rpartition(b"/")[2].decode()
    except OSError:
        return ""


def environment(pid: int) -> dict[str, str]:
    try:
        entries = (PROC / str(pid) / "environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return {}
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)


def on_network(network: int) -> list[Seen]:
    return [seen for seen in look() if seen.network == network and seen.state not in "ZX"]


def signal_one(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_all(network: int) -> None:
    """Kills everything on a network, also what is started meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while found := on_network(network):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{[seen.process.pid for seen in found]} do not end")
        for seen in found:
            signal_one(seen.process.pid, signal.SIGKILL)
        time.sleep(0.02)


def stop_all(network: int) -> None:
    """Stops everything on a network where it is, also what is started meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while running := [seen for seen in on_network(network) if seen.computes]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{[seen.process.pid for seen in running]} do not stop")
        for seen in running:
            signal_one(seen.process.pid, signal.SIGSTOP)
        time.sleep(0.02)


def continue_all(network: int) -> None:
    for seen in on_network(network):
        signal_one(seen.process.pid, signal.SIGCONT)
