#!/usr/bin/env bash
# An S3 store of its own: Ceph's gateway over one monitor and one OSD that keeps everything in memory.
#
#   bash tests/Shared/ceph.sh ACCESS_KEY SECRET_KEY
#
# Prints its address on loopback when it answers, and runs until standard input ends, so that it also ends with a caller
# that crashes. Exit code 1, with the daemons' words on standard error, when it does not start.
set -euo pipefail

access_key=$1 secret_key=$2
patience=60
folder=$(mktemp -d /tmp/orchestrator-ceph-XXXXXX)
daemons=()

end() {
  local status=$?
  trap - EXIT
  # Nothing here is worth an orderly end.
  [ ${#daemons[@]} -eq 0 ] || kill -KILL "${daemons[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  if [ "$status" -ne 0 ]; then cat "$folder"/*.log >&2 || true; fi
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' TERM INT HUP

free_ports() {
  /usr/bin/python3 - <<'PYTHON'
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in sockets))
PYTHON
}

read -r monitor gateway < <(free_ports)
id=$(cat /proc/sys/kernel/random/uuid)
mkdir "$folder/mon" "$folder/osd" "$folder/rgw"
# No manager: it only counts and balances. Secure mode needs keys, which "none" has not. The monitor waits before it
# writes, to write more at once; with one client that is all that takes time.
cat > "$folder/ceph.conf" <<CONF
[global]
fsid = $id
mon host = [v2:127.0.0.1:$monitor/0]
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
run dir = $folder
admin socket =
log file =
log to stderr = true
debug default = 0
mon data = $folder/mon
mon data avail crit = 1
mon data avail warn = 1
mon allow pool size one = true
mon max pg per osd = 1000
paxos propose interval = 0.05
paxos min wait = 0.02
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 17179869184
osd crush chooseleaf type = 0
osd crush initial weight = 1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd class load list = *
osd class default list = *
rgw data = $folder/rgw
rgw frontends = beast endpoint=127.0.0.1:$gateway
rgw enable usage log = false
rgw override bucket index max shards = 1
rgw run sync thread = false
rgw enable lc threads = false
rgw enable quota threads = false
rgw gc obj min wait = 1
rgw gc processor period = 2
CONF
export CEPH_CONF=$folder/ceph.conf

daemon() {
  "$@" > /dev/null 2> "$folder/$1.log" < /dev/null &
  daemons+=($!)
}

{
  monmaptool --create --fsid "$id" --addv a "[v2:127.0.0.1:$monitor]" "$folder/monmap"
  ceph-mon --mkfs -i a --monmap "$folder/monmap"
  daemon ceph-mon -f -i a
  ceph-osd --mkfs -i 0 --osd-uuid "$id"
  ceph --connect-timeout "$patience" osd new "$id" 0
  daemon ceph-osd -f -i 0
  timeout "$patience" radosgw-admin user create --uid test --display-name test \
    --access-key "$access_key" --secret-key "$secret_key"
  daemon radosgw -f -n client.rgw
} > "$folder/start.log" 2>&1

until (exec 3<> "/dev/tcp/127.0.0.1/$gateway") 2>/dev/null; do
  if [ "$SECONDS" -gt "$patience" ] || ! kill -0 "${daemons[@]}" 2>/dev/null; then exit 1; fi
  sleep 0.05
done
echo "http://127.0.0.1:$gateway"
cat > /dev/null
