"""Holds a standby: the job's own command, started ahead, waits here until its agent makes it a rank.

Python loads this module by its name before it runs the script, because the agent put this folder first into
PYTHONPATH. Whatever goes wrong ends the process: a script must never run before it is told which rank it is. For the
same reason every line keeps to syntax that old interpreters read as well.
"""

import os
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))

# Weak against the ranks that train on the same cores, and strong enough to be done within seconds.
STANDBY_NICENESS = 5

# The bit of CAP_SYS_NICE in CapEff: without it nobody can take a weaker priority back.
MAY_RAISE_PRIORITY = 1 << 23


# Of the standby's own folder and of what to import; both are gone before anything else can see them.
PLACE = os.environ.pop("ORCHESTRATOR_STANDBY", "")
MODULES = os.environ.pop("ORCHESTRATOR_STANDBY_IMPORT", "").split()


def main():
    import importlib

    step_aside()
    # A program in front of the interpreter, such as a chooser of versions, may start others on its way.
    if not PLACE or not is_standby():
        load_hidden()
        return
    calls = listen()
    load_hidden()
    niceness = lower_priority()
    for module in MODULES:
        importlib.import_module(module)
    open(os.path.join(PLACE, "standby.ready"), "w").close()
    become_rank(wait_for_call(calls), niceness)


def step_aside():
    """Takes this folder out of the paths, so that neither the script nor what it starts meets it again."""
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path != FOLDER]
    os.environ.pop("PYTHONPATH", None)
    if paths:
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path[:] = [path for path in sys.path if path != FOLDER]
    sys.path_importer_cache.pop(FOLDER, None)


def load_hidden():
    """Loads the site's own module of this name, where there is one, as the interpreter would have."""
    import importlib.util

    this = sys.modules.pop(__name__)
    if importlib.util.find_spec(__name__) is None:
        sys.modules[__name__] = this
    else:
        importlib.import_module(__name__)


def is_standby():
    with open(os.path.join(PLACE, "rank.pid")) as noted:
        return int(noted.readline()) == os.getpid()


def listen():
    path = os.path.join(PLACE, "standby.fifo")
    # Without waiting: where the agent is gone already, the end of the file says so.
    calls = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(calls, True)
    os.unlink(path)
    return calls


def wait_for_call(calls):
    """The path of the file that says which rank this is; without a call, when the agent is gone, this is the end."""
    import signal

    call = b""
    while not call.endswith(b"\n"):
        more = os.read(calls, 4096)
        if not more:
            os.kill(os.getpid(), signal.SIGKILL)
        call += more
    os.close(calls)
    return os.fsdecode(call[:-1])


def become_rank(path, niceness):
    import json

    with open(path, "rb") as told:
        changes = json.loads(told.read().decode("utf-8"))
    os.unlink(path)
    for name, value in changes.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if niceness is not None:
        for thread in os.listdir("/proc/self/task"):
            os.setpriority(os.PRIO_PROCESS, int(thread), niceness)


def lower_priority():
    """The niceness to go back to, or None where it stays as it is."""
    with open("/proc/self/status") as status:
        capabilities = [line.split()[1] for line in status if line.startswith("CapEff:")]
    if not capabilities or not int(capabilities[0], 16) & MAY_RAISE_PRIORITY:
        return None
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, min(usual + STANDBY_NICENESS, 19))
    return usual


try:
    main()
except BaseException as error:
    if not PLACE:
        raise
    sys.stderr.write("This standby is of no use: {0}: {1}\n".format(type(error).__name__, error))
    sys.stderr.flush()
    os._exit(1)
