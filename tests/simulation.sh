#!/usr/bin/env bash
# Runs the simulation with and without its planted bugs and prints one JSON report: seeds, events, share of faults,
# seconds, what of the life cycles and reasons was reached, and who found each bug after how long.
#
#   bash tests/simulation.sh [--seeds 1000] [--events 3000] [--seed 1] [--write]
#
# --write also puts it into tests/benchmarks/reports/simulation.json, with commit and machine.
# Exit code 1 when a seed found something, or a planted bug was not found.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seed=1 seeds=1000 events=3000 write=0
while [ $# -gt 0 ]; do
  case $1 in
    --seed) seed=$2; shift 2 ;;
    --seeds) seeds=$2; shift 2 ;;
    --events) events=$2; shift 2 ;;
    --write) write=1; shift ;;
    *) echo "$1 is not an option; they are --seed, --seeds, --events and --write" >&2; exit 2 ;;
  esac
done

. "$root/src/samples/build.sh"
build_release "$root/src/Orchestrator.Simulation" >&2 || exit 1
figures=$("$root/src/Orchestrator.Simulation/bin/Release/net10.0/orchestrator-sim" \
  --seed "$seed" --seeds "$seeds" --events "$events" --bug all --json)
status=$?
[ -n "$figures" ] || exit 1

FIGURES=$figures WRITE=$write /usr/bin/python3 - "$root" <<'PYTHON' || exit 1
import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path

root = Path(sys.argv[1])
sys.path.insert(0, str(root / "tests" / "benchmarks"))
from harness import COMMIT, describe_machine

report = {
    "benchmark": "seeded simulation of the rules under faults, and its planted bugs",
    "when": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    "commit": COMMIT,
    "machine": describe_machine(),
    "load_average": round(os.getloadavg()[0], 2),
    **json.loads(os.environ["FIGURES"]),
}
text = json.dumps(report, indent=2)
print(text)
if os.environ["WRITE"] == "1":
    path = root / "tests/benchmarks/reports/simulation.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")
PYTHON
exit $status
