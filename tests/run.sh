#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. The last line is "N passed, N failed, N skipped".
#
#   bash tests/run.sh [NAME ...]     only test projects whose name contains one of the words, e.g. "Domain python"
#
# Exit codes: 0 all passed; 1 a test failed or the build broke; 3 a prerequisite is missing and cannot be installed.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/src/samples/install-prerequisites.sh"
. "$root/src/samples/build.sh"

require_dotnet || exit $?
PREREQUISITE_PACKAGES+=" python3-pytest protobuf-compiler protobuf-compiler-grpc"
PREREQUISITE_MODULES+=", pytest"
PREREQUISITE_COMMANDS="protoc grpc_python_plugin"
need_postgresql
need_ceph

# The packages come while the build runs: each leaves a processor idle half of the time.
installation=$(mktemp)
install_packages > "$installation" 2>&1 &
installing=$!

passed=0 failed=0 skipped=0

wanted() {
  [ ${#words[@]} -eq 0 ] && return 0
  local word
  for word in "${words[@]}"; do
    case $1 in *"$word"*) return 0 ;; esac
  done
  return 1
}

# Adds a run's figures; a run that died without any counts as one failure.
count() { # name passed failed skipped
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
  printf '%-34s %4d passed, %d failed, %d skipped, %d s\n' "$1" "$2" "$3" "$4" $((SECONDS - began))
}

run_dotnet() {
  local name=$1 log status total began=$SECONDS
  log=$(mktemp)
  "$root/tests/$name/bin/Release/net10.0/$name" -noColor > "$log" 2>&1
  status=$?
  total=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$log" | tail -n 1)
  if [[ $total =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    local bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    count "$name" $((BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4] - BASH_REMATCH[5])) "$bad" "${BASH_REMATCH[4]}"
    if [ "$bad" -gt 0 ]; then cat "$log"; fi
    grep -E '\[SKIP\]' -A 1 "$log"
  else
    cat "$log"
    count "$name" 0 1 0
  fi
  rm -f "$log"
}

run_python() {
  local log status began=$SECONDS
  log=$(mktemp)
  bash "$root/tests/python/run.sh" > "$log" 2>&1
  status=$?
  local line good bad left
  line=$(grep -E '[0-9]+ (passed|failed|skipped|error)' "$log" | tail -n 1)
  good=$(grep -oE '[0-9]+ passed' <<< "$line" | grep -oE '[0-9]+')
  bad=$(grep -oE '[0-9]+ (failed|error)' <<< "$line" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }')
  left=$(grep -oE '[0-9]+ skipped' <<< "$line" | grep -oE '[0-9]+')
  if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
  if [ "${bad:-0}" -gt 0 ]; then cat "$log"; fi
  count python "${good:-0}" "${bad:-0}" "${left:-0}"
  rm -f "$log"
}

words=("$@")
echo "Building, and installing what is missing ..."
if ! build_release "$root/Orchestrator.sln" -p:EnforceCodeStyleInTests=false; then
  wait "$installing"
  echo "The build failed; the errors are above." >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi
wait "$installing"
status=$?
if [ "$status" -ne 0 ]; then
  cat "$installation" >&2
  exit "$status"
fi
rm -f "$installation"

for project in "$root"/tests/*.Tests; do
  name=$(basename "$project")
  if wanted "$name"; then run_dotnet "$name"; fi
done
if wanted python; then run_python; fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
