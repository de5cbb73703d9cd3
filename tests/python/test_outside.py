"""The same script runs by hand, where every call does nothing."""

from __future__ import annotations

ALL = """
from pathlib import Path
assert oc.init() is None and oc.init() is None
with oc.phase("train"):
    for n in (1, 2, 3):
        oc.step(n)
assert oc.resume() is None
assert oc.should_stop() is False
with oc.checkpoint(3, ranks=2) as saved:
    assert isinstance(saved.path, Path)
    (saved / "state").write_text("weights")
assert not saved.stored and saved.refusal_code == "outside_job" and not saved.path.exists()
assert "grpc" not in sys.modules
say("done")
"""


def test_every_call_by_hand_does_nothing_and_says_so_once(run):
    script = run(ALL, in_job=False)
    script.expect("done")
    script.end()
    assert script.errors == "orchestrator_client: this is no Orchestrator job; its calls do nothing here\n"


def test_every_call_by_hand_on_another_rank_is_silent(run):
    script = run(ALL, in_job=False, RANK="1", WORLD_SIZE="2")
    script.expect("done")
    script.end()
    assert script.errors == ""


def test_every_call_by_hand_with_stderr_closed_raises_nothing(run):
    script = run("sys.stderr.close()\n" + ALL, in_job=False)
    script.expect("done")
    script.end()


def test_import_in_a_job_imports_no_grpc_and_starts_nothing(run):
    script = run("import threading; say('grpc' in sys.modules, threading.active_count())")
    script.expect("False 1")
    script.end()
