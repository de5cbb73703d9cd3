# Starts a program of this folder in namespaces of its own. To be sourced with MODULE set, e.g. MODULE=chaos.
#
# It needs root: all of it runs in namespaces of network, mounts and processes that end with it, however it ends.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$root/src/samples/install-prerequisites.sh"
. "$root/src/samples/build.sh"

require_dotnet || exit $?
if [ "$(id -u)" != 0 ]; then
  echo "This makes network namespaces; run it as root." >&2
  exit "$PREREQUISITE_MISSING"
fi
need_postgresql
PREREQUISITE_PACKAGES+=" iproute2 util-linux protobuf-compiler libprotobuf-dev"
PREREQUISITE_FILES+=" /usr/include/google/protobuf/timestamp.proto"
PREREQUISITE_COMMANDS="ip nsenter unshare setpriv protoc"
install_packages || exit $?

if [ -z "${ORCHESTRATOR_BIN:-}" ]; then
  build_release "$root/src/Orchestrator.Silo" "$root/src/Orchestrator.Agent" "$root/src/Orchestrator.Cli" >&2 || exit 1
fi

if ! unshare --net --pid --fork --mount --mount-proc --kill-child true; then
  echo "This machine allows no namespaces, which are needed." >&2
  exit "$PREREQUISITE_MISSING"
fi
export MODULE
unshare --net --pid --fork --mount --mount-proc --kill-child --propagation private \
  bash "$root/tests/chaos/init.sh" "$@" &
program=$!
# unshare itself heeds no request to end.
trap 'kill -s TERM $(cat "/proc/$program/task/$program/children") 2>/dev/null' INT TERM
while :; do
  wait "$program"
  status=$?
  kill -0 "$program" 2>/dev/null || exit "$status"
done
