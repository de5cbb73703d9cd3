#!/usr/bin/env bash
# The chaos campaign: 3 silos, PostgreSQL, 6 hosts in 3 racks and real PyTorch ranks, each machine in a network
# namespace of its own; faults drawn from a seed; and checks from outside. Prints one JSON report.
#
#   bash tests/chaos.sh [--seed 1] [--faults 20] [--minutes T] [--ci] [--kinds KIND,...]
#                       [--write] [--keep] [--judge FOLDER]
#
# --ci takes less than ten minutes. --write puts the report into tests/benchmarks/reports/chaos.json.
# Exit codes: 0 every invariant held; 1 one did not; 2 wrong usage; 3 something is missing that cannot be installed.
set -uo pipefail
MODULE=chaos
. "$(dirname "${BASH_SOURCE[0]}")/chaos/enter.sh"
