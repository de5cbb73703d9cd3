#!/bin/sh
# Tests the Python client. Usage: run.sh [pytest arguments]; PYTHON names the interpreter, /usr/bin/python3 by default.
set -eu
cd -- "$(dirname -- "$0")"
exec "${PYTHON:-/usr/bin/python3}" -m pytest "$@"
