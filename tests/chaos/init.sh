# The first process of the campaign's namespaces: takes in every process whose parent ended, as init does.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
/usr/bin/python3 -m "$MODULE" "$@" &
campaign=$!
trap 'kill -s TERM "$campaign"' TERM
trap : INT
while :; do
  wait "$campaign"
  status=$?
  kill -0 "$campaign" 2>/dev/null || exit "$status"
done
