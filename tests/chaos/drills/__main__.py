"""Runs the drills and prints their figures as JSON. `bash tests/drills.sh` starts it in namespaces of its own."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import grpc

from ..__main__ import COMMIT, ENDING, LOAD_BEFORE, REPORTS, describe_machine, interrupt, spread
from ..campaign import say
from ..world import World
from . import links, silos
from .stage import Stage

DRILLS: dict[str, Callable[[Stage], dict[str, Any]]] = {
    "failovers": lambda stage: silos.failovers(stage, spread),
    "outage": silos.outage,
    "host_cut": lambda stage: links.host_cut(stage, 0.2),
    "host_cut_with_long_steps": lambda stage: links.host_cut(stage, 20),
    "rack_cut": links.rack_cut,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="drills.sh", description="Single faults of a cluster, with their bounds.")
    parser.add_argument("names", nargs="*", choices=[[], *DRILLS], help=f"of {', '.join(DRILLS)} (default: all)")
    parser.add_argument("--write", action="store_true", help="keep the report in tests/benchmarks/reports/drills.json")
    arguments = parser.parse_args()
    for number in ENDING:
        signal.signal(number, interrupt)
    report = {
        "benchmark": "single faults of a cluster of 3 silos, PostgreSQL and 6 hosts, while a job trains",
        "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": COMMIT,
        "machine": describe_machine(),
        "load_average_before": round(LOAD_BEFORE, 2),
        **{name: run(drill) for name, drill in DRILLS.items() if name in (arguments.names or DRILLS)},
    }
    print(text := json.dumps(report, indent=2))
    if arguments.write:
        (REPORTS / "drills.json").write_text(text + "\n")
    return 0 if all_hold(report) else 1


def run(drill: Callable[[Stage], dict[str, Any]]) -> dict[str, Any]:
    """Each on a cluster of its own."""
    data = Path(tempfile.mkdtemp(prefix="oc-"))
    data.chmod(0o755)
    world = World(data)
    try:
        world.up()
        figures = drill(Stage(world, data))
    except (TimeoutError, RuntimeError, grpc.RpcError) as failure:
        say(f"{failure}; logs are in {data}")
        return {"failure": str(failure), "holds": False}
    finally:
        world.end()
    if all_hold(figures):
        shutil.rmtree(data, ignore_errors=True)
    return figures


def all_hold(found: Any) -> bool:
    if not isinstance(found, dict):
        return True
    return found.get("holds", True) and found.get("job_undisturbed", True) and all(map(all_hold, found.values()))


if __name__ == "__main__":
    sys.exit(main())
