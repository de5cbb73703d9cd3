#!/usr/bin/env bash
# Trains a small model on virtual hosts of this machine, kills one of them, and shows the recovery.
#
#   bash src/samples/quickstart.sh [--json] [--seed N] [--kill-host NAME|random] [--keep] [--data DIR] [--steps N]
#
# Installs Debian's PyTorch and gRPC where they are missing (as root), builds, and hands over to quickstart.py, whose
# --help explains the options. Exit codes: 0 all went as promised; 1 something did not, or the build failed; 2 wrong
# usage; 3 a prerequisite is missing; 130 interrupted.
#
# With ORCHESTRATOR_BIN set to a folder with built binaries, nothing is built.
set -euo pipefail

samples=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$samples/../.." && pwd)
. "$samples/install-prerequisites.sh"
. "$samples/build.sh"

# Before anything is installed or built, so that a wrong option is not answered minutes later.
if [ -x /usr/bin/python3 ]; then
  case " $* " in
    *" -h "* | *" --help "*) exec /usr/bin/python3 "$samples/quickstart.py" --help ;;
  esac
  /usr/bin/python3 "$samples/quickstart.py" --check-usage "$@"
fi
if [ -z "${ORCHESTRATOR_BIN:-}" ]; then
  require_dotnet
fi
install_packages
if [ -z "${ORCHESTRATOR_BIN:-}" ]; then
  echo "Building ..." >&2
  if ! build_release "$repository"/src/Orchestrator.{Silo,Agent,Cli} >&2; then
    echo "The build failed; the errors are above." >&2
    exit 1
  fi
fi
exec /usr/bin/python3 "$samples/quickstart.py" "$@"
