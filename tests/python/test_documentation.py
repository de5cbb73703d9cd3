"""Every Python example of docs/python-client.md runs, as a rank of a job and by hand."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys

import pytest
from orchestrator_client._generated import training_pb2 as messages
from scripts import CLIENT_FOLDER, environment

PAGE = CLIENT_FOLDER.parents[1] / "docs" / "python-client.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
LOOP, STATE, PARALLEL, LOADER, STOPPING, CAREFUL, PLAIN = EXAMPLES


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def one_rank() -> dict[str, str]:
    return {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}


@pytest.mark.parametrize("in_job", [True, False])
@pytest.mark.parametrize(
    "example", EXAMPLES, ids=["loop", "state", "parallel", "loader", "stopping", "careful", "plain"]
)
def test_page_example_runs(agent, run, example, in_job):
    if "import torch" in example:
        pytest.importorskip("torch")
    run(example, in_job=in_job, **one_rank()).end()


def test_page_loop_resumes_from_what_it_stored(agent, run):
    run(LOOP).end()
    commits = agent.of(messages.CommitCheckpointRequest)
    assert [commit.step for commit in commits] == [50, 100]
    paths = json.dumps({"2": commits[0].directory})
    resumed = run(LOOP + "say(total)", ORCHESTRATOR_RESUME_STEP="50", ORCHESTRATOR_RESUME_PATHS=paths)
    resumed.expect(str(sum(range(101))))
    resumed.end()
    assert agent.wait_for_report("the last step", lambda report: report.first_step == 51).rank.rank == 2


def test_page_parallel_example_saves_one_shard_and_resumes(agent, run):
    pytest.importorskip("torch")
    run(PARALLEL, **one_rank()).end()
    commits = agent.of(messages.CommitCheckpointRequest)
    assert [(commit.step, commit.shards_expected) for commit in commits] == [(10, 1), (20, 1)]
    agent.resume_reply = messages.ResumeReply(
        has_checkpoint=True, step=10, path=commits[0].directory, shard_paths={0: commits[0].directory}
    )
    run(PARALLEL, **one_rank()).end()
    agent.wait_for_report("a first step after the resume", lambda report: report.first_step == 11)


@pytest.mark.parametrize("gives_buffers", [True, False])
def test_page_state_example_saves_and_resumes(agent, run, gives_buffers):
    pytest.importorskip("torch")
    agent.gives_buffers = gives_buffers
    run(STATE).end()
    first = agent.wait_for(messages.CommitCheckpointRequest, "a commit")
    assert (first.step, first.in_background) == (10, gives_buffers)
    agent.resume_reply = messages.ResumeReply(
        has_checkpoint=True, step=10, path=first.directory, shard_paths={2: first.directory}
    )
    run(STATE).end()
    agent.wait_for_report("a first step after the resume", lambda report: report.first_step == 11)


def test_page_careful_example_writes_nothing_when_refused(agent, run):
    agent.refusal = ("no_store", "the job has no store")
    script = run(CAREFUL)
    script.expect("False no_store")
    script.end()


def test_page_loader_example_reports_each_step_once_and_resumes(agent, run):
    pytest.importorskip("torch")
    run(LOADER, **one_rank()).end()
    commits = agent.of(messages.CommitCheckpointRequest)
    assert [(commit.step, commit.shards_expected) for commit in commits] == [(16, 1), (32, 1), (48, 1)]
    agent.wait_for_report("the last step", lambda report: report.step == 48)
    paths = json.dumps({"0": commits[0].directory})
    run(LOADER, **one_rank(), ORCHESTRATOR_RESUME_STEP="16", ORCHESTRATOR_RESUME_PATHS=paths).end()
    agent.wait_for_report("a first step after the resume", lambda report: report.first_step == 17)


def test_page_stopping_example_saves_where_it_stopped(agent, run):
    agent.should_stop = True
    script = run("import time\noc.init()\nwhile not oc.should_stop(): time.sleep(0.01)\n" + STOPPING)
    script.expect("stored")
    script.end()
    assert [commit.step for commit in agent.of(messages.CommitCheckpointRequest)] == [0]


def test_page_names_everything_public():
    page = PAGE.read_text()
    names = subprocess.run(
        [sys.executable, "-c", "import orchestrator_client as oc; print(*oc.__all__)"],
        env=environment(None), check=True, capture_output=True, text=True,
    ).stdout.split()
    assert [name for name in names if f"`{name}" not in page and f" {name}" not in page] == []
