"""The sample's training script, slowed down, and with a log of every rank: who computed which step, and when.

Beside the variables of the sample's train.py:
  PACE       seconds that each step takes longer. Default 0.
  SAVE_PACE  seconds that a checkpoint's folder is open before something is saved into it. Default 0.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "src/samples/tiny-transformer"))
import train

PACE = float(os.environ.get("PACE", "0"))
SAVE_PACE = float(os.environ.get("SAVE_PACE", "0"))


class RankLog:
    """OUT/rank-R.jsonl, to which rank R of every attempt appends."""

    def __init__(self, settings: train.Settings) -> None:
        self._settings = settings
        path = settings.out / f"rank-{settings.rank}.jsonl"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        stat = Path("/proc/self/stat").read_text()
        self.append("start", pid=os.getpid(), ticks=int(stat[stat.rindex(")") + 2 :].split()[19]))

    def append(self, event: str, **more: Any) -> None:
        line = {
            "event": event,
            "attempt": self._settings.attempt,
            "rank": self._settings.rank,
            "node": os.environ.get("ORCHESTRATOR_NODE", ""),
            "time": time.time(),
            **more,
        }
        # One write per line: a kill never leaves half of one.
        os.write(self._file, (json.dumps(line) + "\n").encode())


def main() -> None:
    settings = train.Settings.from_environment()
    settings.out.mkdir(parents=True, exist_ok=True)
    log = RankLog(settings)
    append = train.StepLog.append

    def paced(self: train.StepLog, step: int, loss: float) -> None:
        append(self, step, loss)
        log.append("step", step=step, loss=loss)
        time.sleep(PACE)

    checkpoint = train.orchestrator.checkpoint

    @contextlib.contextmanager
    def slow_checkpoint(*arguments: Any, **more: Any) -> Iterator[Any]:
        with checkpoint(*arguments, **more) as directory:
            time.sleep(SAVE_PACE)
            yield directory

    train.StepLog.append = paced
    train.orchestrator.checkpoint = slow_checkpoint
    train.main()


if __name__ == "__main__":
    main()
