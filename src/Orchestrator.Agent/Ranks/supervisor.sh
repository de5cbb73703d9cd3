#!/bin/sh
# Supervises one rank: keeps its output and exit status on disk, and ends it when its lease runs out.
# It is tied to its agent by files only, so that a rank outlives the agent that started it.
# usage: supervisor.sh FOLDER LEASE_FILE NOTICES WORKING_DIRECTORY PROGRAM [ARGUMENT...]
#
# Every variable has a prefix: assigning to a name that the environment already exports would change it for the rank.

# Centiseconds since boot, which no change of the wall clock moves.
# Built-ins only: this runs every second for as long as the rank does.
# Where the clock cannot be read, because too many files are open, the last time read stays.
_orch_read_clock() {
    { read -r _orch_uptime _orch_rest < /proc/uptime; } 2> /dev/null || return 1
    _orch_now=${_orch_uptime%.*}${_orch_uptime#*.}
}

# A shell that cannot fork ends, and nothing would watch the lease any more. dash goes on when it is "command" that
# fails; bash tries again for 15 s and ends all the same, which is why the watch begins anew when its shell ends.
_orch_pause() {
    command eval 'sleep 1' 2> /dev/null
}

_orch_watch_lease() {
    trap 'exec /bin/sh "$0" --watch "$_orch_folder" "$_orch_lease" "$_orch_tolerated" "$_orch_deadline"' EXIT
    while :; do
        if { read -r _orch_line < "$_orch_lease"; } 2> /dev/null; then
            case $_orch_line in
                *.*) _orch_deadline=${_orch_line%.*}${_orch_line#*.} ;;
            esac
        elif ! [ -e "$_orch_lease" ]; then
            _orch_deadline=$_orch_tolerated
        fi
        # A file that is there but cannot be read says nothing new: the last deadline read holds.
        _orch_read_clock
        if [ "$_orch_now" -ge "$_orch_deadline" ] && read -r _orch_pid < "$_orch_folder/rank.pid"; then
            # Not ":", with which a shell ends when the disk does not take the file.
            true > "$_orch_folder/lease_expired"
            kill -s KILL -- "-$_orch_pid"
            trap - EXIT
            return
        fi
        _orch_pause
    done
}

if [ "$1" = --watch ]; then
    _orch_folder=$2 _orch_lease=$3 _orch_tolerated=$4 _orch_deadline=$5
    _orch_watch_lease
    exit
fi

_orch_folder=$1 _orch_lease=$2 _orch_notices=$3 _orch_directory=$4
shift 4
echo $$ > "$_orch_folder/supervisor.pid"
until _orch_read_clock; do _orch_pause; done
# Until then a missing lease file means that it is not written yet; afterwards, that the host lost its memory.
_orch_tolerated=$((_orch_now + 300))
_orch_deadline=$_orch_tolerated
_orch_watch_lease &
_orch_watcher=$!

# The rank runs in the foreground, because a background command of a shell ignores SIGINT and SIGQUIT.
setsid sh -c '
    exec >> "$0/stdout.log" 2>> "$0/stderr.log"
    read -r _orch_stat < /proc/$$/stat
    # Nobody could stop a rank whose process id is nowhere.
    printf "%s\n%s\n" $$ "$_orch_stat" > "$0/rank.pid" || exit 126
    cd "$1" || exit 126
    shift
    exec "$@"' "$_orch_folder" "$_orch_directory" "$@"
_orch_status=$?
until _orch_read_clock; do _orch_pause; done

kill -s KILL "$_orch_watcher" 2> /dev/null
# What the rank left behind in its group, such as data loaders, would keep its devices.
if read -r _orch_pid < "$_orch_folder/rank.pid"; then
    kill -s KILL -- "-$_orch_pid"
fi 2> /dev/null

echo "$_orch_status $_orch_now" > "$_orch_folder/exit.new"
mv -f "$_orch_folder/exit.new" "$_orch_folder/exit"
: > "$_orch_notices/$$.ended"
