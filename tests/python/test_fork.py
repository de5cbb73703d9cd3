"""Forked children do no harm: they are inert, they end, and the parent goes on reporting."""

from __future__ import annotations

import pytest
from orchestrator_client._generated import training_pb2 as messages

PARENT = """
import signal
def wait_for(child):
    signal.alarm(20)
    ended, status = os.waitpid(child, 0)
    signal.alarm(0)
    return os.waitstatus_to_exitcode(status)
"""


def goes_on(agent, script, step: int) -> None:
    """The parent still reports, and nobody else does."""
    agent.wait_for_next_reports()
    agent.wait_for_report(f"step {step} of the parent", lambda report: report.step == step)
    script.tell("")
    script.end()
    assert all(report.step <= step for report in agent.of(messages.ReportRequest)), "a child reported"


@pytest.mark.parametrize("leave", ["os._exit(5)", "sys.exit(5)"])
def test_fork_child_ends_and_the_parent_goes_on(agent, run, leave):
    script = run(
        PARENT
        + f"""
oc.step(1)
hear()
for _ in range(10):
    child = os.fork()
    if child == 0:
        oc.step(1000)
        {leave}
    assert wait_for(child) == 5
oc.step(2)
say("forked")
hear()
"""
    )
    agent.wait_for_report("step 1", lambda report: report.step == 1)
    script.tell()
    script.expect("forked")
    goes_on(agent, script, 2)


@pytest.mark.parametrize("hanging", [False, True])
def test_fork_child_has_no_socket_of_the_client(agent, run, hanging):
    """gRPC's threads start again in the child, and would write into it, or into what has its number by then."""
    if hanging:
        agent.hanging.add("Report")
    script = run(
        PARENT
        + """
def sockets():
    links = (f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd"))
    return sum(os.readlink(link).startswith("socket:") for link in links if os.path.islink(link))
none = sockets()
oc.step(1)
hear()
assert sockets() > none
for _ in range(5):
    child = os.fork()
    if child == 0:
        os._exit(sockets())
    assert wait_for(child) == none
oc.step(2)
say("forked")
hear()
"""
    )
    agent.wait_for_report("step 1", lambda report: report.step == 1)
    script.tell()
    script.expect("forked")
    agent.hanging.clear()
    goes_on(agent, script, 2)


def test_fork_right_after_init_does_not_hang_the_child(agent, run):
    script = run(
        PARENT
        + """
oc.init()
for _ in range(10):
    child = os.fork()
    if child == 0:
        import asyncio, concurrent.futures, ctypes, logging
        oc.step(1000)
        sys.exit(5)
    assert wait_for(child) == 5
oc.step(2)
say("forked")
hear()
"""
    )
    script.expect("forked")
    goes_on(agent, script, 2)


def test_fork_child_calls_are_inert(agent, run):
    script = run(
        PARENT
        + """
oc.step(1)
hear()
child = os.fork()
if child == 0:
    job = oc.init()
    assert job.rank == 2
    with oc.phase("child"):
        oc.step(1000)
    assert oc.should_stop() is True
    with oc.checkpoint(1000) as saved:
        (saved / "state").touch()
    assert (saved.stored, saved.refusal_code) == (False, "helper_process"), saved.refusal
    try:
        oc.resume()
    except oc.ResumeUnavailableError:
        sys.exit(5)
assert wait_for(child) == 5
oc.step(2)
say("forked")
hear()
"""
    )
    agent.should_stop = True
    agent.wait_for_next_reports()
    script.tell()
    script.expect("forked")
    assert agent.of(messages.BeginCheckpointRequest) == []
    goes_on(agent, script, 2)


def test_fork_inside_a_checkpoint_commits_once(agent, run):
    script = run(
        PARENT
        + """
with oc.checkpoint(8) as saved:
    (saved / "state").touch()
    child = os.fork()
if child == 0:
    sys.exit(5)
assert wait_for(child) == 5
say(saved.stored, os.listdir(saved))
"""
    )
    script.expect("True ['state']")
    script.end()
    assert len(agent.of(messages.CommitCheckpointRequest)) == 1


