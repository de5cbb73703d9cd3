"""should_save() follows the launch's plan and the agent's replies, and is the same on every rank that knows them."""

from __future__ import annotations

import pytest

STEPS = """
oc.init()
while hear():
    say(*(step for step in range(61) if oc.should_save(step)))
"""


def test_should_save_without_a_plan_saves_nothing(agent, run):
    script = run(STEPS)
    agent.wait_for_next_reports()
    script.tell()
    script.expect("")
    script.tell("")
    script.end()


def test_should_save_follows_the_plan_of_the_replies(agent, run):
    script = run(STEPS)
    agent.save_plan = (20, 30, 0)
    agent.wait_for_next_reports()
    script.tell()
    script.expect("40 60")
    agent.save_plan = (7, 45, 20)
    agent.wait_for_next_reports()
    script.tell()
    script.expect("20 40 49 56")
    script.tell("")
    script.end()


def test_should_save_agent_that_knows_no_plan_or_is_gone_takes_none_back(agent, run):
    script = run(STEPS)
    agent.save_plan = (20, 0, 0)
    agent.wait_for_next_reports()
    agent.save_plan = (0, 0, 0)
    agent.wait_for_next_reports()
    script.tell()
    script.expect("20 40 60")
    agent.stop()
    script.tell()
    script.expect("20 40 60")
    script.tell("")
    script.end()


def test_should_save_plan_of_the_launch_is_known_without_an_agent(absent_agent, run):
    script = run(STEPS, ORCHESTRATOR_SAVE_PLAN="7,45,20")
    script.tell()
    script.expect("20 40 49 56")
    script.tell("")
    script.end()


@pytest.mark.parametrize("plan", ["7", "7,45,", "7,45,-1", "1,2,3,4"])
def test_should_save_unreadable_plan_is_wrong_use(absent_agent, run, plan):
    script = run(
        """
        try: oc.init()
        except oc.UsageError as error: say(error)
        """,
        ORCHESTRATOR_SAVE_PLAN=plan,
    )
    script.expect(f"ORCHESTRATOR_SAVE_PLAN is '{plan}', but the agent sets three whole numbers, or leaves it unset")
    script.end()


def test_should_save_by_hand_and_in_children_is_false(absent_agent, run):
    script = run("say(oc.should_save(7))", in_job=False, ORCHESTRATOR_SAVE_PLAN="7,0,0")
    script.expect("False")
    script.end()
    script = run(
        """
        say(oc.should_save(7))
        child = os.fork()
        if child == 0:
            say(oc.should_save(7))
            os._exit(0)
        os.waitpid(child, 0)
        """,
        ORCHESTRATOR_SAVE_PLAN="7,0,0",
    )
    script.expect("True")
    script.expect("False")
    script.end()


def test_should_save_wrong_step_is_wrong_use(absent_agent, run):
    script = run(
        """
        for wrong in (-1, 1.0, True, None):
            try: oc.should_save(wrong)
            except oc.UsageError as error: say(str(error).split(":")[0].split(" at ")[0])
        """
    )
    for _ in range(4):
        script.expect("should_save()")
    script.end()
