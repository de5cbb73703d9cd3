"""Measures what the client costs a training loop, with a live fake agent, and prints JSON.

Usage: run.sh does not run this; ``python bench_step.py [beats]`` does. Times are nanoseconds unless named otherwise.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, perf_counter_ns

from scripts import CLIENT_FOLDER, environment

LOOPS = 5
IMPORTS = 9
DEFAULT_BEATS = 1_000_000
SOURCE = "import time; b=time.perf_counter(); import orchestrator_client; print((time.perf_counter()-b)*1000)"


def per_call(call, beats: int, first: int) -> float:
    """Mean cost of a call with rising numbers, the empty loop taken off."""
    numbers = range(first, first + beats)
    started = perf_counter()
    for n in numbers:
        call(n)
    took = perf_counter() - started
    started = perf_counter()
    for n in numbers:
        pass
    return (took - (perf_counter() - started)) / beats * 1e9


def single_calls(call, beats: int, first: int) -> list[int]:
    """Cost of each call, with the clock's own cost in it."""
    costs = []
    for n in range(first, first + beats):
        before = perf_counter_ns()
        call(n)
        costs.append(perf_counter_ns() - before)
    return sorted(costs)


def import_milliseconds() -> list[float]:
    variables = environment(None)
    return [
        float(subprocess.run([sys.executable, "-c", SOURCE], env=variables, check=True, capture_output=True).stdout)
        for _ in range(IMPORTS)
    ]


def main() -> None:
    beats = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_BEATS
    imports = import_milliseconds()
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "agent.sock"
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(socket)],
            env=environment(None, PYTHONPATH=f"{CLIENT_FOLDER}{os.pathsep}{Path(__file__).parent}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert server.stdout.readline() == b"listening\n", "the fake agent does not listen"
        os.environ.update(environment(socket))
        import orchestrator_client

        orchestrator_client.step(1)
        loops = [per_call(orchestrator_client.step, beats, 2 + loop * beats) for loop in range(LOOPS)]
        singles = single_calls(orchestrator_client.step, beats, 2 + LOOPS * beats)
        stop = per_call(lambda n: orchestrator_client.should_stop(), beats, 0)
        save = per_call(orchestrator_client.should_save, beats, 0)
        server.communicate(b"\n")
    print(
        json.dumps(
            {
                "beats": beats,
                "step_mean_ns": round(statistics.median(loops)),
                "step_p50_with_clock_ns": singles[beats // 2],
                "step_p99_with_clock_ns": singles[beats * 99 // 100],
                "step_p9999_with_clock_ns": singles[beats * 9999 // 10000],
                "step_longest_with_clock_us": round(singles[-1] / 1000),
                "should_stop_mean_ns": round(stop),
                "should_save_mean_ns": round(save),
                "import_median_ms": round(statistics.median(imports), 1),
                "import_longest_ms": round(max(imports), 1),
                "python": platform.python_version(),
                "cores": os.cpu_count(),
            },
            indent=2,
        )
    )


SERVER = """
import sys
from pathlib import Path
from fake_agent import FakeAgent
agent = FakeAgent(Path(sys.argv[1]), Path(sys.argv[1]).parent / "checkpoints").start()
agent.next_interval_ms = 1000
agent.save_plan = (1000, 5000, 100)
print("listening", flush=True)
sys.stdin.readline()
agent.stop()
"""


if __name__ == "__main__":
    sys.path.insert(0, str(CLIENT_FOLDER))
    main()
