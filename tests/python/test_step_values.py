"""What step() and its neighbours say about values that cannot be right."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("value", ["'x'", "-1", "1.5", "True", "None", "2**63", "[1]"])
def test_step_first_call_wrong_raises_with_value_and_line(run, value):
    script = run(
        f"""
        try:
            oc.step({value})
        except oc.OrchestratorError as error:
            say(isinstance(error, oc.UsageError), isinstance(error, ValueError), error)
        """,
        in_job=False,
    )
    line = script.next_line()
    assert line.startswith("True True step() at <string>:8: expected the number of finished steps"), line
    script.end()


def test_step_later_call_wrong_is_told_once_and_ignored(agent, run):
    script = run("oc.step(1); oc.step('x'); oc.step(-3); oc.step(2); hear()")
    agent.wait_for_report("step 2", lambda report: report.step == 2)
    script.tell()
    script.end()
    assert script.errors.count("orchestrator_client:") == 1
    assert "step() at <string>:6: expected" in script.errors and "'x' of type str" in script.errors


def test_step_numpy_integer_counts(agent, run):
    pytest.importorskip("numpy")
    script = run("import numpy; oc.step(numpy.int64(3)); oc.step(numpy.int64(4)); hear()")
    report = agent.wait_for_report("step 4", lambda report: report.step == 4)
    assert report.first_step == 3
    script.tell()
    script.end()


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("oc.checkpoint(-1)", "checkpoint() at <string>:8"),
        ("oc.checkpoint('x')", "checkpoint() at <string>:8"),
        ("oc.checkpoint(1, ranks=0)", "checkpoint(ranks=) at <string>:8"),
        ("oc.checkpoint(1, ranks=5)", "checkpoint(ranks=) at <string>:8"),
        ("oc.phase('')", "phase() at <string>:8"),
        ("oc.phase(3)", "phase() at <string>:8"),
        ("oc.checkpoint(1).path", "checkpoint.path at <string>:8"),
    ],
)
def test_call_with_a_wrong_value_raises_usage_error_with_line(absent_agent, run, call, wanted):
    script = run(
        f"""
        try:
            {call}
        except oc.UsageError as error:
            say(error)
        """
    )
    assert script.next_line("an error").startswith(wanted)
    script.end()


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"RANK": ""}, "RANK is ''"),
        ({"ORCHESTRATOR_ATTEMPT": "two"}, "ORCHESTRATOR_ATTEMPT is 'two'"),
        ({"ORCHESTRATOR_JOB_ID": ""}, "ORCHESTRATOR_JOB_ID is not set"),
        ({"WORLD_SIZE": "-4"}, "WORLD_SIZE is '-4'"),
    ],
)
def test_init_in_half_an_environment_raises_and_names_the_variable(run, variables, named):
    script = run(
        """
        try:
            oc.init()
        except oc.UsageError as error:
            say(error)
        """,
        **variables,
    )
    assert script.next_line("an error").startswith(named)
    script.end()
