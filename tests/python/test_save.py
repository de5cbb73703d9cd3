"""A state is copied into the agent's memory, or written into a folder, and comes back bit for bit."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from orchestrator_client._generated import training_pb2 as messages

torch = pytest.importorskip("torch")

STATE = """
import torch
torch.manual_seed(7)
net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Linear(3, 2))
optimizer = torch.optim.Adam(net.parameters())
net(torch.rand(2, 4)).sum().backward()
optimizer.step()
tied = torch.rand(5, 7)
state = {
    "model": net.state_dict(),
    "optimizer": optimizer.state_dict(),
    "nested": {"list": [tied, (tied, {"transposed": tied.t(), "part": tied[1:4, 2:5]})]},
    "kinds": [torch.tensor([True, False]), torch.arange(9), torch.rand(7).bfloat16(), torch.rand(3).half(),
              torch.rand(3, dtype=torch.complex64).conj(), torch.tensor(2.5), torch.empty(0, 3),
              torch.full((3,), float("nan"))],
    "parameter": torch.nn.Parameter(torch.rand(2)),
    "sparse": torch.eye(3).to_sparse(),
    "plain": {"step": 8, "name": "run", "none": None},
}

def same(one, other):
    if isinstance(one, torch.Tensor):
        one, other = (each.to_dense() if each.layout != torch.strided else each for each in (one, other))
        return one.dtype == other.dtype and one.shape == other.shape and repr(one.tolist()) == repr(other.tolist())
    if isinstance(one, dict):
        return type(one) is type(other) and list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return one == other
"""

SAVE = STATE + """
saved = oc.save(8, state)
say(saved.stored, saved.refusal_code)
"""


@pytest.mark.parametrize("gives_buffers", [True, False], ids=["buffer", "folder"])
def test_save_then_load_gives_the_same_state(agent, run, gives_buffers):
    agent.gives_buffers = gives_buffers
    script = run(
        SAVE + """
