"""Progress reaches the agent: soon, again, and across the agent's absence."""

from __future__ import annotations

import grpc
from orchestrator_client._generated import training_pb2 as messages

LOOP = """
oc.init()
say("ready")
while (line := hear()):
    oc.step(int(line))
"""


def test_init_in_a_job_reports_the_rank_before_any_step(agent, run):
    script = run("oc.init(); say(repr(oc.init())); hear()")
    report = agent.wait_for_report("a report")
    assert (report.rank.job_id, report.rank.attempt, report.rank.rank) == ("job-1", 3, 2)
    assert (report.step, report.first_step, report.step_age_ms, report.phase) == (0, 0, 0, "")
    script.expect("Job(job_id='job-1', attempt=3, rank=2, world_size=4)")
    script.tell()
    script.end()


def test_init_without_a_step_reports_after_a_while(agent, run):
    script = run("oc.init(); hear(); say('grpc' in sys.modules)", FIRST_REPORT_SECONDS="0.1")
    assert agent.wait_for_report("the report of init").step == 0
    script.tell()
    script.expect("True")
    script.end()


def test_step_first_is_reported_before_that_while_is_over(agent, run):
    script = run(LOOP, FIRST_REPORT_SECONDS="3600")
    script.expect("ready")
    script.tell("1")
    assert agent.wait_for_report("the first step").first_step == 1
    script.tell("")
    script.end()


def test_step_rising_is_reported_with_first_and_newest(agent, run):
    script = run(LOOP)
    script.expect("ready")
    for step in ("41", "42", "45"):
        script.tell(step)
    report = agent.wait_for_report("step 45", lambda report: report.step == 45)
    assert report.first_step == 41
    assert report.first_step_age_ms >= report.step_age_ms
    script.tell("")
    script.end()


def test_step_first_is_reported_at_once_within_a_long_interval(agent, run):
    agent.next_interval_ms = 60_000
    script = run(LOOP)
    script.expect("ready")
    agent.wait_for_report("the report of init")
    script.tell("7")
    report = agent.wait_for_report("the first step", lambda report: report.first_step == 7)
    assert report.first_step_age_ms < 1000
    script.tell("")
    script.end()


def test_step_zero_is_no_step_yet(agent, run):
    script = run(LOOP)
    script.expect("ready")
    script.tell("0")
    script.tell("1")
    report = agent.wait_for_report("a first step", lambda report: report.first_step > 0)
    assert report.first_step == 1
    script.tell("")
    script.end()


def test_step_without_rise_renews_the_age_and_keeps_the_number(agent, run):
    script = run(LOOP)
    script.expect("ready")
    script.tell("9")
    first = agent.wait_for_report("step 9", lambda report: report.step == 9 and report.step_age_ms >= 30)
    script.tell("4")
    again = agent.wait_for_report(
        "a younger step 9",
        lambda report: report.step == 9 and report.step_age_ms < report.first_step_age_ms - 20,
        after=agent.of(messages.ReportRequest).index(first),
    )
    assert again.first_step == 9
    script.tell("")
    script.end()
    assert "comes after step(9)" in script.errors


def test_agent_absent_at_init_gets_the_first_step_when_it_comes(absent_agent, run):
    script = run(LOOP)
    script.expect("ready")
    script.tell("5")
    script.tell("6")
    absent_agent.start()
    report = absent_agent.wait_for_report("step 6", lambda report: report.step == 6)
    assert report.first_step == 5
    script.tell("")
    script.end()
    assert script.errors == ""


def test_agent_restarted_on_the_same_path_gets_the_next_reports(agent, run):
    script = run(LOOP)
    script.expect("ready")
    script.tell("1")
    agent.wait_for_report("step 1", lambda report: report.step == 1)
    agent.stop()
    script.tell("2")
    agent.start()
    assert agent.wait_for_report("step 2", lambda report: report.step == 2).first_step == 1
    script.tell("")
    script.end()


def test_agent_refusing_reports_is_told_once_and_training_goes_on(agent, run):
    agent.failures["Report"] = grpc.StatusCode.FAILED_PRECONDITION
    script = run(LOOP)
    script.expect("ready")
    agent.wait_for_report("a report")
    script.tell("1")
    agent.wait_for_report("step 1 in spite of the refusal", lambda report: report.step == 1)
    del agent.failures["Report"]
    agent.wait_for_next_reports()
    script.tell("")
    script.end()
    assert script.errors.count("refuses this rank's reports (failed_precondition)") == 1


def test_phase_nested_reports_the_inner_then_the_outer(agent, run):
    script = run(
        """
        with oc.phase("train"):
            say("in"); hear()
            with oc.phase("e" * 100):
                say("in"); hear()
            say("in"); hear()
        say("in"); hear()
        """
    )
    for phase in ("train", "e" * 64, "train", ""):
        script.expect("in")
        agent.wait_for_next_reports()
        assert agent.of(messages.ReportRequest)[-1].phase == phase
        script.tell()
    script.end()
