"""A rank of auto_interval.py's job: steps of a set length, and saves when Orchestrator says so.

Environment:
  OUT         folder in which each rank appends its steps to rank-R.jsonl.
  PACE        seconds that a step takes.
  SAVE_BYTES  what a rank saves.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import orchestrator_client as orchestrator

PACE = float(os.environ["PACE"])
SAVE_BYTES = int(os.environ["SAVE_BYTES"])


def main() -> None:
    job = orchestrator.init()
    assert job is not None, "this script only makes sense as a rank of a job"
    log = Path(os.environ["OUT"]) / f"rank-{job.rank}.jsonl"
    state = os.urandom(SAVE_BYTES)
    found = orchestrator.resume()
    step = found.step if found is not None else 0
    with log.open("a", buffering=1) as lines:
        while not orchestrator.should_stop():
            time.sleep(PACE)
            step += 1
            orchestrator.step(step)
            saves = orchestrator.should_save(step)
            lines.write(json.dumps({"attempt": job.attempt, "step": step, "saves": saves, "time": time.time()}) + "\n")
            if saves:
                with orchestrator.checkpoint(step) as saved:
                    (saved / "state").write_bytes(state)


if __name__ == "__main__":
    main()
