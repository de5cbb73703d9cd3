"""A development cluster on this machine, driven through the command line `orch`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

SAMPLES = Path(__file__).resolve().parent
REPOSITORY = SAMPLES.parent.parent
BUILT_ORCH = REPOSITORY / "src/Orchestrator.Cli/bin/Release/net10.0/orch"

# Longer than orch's own deadlines, so that its message, which knows more, comes first.
COMMAND_SECONDS = 90


class ClusterError(Exception):
    """A command of orch failed; the message holds what it said."""


@dataclass(frozen=True)
class Freeze:
    """What stood still, and since when."""

    at: float
    """Unix seconds."""

    pids: list[int]
    """The agent first."""


class DevelopmentCluster:
    """Several virtual hosts, each with an agent, and one silo; all of it lies in one data folder.

    Used in a `with` statement, whose end takes down whatever was started, whether or not all of it was.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        binaries = os.environ.get("ORCHESTRATOR_BIN")
        self._orch = Path(binaries, "orch") if binaries else BUILT_ORCH
        self._may_be_up = False
        self._followers: list[subprocess.Popen[str]] = []
        # An address in the environment would win over the cluster in the data folder.
        self._environment = {name: value for name, value in os.environ.items() if name != "ORCHESTRATOR_SERVER"}
        if not self._orch.exists():
            raise ClusterError(f"{self._orch} is missing; build it first: dotnet build Orchestrator.sln -c Release")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        # A second Ctrl-C must not leave hosts behind: neither this process nor the command heeds it.
        heeded = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for follower in self._followers:
                follower.terminate()
                follower.wait(COMMAND_SECONDS)
            if self._may_be_up:
                self._run("dev", "down", start_new_session=True)
        except ClusterError as error:
            if failure is None:
                raise
            # The failure that led here says more than this one, and goes on.
            print(f"The cluster could not be taken down: {error}", file=sys.stderr)
        finally:
            for number, handler in heeded.items():
                signal.signal(number, handler)

    def up(self, hosts: int, warm: int) -> None:
        self._may_be_up = True
        self._run("dev", "up", "--hosts", str(hosts), "--warm", str(warm), "--port", "0")

    def kill_host(self, host: str) -> float:
        """Kills everything of the host at once; returns when, in Unix seconds."""
        return float(self._json("dev", "kill-host", host)["killedAt"])

    def start_host(self, host: str) -> None:
        self._run("dev", "start-host", host)

    def freeze_host(self, host: str) -> Freeze:
        """Stops everything of the host where it is: it says nothing more, and none of its connections closes."""
        said = self._json("dev", "freeze-host", host)
        return Freeze(float(said["frozenAt"]), [int(pid) for pid in said["frozenPids"]])

    def thaw_host(self, host: str) -> None:
        self._run("dev", "thaw-host", host)

    def kill_agent(self, host: str) -> float:
        """Kills the host's agent and nothing else; returns when, in Unix seconds."""
        return float(self._json("dev", "kill-agent", host)["killedAt"])

    def start_agent(self, host: str) -> None:
        """Starts the host's agent and waits until the control plane hears from it."""
        self._run("dev", "start-agent", host)

    def nodes(self) -> list[dict[str, Any]]:
        return list(self._json("nodes"))

    def submit(self, job_file: Path, name: str, environment: dict[str, str]) -> str:
        """Submits a job under another name, with more environment; returns its id."""
        assignments = [part for key, value in environment.items() for part in ("--env", f"{key}={value}")]
        return str(self._json("submit", str(job_file), "--name", name, *assignments)["jobId"])

    def job(self, job_id: str) -> dict[str, Any]:
        return dict(self._json("job", job_id))

    def job_report(self, job_id: str) -> str:
        """For a person to read."""
        return self._run("job", job_id)

    def watch_job(self, job_id: str) -> subprocess.Popen[str]:
        """A process that ends when the job does: with 0 when the job succeeded."""
        return self._start("job", job_id, "--watch", output=subprocess.DEVNULL)

    def follow_incidents(self, output: IO[str]) -> None:
        """Writes a line for each thing that happens in an incident, as long as the cluster is up."""
        self._start("incidents", "--follow", output=output)

    def incidents(self, job_id: str) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self._json("incidents", "--job", job_id))

    def incident(self, incident_id: str) -> dict[str, Any]:
        return dict(self._json("incident", incident_id))

    def incident_report(self, incident_id: str) -> str:
        """For a person to read."""
        return self._run("incident", incident_id)

    def _json(self, *arguments: str) -> Any:
        said = self._run(*arguments, "-o", "json")
        try:
            return json.loads(said)
        except ValueError as error:
            raise ClusterError(f"orch {' '.join(arguments)} said '{said.strip()}', which is no JSON") from error

    def _run(self, *arguments: str, start_new_session: bool = False) -> str:
        finished = subprocess.run(
            self._command(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            env=self._environment,
            start_new_session=start_new_session,
        )
        if finished.returncode != 0:
            said = (finished.stderr.strip() or finished.stdout.strip()) or "it said nothing"
            raise ClusterError(f"orch {' '.join(arguments)} ended with {finished.returncode}: {said}")
        return finished.stdout

    def _start(self, *arguments: str, output: IO[str] | int) -> subprocess.Popen[str]:
        follower = subprocess.Popen(
            self._command(arguments), stdin=subprocess.DEVNULL, stdout=output, text=True, env=self._environment
        )
        self._followers.append(follower)
        return follower

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [str(self._orch), *arguments, "--data", str(self.data)]


def write_job_file(path: Path, checkpoints: Path) -> None:
    """The sample's job file with absolute paths, and its checkpoints in a folder of this run."""
    sample = SAMPLES / "tiny-transformer"
    text = (sample / "job.yaml").read_text(encoding="utf-8")
    replacements = {
        "workingDirectory: .\n": f"workingDirectory: {json.dumps(str(sample))}\n",
        "PYTHONPATH: ../../python\n": f"PYTHONPATH: {json.dumps(str(REPOSITORY / 'src/python'))}\n",
        "store: ../../../.orchestrator/checkpoints\n": f"store: {json.dumps(str(checkpoints))}\n",
    }
    for old, new in replacements.items():
        if text.count(old) != 1:
            raise ClusterError(f"{sample / 'job.yaml'} must hold the line '{old.strip()}' exactly once")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
