"""A script ends with its own exit code, soon, and its last step is reported."""

from __future__ import annotations

import pytest
from orchestrator_client._generated import training_pb2 as messages

# Far above the client's own bound of 0.2 s, so that only a hang fails on a busy machine.
SOON_SECONDS = 5.0


def test_exit_clean_reports_the_last_step(agent, run):
    agent.next_interval_ms = 60_000
    script = run("oc.step(1); hear(); oc.step(2); oc.step(3)")
    agent.wait_for_report("the first step", lambda report: report.step == 1)
    script.tell()
    assert script.end() < SOON_SECONDS
    agent.wait_for_report("the last step", lambda report: report.step == 3)


def test_exit_without_an_agent_is_soon(absent_agent, run):
    script = run("oc.step(1); say('ends')")
    script.expect("ends")
    assert script.end() < SOON_SECONDS


def test_exit_under_a_hanging_report_is_soon(agent, run):
    agent.hanging.add("Report")
    script = run("oc.init(); hear(); say('ends')")
    agent.wait_for_report("a report that hangs")
    script.tell()
    script.expect("ends")
    assert script.end() < SOON_SECONDS


def test_exit_with_own_code_keeps_it(agent, run):
    script = run("oc.step(1); sys.exit(7)")
    script.end(code=7)


def test_exit_by_exception_keeps_its_traceback(agent, run):
    script = run("oc.step(1); raise RuntimeError('own')")
    script.end(code=1)
    assert script.errors.rstrip().endswith("RuntimeError: own")


@pytest.mark.parametrize("present", [True, False])
def test_exit_right_after_init_is_clean(absent_agent, run, present):
    if present:
        absent_agent.start()
    for _ in range(10):
        script = run("oc.init()")
        script.end()
        assert script.errors == ""


def test_exit_before_the_first_report_without_a_step_leaves_grpc_alone(agent, run):
    script = run(
        """
        import atexit
        atexit.register(lambda: say("grpc" in sys.modules))
        oc.init()
        """,
        FIRST_REPORT_SECONDS="3600",
    )
    script.expect("False")
    script.end()
    assert agent.of(messages.ReportRequest) == []
