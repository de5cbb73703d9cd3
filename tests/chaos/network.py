"""Networks of the campaign: a namespace per machine, a bridge per rack, and one that joins them.

The program runs in namespaces of its own (network, mounts, processes), so that nothing of this is seen outside, and
all of it ends with the program, however that ends.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

NAMES = Path("/run/netns")
SWITCHES = "switches"
CORE = "core"
HERE = "here0"


class Network:
    """Machines by name, each with an address of 10.77.0.0/16, all of them reachable from each other."""

    def __init__(self) -> None:
        NAMES.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "none", str(NAMES))
        run("ip", "netns", "add", SWITCHES)
        self._add_bridge(CORE)

    def add_rack(self, rack: str) -> None:
        """A switch of its own, with one cable to the core."""
        self._add_bridge(rack)
        switches = ("ip", "-n", SWITCHES, "link")
        run(*switches, "add", f"up-{rack}", "type", "veth", "peer", "name", f"dn-{rack}")
        run(*switches, "set", f"up-{rack}", "master", CORE, "up")
        run(*switches, "set", f"dn-{rack}", "master", rack, "up")

    def add_machine(self, machine: str, address: str, switch: str = CORE) -> None:
        run("ip", "netns", "add", machine)
        run("ip", "link", "add", f"to-{machine}", "netns", SWITCHES, "type", "veth", "peer", "eth0", "netns", machine)
        run("ip", "-n", SWITCHES, "link", "set", f"to-{machine}", "master", switch, "up")
        run("ip", "-n", machine, "link", "set", "lo", "up")
        run("ip", "-n", machine, "link", "set", "eth0", "up")
        run("ip", "-n", machine, "address", "add", f"{address}/16", "dev", "eth0")

    def join(self, address: str) -> None:
        """Plugs in the program itself, for what it asks over a connection of its own."""
        subprocess.run(("ip", "link", "delete", HERE), stdin=subprocess.DEVNULL, capture_output=True)
        run("ip", "link", "add", "to-here", "netns", SWITCHES, "type", "veth", "peer", HERE)
        run("ip", "-n", SWITCHES, "link", "set", "to-here", "master", CORE, "up")
        run("ip", "link", "set", HERE, "up")
        run("ip", "address", "add", f"{address}/16", "dev", HERE)

    def set_link(self, machine: str, is_up: bool) -> None:
        """Pulls or plugs the machine's cable."""
        run("ip", "-n", SWITCHES, "link", "set", f"to-{machine}", "up" if is_up else "down")

    def set_rack(self, rack: str, is_up: bool) -> None:
        """Pulls or plugs the cable between a rack and everything else."""
        run("ip", "-n", SWITCHES, "link", "set", f"up-{rack}", "up" if is_up else "down")

    def _add_bridge(self, name: str) -> None:
        run("ip", "-n", SWITCHES, "link", "add", name, "type", "bridge", "forward_delay", "0")
        run("ip", "-n", SWITCHES, "link", "set", name, "up")


def on(machine: str, command: Iterable[str]) -> list[str]:
    """The same command, run on a machine; it replaces nsenter, so that the process id is its own."""
    return ["nsenter", f"--net={NAMES / machine}", *command]


def inode(machine: str) -> int:
    """By which the processes of a machine are told from others."""
    return os.stat(NAMES / machine).st_ino


def run(*command: str) -> None:
    finished = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if finished.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {finished.returncode}: {finished.stderr.strip()}")
