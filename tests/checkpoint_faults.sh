#!/usr/bin/env bash
# What checkpoints bear: seeded cases on a real cluster with a real S3 store (Ceph's gateway). Ranks, agents and hosts
# are killed during saves, uploads and commits; the store is away or fails; memory is full; bits flip in every tier.
# Prints one JSON report.
#
#   bash tests/checkpoint_faults.sh [--seed 1] [--cases 200] [--kinds KIND,...] [--write] [--keep]
#
# --write puts the report into tests/benchmarks/reports/checkpoint_faults.json.
# Exit codes: 0 everything held; 1 something did not; 2 wrong usage; 3 something is missing that cannot be installed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/src/samples/install-prerequisites.sh"
. "$root/src/samples/build.sh"

if [ "$(id -u)" != 0 ]; then
  echo "This mounts file systems; run it as root." >&2
  exit "$PREREQUISITE_MISSING"
fi
require_dotnet
need_ceph
PREREQUISITE_PACKAGES+=" rclone"
PREREQUISITE_COMMANDS+=" rclone"
install_packages
if [ -z "${ORCHESTRATOR_BIN:-}" ]; then
  build_release "$root"/src/Orchestrator.{Silo,Agent,Cli} >&2
fi
cd "$root/tests"
# The hosts' memories are file systems of their own, which end with this.
exec unshare --mount --propagation private --kill-child --fork /usr/bin/python3 -m checkpoints "$@"
