"""resume() finds the checkpoint, finds that there is none, or says that it does not know."""

from __future__ import annotations

import json

import grpc
import pytest
from orchestrator_client._generated import training_pb2 as messages

ASK = """
found = oc.resume()
assert found is oc.resume()
say(found)
"""

# The wait for an absent agent, cut short.
IMPATIENT = "import orchestrator_client._find_resume as r; r.RESUME_AWAY_SECONDS = 0.3\n"

TRY = """
try:
    say(oc.resume())
except oc.ResumeUnavailableError as error:
    say("unavailable:", error)
"""


def in_environment(step: str, paths: object) -> dict[str, str]:
    text = paths if isinstance(paths, str) else json.dumps(paths)
    return {"ORCHESTRATOR_RESUME_STEP": step, "ORCHESTRATOR_RESUME_PATHS": text}


def test_resume_by_environment_needs_no_agent(absent_agent, run):
    script = run(ASK, **in_environment("40", {"0": "/c/0", "2": "/c/2"}))
    shards = "{0: PosixPath('/c/0'), 2: PosixPath('/c/2')}"
    script.expect(f"Resume(step=40, path=PosixPath('/c/2'), shards={shards})")
    script.end()


def test_resume_by_environment_without_own_shard_gives_the_lowest(absent_agent, run):
    script = run("say(oc.resume().path)", **in_environment("40", {"3": "/c/3", "1": "/c/1"}))
    script.expect("/c/1")
    script.end()


def test_resume_by_environment_with_empty_paths_is_from_nothing(absent_agent, run):
    script = run(ASK, **in_environment("", {}))
    script.expect("None")
    script.end()


def test_resume_by_call_gives_the_agents_answer(agent, run):
    agent.resume_reply = messages.ResumeReply(
        has_checkpoint=True, step=40, path="/c/2", shard_paths={0: "/c/0", 2: "/c/2"}
    )
    script = run("found = oc.resume(); say(found.step, found.path, sorted(found.shards.items()))")
    script.expect("40 /c/2 [(0, PosixPath('/c/0')), (2, PosixPath('/c/2'))]")
    script.end()
    request = agent.wait_for(messages.ResumeRequest, "a resume")
    assert (request.rank.job_id, request.rank.attempt, request.rank.rank) == ("job-1", 3, 2)


def test_resume_by_call_without_checkpoint_is_from_nothing_and_asked_once(agent, run):
    script = run(ASK)
    script.expect("None")
    script.end()
    assert len(agent.of(messages.ResumeRequest)) == 1


@pytest.mark.parametrize("paths", [{}, {"ORCHESTRATOR_RESUME_PATHS": ""}])
def test_resume_with_the_step_alone_asks_for_the_paths(agent, run, paths):
    agent.resume_reply = messages.ResumeReply(has_checkpoint=True, step=40, path="/c/2", shard_paths={2: "/c/2"})
    script = run("say(oc.resume().path)", ORCHESTRATOR_RESUME_STEP="40", **paths)
    script.expect("/c/2")
    script.end()


def test_resume_with_the_step_alone_and_another_answer_raises(agent, run):
    script = run(TRY, ORCHESTRATOR_RESUME_STEP="40")
    script.expect(
        "unavailable: ORCHESTRATOR_RESUME_STEP says step 40, but the agent says None; launch the job again"
    )
    script.end()


def test_resume_agent_away_until_it_comes_waits_for_it(absent_agent, run):
    script = run("say('asks')\n" + ASK)
    script.expect("asks")
    absent_agent.start()
    script.expect("None")
    script.end()


def test_resume_agent_away_for_good_raises_instead_of_starting_over(absent_agent, run):
    script = run(IMPATIENT + TRY)
    assert "nothing was trained" in script.next_line("an answer")
    script.end()


def test_resume_refused_raises_at_once(agent, run):
    agent.failures["Resume"] = grpc.StatusCode.DATA_LOSS
    script = run(TRY)
    assert "does not let this rank resume (data_loss: scripted)" in script.next_line("an answer")
    script.end()


@pytest.mark.parametrize(
    ("step", "paths"),
    [
        ("40", {}),
        ("", {"0": "/c/0"}),
        ("forty", {"0": "/c/0"}),
        ("40", "[]"),
        ("40", "{"),
        ("40", {"zero": "/c/0"}),
        ("40", {"0": 3}),
        ("40", {"0": "c/0"}),
    ],
)
def test_resume_by_unusable_environment_raises_and_names_it(agent, run, step, paths):
    script = run(TRY, **in_environment(step, paths))
    assert script.next_line("an answer").startswith("unavailable: ORCHESTRATOR_RESUME_")
    script.end()
