# Installs what the samples need and the machine lacks. To be sourced: . src/samples/install-prerequisites.sh
#
# Words and output of the installation go to standard error; standard output stays free for results.
# A script that needs more adds to the variables before it calls install_packages.

PREREQUISITE_PACKAGES="python3-torch python3-grpcio python3-protobuf"
PREREQUISITE_MODULES="torch, grpc, google.protobuf"
PREREQUISITE_COMMANDS=""
# Patterns of programs that are on no PATH.
PREREQUISITE_FILES=""

# Exit code when something is missing that cannot be installed from here.
PREREQUISITE_MISSING=3

# True when Debian's Python has what a sample job imports, and the commands are there.
has_packages() {
  local command pattern
  for command in $PREREQUISITE_COMMANDS; do
    command -v "$command" >/dev/null || return 1
  done
  for pattern in $PREREQUISITE_FILES; do
    compgen -G "$pattern" >/dev/null || return 1
  done
  [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import $PREREQUISITE_MODULES" 2>/dev/null
}

# Asks for PostgreSQL, without the server that Debian would start with the machine: who needs one starts their own.
need_postgresql() {
  PREREQUISITE_PACKAGES+=" postgresql"
  PREREQUISITE_FILES+=" /usr/lib/postgresql/*/bin/postgres"
  local folder=/etc/postgresql-common/createcluster.d
  if ! compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null && [ "$(id -u)" = 0 ]; then
    mkdir -p "$folder" && echo "create_main_cluster = false" > "$folder/orchestrator.conf"
  fi
}

# Asks for Ceph's object store, without the watcher of crashes that Debian would start with the machine.
need_ceph() {
  PREREQUISITE_PACKAGES+=" ceph-mon ceph-osd radosgw ceph-common"
  PREREQUISITE_COMMANDS+=" ceph-mon ceph-osd radosgw ceph"
  local unit=/etc/systemd/system/ceph-crash.service
  if ! command -v ceph-osd >/dev/null && [ "$(id -u)" = 0 ] && [ ! -e "$unit" ]; then
    mkdir -p "${unit%/*}" && ln -s /dev/null "$unit"
  fi
}

# Installs Debian's PyTorch, gRPC and protobuf unless they are there. Returns 3, with a sentence, when it cannot.
install_packages() {
  if has_packages; then
    return 0
  fi
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: the Debian packages $PREREQUISITE_PACKAGES. Install them as root:" \
      "apt-get update && apt-get install -y --no-install-recommends $PREREQUISITE_PACKAGES" >&2
    return "$PREREQUISITE_MISSING"
  fi
  echo "Installing $PREREQUISITE_PACKAGES (once, up to 300 MB) ..." >&2
  # shellcheck disable=SC2086 # one word per package
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -q --no-install-recommends $PREREQUISITE_PACKAGES; } >&2 </dev/null; then
    echo "apt-get could not install $PREREQUISITE_PACKAGES; its messages above say why." >&2
    return "$PREREQUISITE_MISSING"
  fi
  if ! has_packages; then
    echo "Something is still missing after the installation of $PREREQUISITE_PACKAGES; one of these fails:" \
      "/usr/bin/python3 -c 'import $PREREQUISITE_MODULES'; ls ${PREREQUISITE_FILES:-/}; command -v" \
      "$PREREQUISITE_COMMANDS" >&2
    return "$PREREQUISITE_MISSING"
  fi
}

# Returns 3, with a sentence, when there is no .NET SDK of version 10 or later.
require_dotnet() {
  local sdks
  if ! command -v dotnet >/dev/null; then
    echo "Missing: the .NET SDK 10 (the command 'dotnet'). Install it from https://dot.net/download" >&2
    return "$PREREQUISITE_MISSING"
  fi
  sdks=$(dotnet --list-sdks | cut -d' ' -f1)
  if ! echo "$sdks" | grep -Eq '^[1-9][0-9]+\.'; then
    echo "Missing: the .NET SDK 10; 'dotnet' knows only: ${sdks:-none}. Install it from https://dot.net/download" >&2
    return "$PREREQUISITE_MISSING"
  fi
}
