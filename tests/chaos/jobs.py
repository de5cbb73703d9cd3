"""Jobs, one after the other, as long as the campaign lasts; and what their ranks write about themselves."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import records
from .evidence import Start, Step
from .orch import Orch, OrchError
from .plan import RANKS
from .postgres import Away, Postgres
from .world import ROOT

LOOK_SECONDS = 0.5
CALL_SECONDS = 20
"""After which a submission whose answer was lost comes no more: a silo that was stopped has ended by then."""

LEASE_SECONDS = 10
CHECKPOINT_EVERY = 5
KEEP = 3
OVER = ("Succeeded", "Failed", "Cancelled")
TRAINER = Path(__file__).parent / "trainer/paced.py"


@dataclass(frozen=True)
class Course:
    """How long a job is."""

    seed: int
    steps: int
    pace: float
    """Seconds that each step takes longer than it would."""

    def environment(self, out: Path) -> dict[str, str]:
        return {
            "PYTHONPATH": str(ROOT / "src/python"),
            "TORCH_CPP_LOG_LEVEL": "ERROR",
            "GLOG_minloglevel": "2",
            "STEPS": str(self.steps),
            "SEED": str(self.seed),
            "CHECKPOINT_EVERY": str(CHECKPOINT_EVERY),
            "PACE": str(self.pace),
            "OUT": str(out),
        }


class JobLine:
    """Submits the next job as soon as the one before is over."""

    def __init__(
        self, orch: Orch, postgres: Postgres, data: Path, course: Course, ranks: int = RANKS, save_pace: float = 0.0
    ) -> None:
        self.ranks = ranks
        self._save_pace = save_pace
        self._orch = orch
        self._postgres = postgres
        self._data = data
        self._course = course
        self._is_over = threading.Event()
        self.current: str | None = None
        self.ended: dict[str, str] = {}
        """The phase in which each job ended."""

        self._names: dict[str, str] = {}
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self, seconds: float) -> bool:
        """No more jobs; whether the last one is over in time."""
        self._is_over.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def store(self) -> Path:
        return self._data / "store"

    def out(self, job: str) -> Path:
        return self._data / "jobs" / self._names[job]

    def starts(self, job: str) -> list[Start]:
        lines = self._lines(job)
        return [
            Start(job, line["attempt"], line["rank"], line["node"], line["pid"], line["ticks"], line["time"])
            for line in lines
            if line["event"] == "start"
        ]

    def steps(self, job: str) -> list[Step]:
        return [
            Step(job, line["attempt"], line["rank"], line["node"], line["step"], line["loss"], line["time"])
            for line in self._lines(job)
            if line["event"] == "step"
        ]

    @property
    def all(self) -> list[str]:
        return list(self._names)

    def _lines(self, job: str) -> list[dict[str, Any]]:
        """Of all ranks, in the order of time."""
        lines: list[dict[str, Any]] = []
        for path in self.out(job).glob("rank-*.jsonl"):
            # Only whole lines: the last one may be being written.
            lines += [json.loads(line) for line in path.read_text().split("\n")[:-1]]
        return sorted(lines, key=lambda line: float(line["time"]))

    def _run(self) -> None:
        try:
            while not self._is_over.is_set():
                self.current = self._submit(f"chaos-{len(self._names) + 1}")
                while (phase := self._phase(self.current)) not in OVER:
                    time.sleep(LOOK_SECONDS)
                self.ended[self.current] = phase
        except BaseException as failure:
            self.failure = failure
            raise

    def _submit(self, name: str) -> str:
        job_file = self._write(name)
        while True:
            try:
                job: str | None = self._orch.submit(str(job_file), name)
            except OrchError:
                # Whether it was submitted all the same, the records say; a call that is under way may still come.
                job = self._find_within(name, CALL_SECONDS)
            if job is not None:
                self._names[job] = name
                return job

    def _find_within(self, name: str, seconds: float) -> str | None:
        deadline = time.monotonic() + seconds
        job = None
        while job is None and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            with contextlib.suppress(Away):
                job = self._find(name)
        return job

    def _find(self, name: str) -> str | None:
        jobs = records.read(self._postgres).jobs
        return next((job for job, record in jobs.items() if record["spec"]["name"] == name), None)

    def _phase(self, job: str) -> str:
        try:
            return str(records.read(self._postgres).jobs[job]["phase"])
        except Away:
            return ""

    def _write(self, name: str) -> Path:
        folder = self._data / "jobs" / name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "job.yaml"
        path.write_text(json.dumps({
            "name": name,
            "nodes": self.ranks,
            "command": ["/usr/bin/python3", str(TRAINER)],
            "workingDirectory": str(folder),
            "standby": {"import": ["torch"]},
            "environment": {**self._course.environment(folder), "SAVE_PACE": str(self._save_pace)},
            "checkpoint": {"store": str(self.store), "keep": KEEP},
            "recovery": {"lease": f"{LEASE_SECONDS}s", "stopGrace": "10s", "stopAfterNoProgress": 3},
        }))
        return path


def weights_sha256(out: Path) -> str | None:
    """None when there are none."""
    weights = out / "weights.pt"
    if not weights.exists():
        return None
    command = ["/usr/bin/python3", str(ROOT / "src/samples/weights_sha256.py"), str(weights)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=120).stdout.strip()
