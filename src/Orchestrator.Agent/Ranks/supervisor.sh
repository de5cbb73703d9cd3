#!/bin/sh
# Supervises one rank: keeps its output and exit status on disk, and ends it when its lease runs out.
# It is tied to its agent by files only, so that a rank outlives the agent that started it.
# usage: supervisor.sh FOLDER LEASE_FILE NOTICES WORKING_DIRECTORY PROGRAM [ARGUMENT...]
#
# Every variable has a prefix: assigning to a name that the environment already exports would change it for the rank.
_orch_folder=$1 _orch_lease=$2 _orch_notices=$3 _orch_directory=$4
shift 4

# Centiseconds since boot. Built-ins only: this runs every second for as long as the rank does.
_orch_read_clock() {
    read -r _orch_now _orch_rest < /proc/uptime
    _orch_now=${_orch_now%.*}${_orch_now#*.}
}

_orch_watch_lease() {
    _orch_read_clock
    # Until then a missing lease file means that it is not written yet; afterwards, that the host lost its memory.
    _orch_tolerated=$((_orch_now + 300))
    while :; do
        _orch_deadline=
        { read -r _orch_deadline < "$_orch_lease"; } 2> /dev/null
        case $_orch_deadline in
            *.*) _orch_deadline=${_orch_deadline%.*}${_orch_deadline#*.} ;;
            *) _orch_deadline=$_orch_tolerated ;;
        esac
        _orch_read_clock
        if [ "$_orch_now" -ge "$_orch_deadline" ] && read -r _orch_pid < "$_orch_folder/rank.pid"; then
            : > "$_orch_folder/lease_expired"
            kill -s KILL -- "-$_orch_pid"
            return
        fi
        sleep 1
    done
}

echo $$ > "$_orch_folder/supervisor.pid"
_orch_watch_lease &
_orch_watcher=$!

# The rank runs in the foreground, because a background command of a shell ignores SIGINT and SIGQUIT.
setsid sh -c '
    exec >> "$0/stdout.log" 2>> "$0/stderr.log"
    read -r _orch_stat < /proc/$$/stat
    printf "%s\n%s\n" $$ "$_orch_stat" > "$0/rank.pid"
    cd "$1" || exit 126
    shift
    exec "$@"' "$_orch_folder" "$_orch_directory" "$@"
_orch_status=$?
_orch_read_clock

kill "$_orch_watcher" 2> /dev/null
# What the rank left behind in its group, such as data loaders, would keep its devices.
if read -r _orch_pid < "$_orch_folder/rank.pid"; then
    kill -s KILL -- "-$_orch_pid"
fi 2> /dev/null

echo "$_orch_status $_orch_now" > "$_orch_folder/exit.new"
mv -f "$_orch_folder/exit.new" "$_orch_folder/exit"
: > "$_orch_notices/$$.ended"