def test_fork_inside_a_throwaway_checkpoint_leaves_the_folder_to_the_parent(agent, run):
    agent.refusal = ("no_store", "the job has no store")
    script = run(
        PARENT
        + """
with oc.checkpoint(8) as saved:
    (saved / "state").touch()
    child = os.fork()
    if child:
        assert wait_for(child) == 5
        say(os.listdir(saved))
if child == 0:
    sys.exit(5)
say(os.path.exists(saved))
"""
    )
    script.expect("['state']")
    script.expect("False")
    script.end()


def test_fork_before_init_lets_the_child_report(agent, run):
    script = run(
        PARENT
        + """
child = os.fork()
if child == 0:
    oc.step(6)
    hear()
    sys.exit(5)
assert wait_for(child) == 5
"""
    )
    agent.wait_for_report("step 6 of the child", lambda report: report.step == 6)
    script.tell("")
    script.end()


def test_daemon_that_is_there_before_the_first_call_is_inert(agent, run):
    script = run(
        """
import multiprocessing, signal
def load(queue):
    oc.step(1000)
    oc.phase("load").__enter__()
    queue.put("stepped")
    signal.pause()
context = multiprocessing.get_context("fork")
queue = context.Queue()
context.Process(target=load, args=(queue,), daemon=True).start()
say(queue.get())
oc.step(2)
hear()
"""
    )
    script.expect("stepped")
    goes_on(agent, script, 2)


def test_spawned_process_of_the_script_is_inert(agent, run):
    script = run(
        """
import subprocess
oc.step(1)
child = "import orchestrator_client as oc; oc.step(1000); print(oc.init().rank, oc.should_stop())"
say(subprocess.run([sys.executable, "-c", child], check=True, capture_output=True, text=True).stdout.strip())
oc.step(2)
hear()
"""
    )
    script.expect("2 False")
    goes_on(agent, script, 2)


def test_fork_in_the_middle_of_a_report_hangs_nobody(agent, run):
    agent.hanging.add("Report")
    script = run(
        PARENT
        + """
oc.step(1)
hear()
for _ in range(5):
    child = os.fork()
    if child == 0:
        oc.step(1000)
        with oc.checkpoint(1000): pass
        sys.exit(5)
    assert wait_for(child) == 5
oc.step(2)
say("forked")
hear()
"""
    )
    agent.wait_for_report("a report that the agent holds")
    script.tell()
    script.expect("forked")
    agent.hanging.clear()
    goes_on(agent, script, 2)


def test_data_loader_workers_come_and_go_under_reports_and_checkpoints(agent, run):
    pytest.importorskip("torch")
    agent.next_interval_ms = 1
    script = run(
        """
import torch
from torch.utils.data import DataLoader, Dataset
class Numbers(Dataset):
    def __len__(self): return 32
    def __getitem__(self, index):
        oc.step(1000 + index)
        oc.should_stop()
        return torch.tensor(index)
step = 0
for epoch in range(6):
    with oc.phase("train"):
        for batch in DataLoader(Numbers(), batch_size=4, num_workers=2, persistent_workers=epoch % 2 == 1):
            step += 1
            oc.step(step)
            if step % 4 == 0:
                with oc.checkpoint(step, ranks=1) as saved:
                    torch.save(batch, saved / "batch.pt")
                assert saved.stored, saved.refusal
say(step)
hear()
"""
    )
    script.expect("48")
    assert [commit.step for commit in agent.of(messages.CommitCheckpointRequest)] == list(range(4, 49, 4))
    goes_on(agent, script, 48)


def test_data_loader_with_two_workers_leaves_the_parent_reporting(agent, run):
    pytest.importorskip("torch")
    script = run(
        """
import torch
from torch.utils.data import DataLoader, Dataset
class Numbers(Dataset):
    def __len__(self): return 32
    def __getitem__(self, index):
        oc.step(1000 + index)
        return torch.tensor(index)
oc.init()
step = 0
for epoch in range(3):
    for batch in DataLoader(Numbers(), batch_size=4, num_workers=2):
        step += 1
        oc.step(step)
say(step)
hear()
"""
    )
    script.expect("24")
    goes_on(agent, script, 24)