path = hear()
back = oc.load(path)
say(same(state, back), back["nested"]["list"][0] is back["nested"]["list"][1][0])
say(isinstance(back["parameter"], torch.nn.Parameter), back["parameter"].requires_grad)
net.load_state_dict(back["model"])
optimizer.load_state_dict(back["optimizer"])
"""
    )
    script.expect("True ")
    commit = agent.wait_for(messages.CommitCheckpointRequest, "a commit")
    assert (commit.step, commit.shards_expected, commit.in_background) == (8, 4, gives_buffers)
    assert [path.name for path in Path(commit.directory).iterdir()] == ["state"]
    script.tell(commit.directory)
    script.expect("True True")
    script.expect("True True")
    script.end()


def test_save_asks_for_the_bytes_that_it_writes(agent, run):
    script = run("import torch\noc.save(8, torch.ones(1024, 1024), ranks=1)")
    script.end()
    begin = agent.wait_for(messages.BeginCheckpointRequest, "a begin")
    commit = agent.wait_for(messages.CommitCheckpointRequest, "a commit")
    assert begin.wants_buffer and begin.size_bytes == (Path(commit.directory) / "state").stat().st_size
    assert 0 <= begin.size_bytes - 4 * 1024 * 1024 <= 64 * 1024
    assert commit.shards_expected == 1


def test_save_buffer_again_is_not_mapped_again(agent, run):
    agent.gives_buffers = True
    script = run(
        """
        import torch, orchestrator_client._buffers as b
        make, maps = b._Mapped, []
        b._Mapped = lambda path: maps.append(path) or make(path)
        weights = torch.zeros(1000)
        while hear() == "save":
            weights += 1
            say(oc.save(int(weights[0]), weights).stored, len(maps))
        """
    )
    directories = []
    for step, mapped in ((1, 1), (2, 2), (3, 2)):
        script.tell("save")
        script.expect(f"True {mapped}")
        commit = agent.wait_for(
            messages.CommitCheckpointRequest, f"the commit of step {step}", lambda c, step=step: c.step == step
        )
        directories.append(Path(commit.directory))
        if step == 2:
            # The first checkpoint is retired, and its buffer goes to the third.
            (directories[0] / "state").unlink()
            agent.free_buffers = [agent.folder / "buffers" / "buffer-1"]
    script.tell("end")
    script.end()
    script = run("for _ in range(2): say(int(oc.load(hear())[999]))")
    for directory, content in zip(directories[1:], ("2", "3")):
        script.tell(str(directory))
        script.expect(content)
    script.end()


def test_save_buffer_of_the_same_name_but_another_file_is_mapped_anew(agent, run):
    agent.gives_buffers = True
    script = run(
        """
        import torch
        for value in (1, 2):
            oc.save(value, torch.full((1000,), float(value)))
            say("saved")
            hear()
        """
    )
    script.expect("saved")
    first = Path(agent.wait_for(messages.CommitCheckpointRequest, "a commit").directory) / "state"
    buffer = agent.folder / "buffers" / "buffer-1"
    content = buffer.read_bytes()
    buffer.unlink()
    first.unlink()
    buffer.write_bytes(b"\xff" * len(content))
    agent.free_buffers = [buffer]
    script.tell()
    script.expect("saved")
    script.tell()
    script.end()
    assert buffer.read_bytes().startswith(b"ORCHST01")


def test_save_ends_when_the_last_one_is_confirmed(agent, run):
    agent.gives_buffers = True
    run(SAVE).end()
    commits = agent.of(messages.CommitCheckpointRequest)
    assert [commit.in_background for commit in commits] == [True, False]
    assert commits[0].directory == commits[1].directory


@pytest.mark.parametrize("code", ["memory_full", "buffers_busy", "no_store"])
def test_save_refused_says_why_and_goes_on(agent, run, code):
    agent.refusal = (code, "the reason")
    script = run(SAVE + SAVE)
    script.expect(f"False {code}")
    script.expect(f"False {code}")
    script.end()
    assert script.errors.count(f"the checkpoint of step 8 is not stored ({code}): the reason") == 1
    assert agent.of(messages.CommitCheckpointRequest) == []


def test_save_commit_refused_is_not_stored(agent, run):
    agent.gives_buffers = True
    agent.commit_refusal = ("attempt_over", "attempt 3 is over")
    script = run(SAVE)
    script.expect("False attempt_over")
    script.end()


def test_save_failing_in_the_agent_is_not_stored(agent, run):
    agent.failures["BeginCheckpoint"] = grpc.StatusCode.INTERNAL
    script = run(SAVE)
    script.expect("False internal")
    script.end()


def test_save_buffer_not_there_is_not_stored(agent, run):
    agent.begin_reply = messages.BeginCheckpointReply(directory="/nowhere", buffer="/nowhere/state", buffer_id="1")
    script = run(SAVE)
    script.expect("False folder_unusable")
    script.end()


def test_save_agent_away_throughout_is_not_stored(absent_agent, run):
    script = run("import orchestrator_client._save as s; s.CHECKPOINT_AWAY_SECONDS = 0.3\n" + SAVE)
    script.expect("False agent_away")
    script.end()


def test_save_outside_of_a_job_does_nothing(run):
    script = run(SAVE, in_job=False)
    script.expect("False outside_job")
    script.end()


def test_save_without_torch_needs_none(agent, run):
    script = run(
        """
        sys.modules["torch"] = None
        say(oc.save(8, {"total": 36}).stored)
        say(oc.load(hear()))
        """
    )
    script.expect("True")
    script.tell(agent.wait_for(messages.CommitCheckpointRequest, "a commit").directory)
    script.expect("{'total': 36}")
    script.end()


def test_save_wrong_use_raises_usage_error(agent, run):
    script = run(
        """
        for step, state, ranks in ((-1, {}, None), (8, {}, 5), (8, lambda: None, None)):
            try:
                oc.save(step, state, ranks)
            except oc.UsageError as error:
                say(str(error)[:6])
        try:
            oc.load(None)
        except oc.UsageError as error:
            say(str(error)[:6])
        """
    )
    for call in ("save()", "save(r", "save()", "load()"):
        script.expect(call)
    script.end()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: b"PK\x03\x04" + content[4:], "no state that save() wrote"),
        (lambda content: content[:20], "no state that save() wrote"),
        (lambda content: content[:-100], "but its header speaks of"),
        (lambda content: b"", "no state that save() wrote"),
    ],
    ids=["magic", "prefix", "end", "empty"],
)
def test_load_damaged_file_raises(agent, run, damage, words):
    run(SAVE).end()
    file = Path(agent.wait_for(messages.CommitCheckpointRequest, "a commit").directory) / "state"
    file.write_bytes(damage(file.read_bytes()))
    script = run(f"try: oc.load({str(file)!r})\nexcept oc.StateUnreadableError as error: say(error)")
    assert words in script.next_line("an error")
    script.end()


def test_load_what_resume_found(agent, run):
    run(SAVE).end()
    path = agent.wait_for(messages.CommitCheckpointRequest, "a commit").directory
    agent.resume_reply = messages.ResumeReply(has_checkpoint=True, step=8, path=path, shard_paths={2: path})
    script = run("say(oc.load(oc.resume())['plain']['step'])")
    script.expect("8")
    script.end()
