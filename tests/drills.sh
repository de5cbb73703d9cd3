#!/usr/bin/env bash
# Single faults of a cluster with their bounds: 3 silos, PostgreSQL, 6 hosts in 3 racks and real PyTorch ranks, each
# machine in a network namespace of its own. Prints one JSON report.
#
#   bash tests/drills.sh [failovers] [outage] [host_cut] [host_cut_with_long_steps] [rack_cut] [--write]
#
# --write puts the report into tests/benchmarks/reports/drills.json.
# Exit codes: 0 every bound held; 1 one did not; 2 wrong usage; 3 something is missing that cannot be installed.
set -uo pipefail
MODULE=chaos.drills
. "$(dirname "${BASH_SOURCE[0]}")/chaos/enter.sh"
