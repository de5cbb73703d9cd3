"""should_stop() follows the agent's replies, outlives its restart, and reads locally."""

from __future__ import annotations

SCRIPT = """
oc.init()
while hear():
    say(oc.should_stop())
"""


def test_should_stop_after_the_agent_asked_is_true_and_stays(agent, run):
    script = run(SCRIPT)
    agent.wait_for_next_reports()
    script.tell()
    script.expect("False")
    agent.should_stop = True
    agent.wait_for_next_reports()
    script.tell()
    script.expect("True")
    agent.should_stop = False
    agent.stop()
    script.tell()
    script.expect("True")
    script.tell("")
    script.end()


def test_should_stop_without_an_agent_is_false(absent_agent, run):
    script = run(SCRIPT)
    script.tell()
    script.expect("False")
    script.tell("")
    script.end()
