"""The hook that holds a standby before the first line of its script, and lets it go on as a rank."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOOK = Path(__file__).resolve().parents[2] / "src" / "Orchestrator.Agent" / "Standbys" / "sitecustomize.py"
WAIT_SECONDS = 30.0

# As the supervisor does it: the process that is noted becomes the interpreter.
SHELL = 'echo $$ > "$0/rank.pid"; exec "$@"'


class Standby:
    """A process under the hook; the pipe is open for as long as an agent would hold it."""

    def __init__(self, folder: Path, script: str, imports: str = "", **variables: str) -> None:
        self.folder = folder
        hook = folder / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_bytes(HOOK.read_bytes())
        os.mkfifo(folder / "standby.fifo")
        self.pipe = os.open(folder / "standby.fifo", os.O_RDWR)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment.update(variables)
        paths = [str(hook), *filter(None, [variables.get("PYTHONPATH")])]
        environment.update(
            PYTHONPATH=":".join(paths), ORCHESTRATOR_STANDBY=str(folder), ORCHESTRATOR_STANDBY_IMPORT=imports
        )
        self.process = subprocess.Popen(
            ["sh", "-c", SHELL, str(folder), sys.executable, "-c", script],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, **changes: str | None) -> None:
        told = self.folder / "environment.json"
        told.write_text(json.dumps(changes))
        os.write(self.pipe, f"{told}\n".encode())

    def let_go(self) -> None:
        os.close(self.pipe)

    def end(self, code: int = 0) -> tuple[str, str]:
        output, errors = self.process.communicate(timeout=WAIT_SECONDS)
        assert self.process.returncode == code, f"exit code {self.process.returncode}, expected {code}: {errors}"
        return output, errors


@pytest.fixture
def standby(folder):
    started = []

    def start(script: str, imports: str = "", **variables: str) -> Standby:
        started.append(Standby(folder, script, imports, **variables))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def test_call_sets_and_removes_variables_before_the_script_runs(standby):
    script = "import os, sys; print(os.environ['RANK'], os.environ.get('OLD'), os.environ['SAME'], sys.argv)"
    process = standby(script, OLD="x", SAME="y")
    process.call(RANK="3", OLD=None)
    assert process.end() == ("3 None y ['-c']\n", "")


def test_imports_are_there_before_the_call(standby, folder):
    modules = folder / "modules"
    modules.mkdir()
    (modules / "framework.py").write_text("import os; open(os.environ['DONE'], 'w').close()")
    process = standby("import sys; print('framework' in sys.modules)", "framework", PYTHONPATH=str(modules),
                      DONE=str(folder / "done"))
    process.call()
    assert process.end() == ("True\n", "")
    assert (folder / "done").exists()


def test_nothing_of_the_hook_is_left_for_the_script_and_its_children(standby):
    look = "[name for name in os.environ if 'STANDBY' in name], os.environ.get('PYTHONPATH'), sys.path"
    child = f"import os, sys; print({look})"
    process = standby(f"import os, subprocess, sys; print({look}, flush=True)\n"
                      f"subprocess.run([sys.executable, '-c', {child!r}], check=True)")
    process.call()
    output, errors = process.end()
    own, of_child = output.splitlines()
    assert (own, errors) == (of_child, "")
    assert "hook" not in own and own.startswith("[] None ")


def test_module_of_the_same_name_is_loaded_once(standby, folder):
    modules = folder / "modules"
    modules.mkdir()
    (modules / "sitecustomize.py").write_text("print('the site')")
    process = standby("print('the script')", PYTHONPATH=str(modules))
    process.call()
    assert process.end() == ("the site\nthe script\n", "")


def test_agent_gone_ends_the_standby_without_a_word(standby):
    process = standby("print('ran')")
    process.let_go()
    assert process.end(code=-9) == ("", "")


def test_import_failing_ends_the_standby_before_its_script(standby):
    process = standby("print('ran')", "no_such_module")
    output, errors = process.end(code=1)
    assert output == ""
    assert "No module named 'no_such_module'" in errors


@pytest.mark.parametrize("missing", ["standby.fifo", "rank.pid"])
def test_folder_damaged_ends_the_standby_before_its_script(folder, missing):
    script = f'echo $$ > "$0/rank.pid"; rm -f "$0/standby.fifo" "$0/{missing}"; exec "$@"'
    hook = folder / "sitecustomize.py"
    hook.write_bytes(HOOK.read_bytes())
    environment = dict(os.environ, PYTHONPATH=str(folder), ORCHESTRATOR_STANDBY=str(folder))
    command = ["sh", "-c", script, str(folder), sys.executable, "-c", "print('ran')"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WAIT_SECONDS)
    assert (ended.returncode, ended.stdout) == (1, "")


def test_helper_of_the_command_is_no_standby(standby, folder):
    # The noted process is another one, as where a chooser of versions asks an interpreter something on its way.
    process = standby("import subprocess, sys; print('never')")
    environment = dict(os.environ, PYTHONPATH=str(folder / "hook"), ORCHESTRATOR_STANDBY=str(folder))
    while not (folder / "rank.pid").exists() or not (folder / "rank.pid").read_text().endswith("\n"):
        assert process.process.poll() is None, "the standby ended before it was noted"
    asked = subprocess.run(
        [sys.executable, "-c", "import os; print('ORCHESTRATOR_STANDBY' in os.environ)"],
        env=environment, capture_output=True, text=True, timeout=WAIT_SECONDS,
    )
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "False\n", "")
    process.let_go()
    process.end(code=-9)
