"""The cluster of a campaign: three silos, one database, and hosts in racks, each on a machine of its own."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from pathlib import Path

from .network import Network, inode, on, run
from .plan import RACKS, SILOS
from .postgres import Postgres
from .unit import Keeper, Unit

ROOT = Path(__file__).resolve().parents[2]
CLIENT = "client"
AGENT_PORT, PEER_PORT = 7070, 7071
STATE_MEBIBYTES = 24


class Host:
    """One host: what it has on disk and in memory, and its agent."""

    def __init__(self, name: str, rack: str, address: str, folder: Path) -> None:
        self.name, self.rack, self.address = name, rack, address
        self.folder = folder
        self.state, self.memory = folder / "state", folder / "memory"
        self._boots = 1
        self.unit = Unit(f"agent of {name}", self._command, self._environment, folder / "agent.log")

    def make(self) -> None:
        """Its disk is small, so that it can be full."""
        self.state.mkdir(parents=True)
        run("mount", "-t", "tmpfs", "-o", f"size={STATE_MEBIBYTES}m", "none", str(self.state))
        self.memory.mkdir()

    @property
    def network(self) -> int:
        return inode(self.name)

    def lose_memory(self) -> None:
        """The next start is on a fresh boot."""
        shutil.rmtree(self.memory)
        self.memory.mkdir()
        self._boots += 1

    def fill_disk(self) -> None:
        with (self.state / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"\0" * 65536)
            except OSError:
                return

    def free_disk(self) -> None:
        (self.state / "ballast").unlink(missing_ok=True)

    def _command(self) -> list[str]:
        options = {
            "--name": self.name,
            "--silo": servers(),
            "--state": str(self.state),
            "--memory": str(self.memory),
            "--address": self.address,
            "--peer-port": str(PEER_PORT),
            "--virtual-gpus": "1",
            "--label": f"rack={self.rack}",
        }
        return on(self.name, [binary("Agent", "orchestrator-agent"), *itertools.chain.from_iterable(options.items())])

    def _environment(self) -> dict[str, str]:
        # The hosts of one machine would share the kernel's boot id. Gloo takes the interface of the host's own name.
        return {**clean(), "ORCHESTRATOR_BOOT_ID": f"{self.name}-{self._boots}", "GLOO_SOCKET_IFNAME": "eth0"}


class World:
    """All of it. `end` takes down what was started; the namespaces end with the program."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.network = Network()
        self.keeper = Keeper()
        self.postgres = Postgres("db", "10.77.0.2", data / "postgres")
        self.silos: dict[str, Unit] = {}
        self.hosts: dict[str, Host] = {}

    def up(self) -> None:
        self.network.add_machine(CLIENT, "10.77.0.100")
        self.network.add_machine("db", "10.77.0.2")
        self.postgres.make()
        for name in SILOS:
            self._add_silo(name)
        storage = [binary("Silo", "orchestrator-silo"), "storage", "init", "--postgres", self.postgres.connection]
        subprocess.run(on(CLIENT, storage), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for silo in self.silos.values():
            silo.start()
        for number, (rack, hosts) in enumerate(RACKS.items(), 1):
            self.network.add_rack(rack)
            for place, name in enumerate(hosts, 1):
                self._add_host(name, rack, f"10.77.{number}.{place}")
        for host in self.hosts.values():
            host.unit.start()

    def end(self) -> None:
        self.keeper.end()

    def _add_silo(self, name: str) -> None:
        address = silo_address(name)
        self.network.add_machine(name, address)
        command = on(name, [
            binary("Silo", "orchestrator-silo"), "--silo-address", address, "--listen", f"{address}:{AGENT_PORT}",
            "--trust-network", "yes", "--cluster", "chaos",
        ])
        environment = {**clean(), "ORCHESTRATOR_POSTGRES": self.postgres.connection}
        unit = Unit(name, lambda: command, lambda: environment, self.data / f"{name}.log")
        self.silos[name] = self.keeper.add(unit)

    def _add_host(self, name: str, rack: str, address: str) -> None:
        self.network.add_machine(name, address, rack)
        host = Host(name, rack, address, self.data / name)
        host.make()
        self.keeper.add(host.unit)
        self.hosts[name] = host


def silo_address(name: str) -> str:
    return f"10.77.0.{11 + SILOS.index(name)}"


def servers(first: int = 0) -> str:
    """All silos, beginning with one of them."""
    turned = SILOS[first % len(SILOS) :] + SILOS[: first % len(SILOS)]
    return ",".join(f"http://{silo_address(name)}:{AGENT_PORT}" for name in turned)


def binary(project: str, program: str) -> str:
    given = os.environ.get("ORCHESTRATOR_BIN")
    path = Path(given, program) if given else ROOT / f"src/Orchestrator.{project}/bin/Release/net10.0/{program}"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; build it first: dotnet build Orchestrator.sln -c Release")
    return str(path)


def clean() -> dict[str, str]:
    """The environment without what would lead a program elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ORCHESTRATOR_", "ASPNETCORE_"))}
