"""A checkpoint is committed, or the script writes into a folder that nobody keeps; it never raises."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from orchestrator_client._generated import training_pb2 as messages

SAVE = """
with oc.checkpoint(40) as saved:
    assert os.listdir(saved) == []
    (saved / "state").write_text("weights")
    open(os.path.join(saved, "more"), "w").close()
    say(saved.path)
    say(saved.stored, saved.refusal_code)
say(saved.stored, saved.refusal_code)
say(os.path.exists(saved))
"""


def test_checkpoint_clean_end_commits_folder_of_all_ranks(agent, run):
    script = run(SAVE)
    path = script.next_line("a path")
    script.expect("False ")
    script.expect("True ")
    script.expect("True")
    script.end()
    commit = agent.wait_for(messages.CommitCheckpointRequest, "a commit")
    assert (commit.step, commit.directory, commit.shards_expected) == (40, path, 4)
    assert (commit.rank.job_id, commit.rank.attempt, commit.rank.rank) == ("job-1", 3, 2)
    assert (Path(path) / "state").read_text() == "weights"


def test_checkpoint_of_one_rank_expects_one_shard(agent, run):
    script = run("with oc.checkpoint(step=8, ranks=1) as saved: pass\nsay(saved.stored, saved.step)")
    script.expect("True 8")
    script.end()
    assert agent.wait_for(messages.CommitCheckpointRequest, "a commit").shards_expected == 1


def test_checkpoint_block_raising_commits_nothing_and_raises(agent, run):
    script = run(
        """
        try:
            with oc.checkpoint(8) as saved:
                raise KeyError("own")
        except KeyError as error:
            say(error, saved.stored, saved.refusal_code)
        """
    )
    script.expect("'own' False abandoned")
    script.end()
    assert agent.of(messages.CommitCheckpointRequest) == []


def test_checkpoint_refused_gives_a_folder_that_goes_away(agent, run):
    agent.refusal = ("no_store", "the job has no store")
    script = run(SAVE + SAVE)
    for _ in range(2):
        assert not Path(script.next_line("a path")).is_relative_to(agent.folder)
        script.expect("False no_store")
        script.expect("False no_store")
        script.expect("False")
    script.end()
    assert script.errors.count("the checkpoint of step 40 is not stored (no_store): the job has no store") == 1
    assert agent.of(messages.CommitCheckpointRequest) == []


def test_checkpoint_commit_refused_is_not_stored(agent, run):
    agent.commit_refusal = ("attempt_over", "attempt 3 is over")
    script = run(SAVE)
    script.next_line("a path")
    script.expect("False ")
    script.expect("False attempt_over")
    script.expect("True")
    script.end()
    assert "attempt 3 is over" in script.errors


@pytest.mark.parametrize("name", ["BeginCheckpoint", "CommitCheckpoint"])
def test_checkpoint_failing_in_the_agent_is_not_stored(agent, run, name):
    agent.failures[name] = grpc.StatusCode.INTERNAL
    script = run("with oc.checkpoint(8) as saved: pass\nsay(saved.stored, saved.refusal_code)")
    script.expect("False internal")
    script.end()
    assert "(internal)" in script.errors


def test_checkpoint_agent_away_throughout_gives_a_folder_that_goes_away(absent_agent, run):
    script = run("import orchestrator_client._checkpoint as c; c.CHECKPOINT_AWAY_SECONDS = 0.3\n" + SAVE)
    script.next_line("a path")
    script.expect("False agent_away")
    script.expect("False agent_away")
    script.expect("False")
    script.end()
    assert script.errors.count("is not stored (agent_away)") == 1


def test_checkpoint_begun_while_the_agent_restarts_is_stored(absent_agent, run):
    script = run("say('begins')\n" + SAVE)
    script.expect("begins")
    absent_agent.start()
    script.next_line("a path")
    script.expect("False ")
    script.expect("True ")
    script.expect("True")
    script.end()


def test_checkpoint_agent_restarting_under_the_commit_is_stored(agent, run):
    agent.hanging.add("CommitCheckpoint")
    script = run(SAVE)
    path = script.next_line("a path")
    agent.wait_for(messages.CommitCheckpointRequest, "the first commit")
    agent.stop()
    agent.hanging.clear()
    agent.start()
    script.expect("False ")
    script.expect("True ")
    script.expect("True")
    script.end()
    commits = agent.of(messages.CommitCheckpointRequest)
    assert len(commits) == 2 and {commit.directory for commit in commits} == {path}


def test_checkpoint_folder_not_writable_gives_another(agent, run):
    agent.begin_reply = messages.BeginCheckpointReply(directory="/nowhere/at/all")
    script = run("with oc.checkpoint(8) as saved: (saved / 'state').touch()\nsay(saved.stored, saved.refusal_code)")
    script.expect("False folder_unusable")
    script.end()


def test_checkpoint_meanwhile_is_reported_as_a_phase(agent, run):
    script = run(
        """
        with oc.phase("train"):
            with oc.checkpoint(8):
                hear()
            hear()
        """
    )
    agent.wait_for_report("the phase 'checkpoint'", lambda report: report.phase == "checkpoint")
    script.tell()
    agent.wait_for(messages.CommitCheckpointRequest, "a commit")
    agent.wait_for_next_reports()
    agent.wait_for_report("'train' again", lambda report: report.phase == "train")
    script.tell()
    script.end()


def test_checkpoint_entered_twice_raises_usage_error(agent, run):
    script = run(
        """
        saved = oc.checkpoint(8)
        with saved: pass
        try:
            with saved: pass
        except oc.UsageError as error:
            say(error)
        """
    )
    assert "one checkpoint() serves one 'with' block" in script.next_line("an error")
    script.end()
