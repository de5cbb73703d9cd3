"""Trains the tiny transformer with DistributedDataParallel and survives the loss of a host.

What makes it survive is four calls of `orchestrator_client`: `resume` at the start, `step` after each step,
`checkpoint` now and then, and `should_stop`. Outside an Orchestrator job each of them does nothing, so the same
script runs alone:

    OUT=/tmp/out /usr/bin/python3 train.py

An interrupted run ends with exactly the weights, bit for bit, of one that was never interrupted. That takes:
  - data that depends on (SEED, step, rank) alone, and initial weights that depend on SEED alone;
  - the optimizer's state in the checkpoint;
  - one thread per rank, so that sums are always taken in the same order;
  - `find_unused_parameters=True`. Without it DistributedDataParallel regroups the gradients after its first step,
    so a resumed process adds floats of the same step in another order than one that has run since step 1.

Environment:
  OUT                folder for the results, created if missing. Required.
  STEPS              steps to train in all. Default 120.
  SEED               seed of weights and data. Default 1.
  CHECKPOINT_EVERY   steps between two checkpoints. Default 10.
  RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT   as torchrun sets them. Default: one rank, alone.

Rank 0 appends one JSON line per finished step to OUT/steps.jsonl and writes OUT/weights.pt at the end.
"""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

# Read by libraries that torch loads, hence before its import; job.yaml says the same for standbys.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Errors only: DDP warns that find_unused_parameters found none, which is not what it is set for here.
os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
os.environ.setdefault("GLOG_minloglevel", "2")

import orchestrator_client as orchestrator
import torch
import torch.distributed as dist
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from model import CONTEXT, TinyTransformer

TEXT = Path(__file__).parent / "text" / "sonnets.txt"
BATCH = 8
LEARNING_RATE = 3e-3
RENDEZVOUS_SECONDS = 60


@dataclass(frozen=True)
class Settings:
    """What the environment asks for."""

    out: Path
    steps: int
    seed: int
    checkpoint_every: int
    rank: int
    world_size: int
    attempt: int

    @staticmethod
    def from_environment() -> Settings:
        if not os.environ.get("OUT"):
            raise SystemExit("train.py: OUT is not set; set it to the folder for the results")
        return Settings(
            out=Path(os.environ["OUT"]),
            steps=whole_number("STEPS", 120),
            seed=whole_number("SEED", 1, least=0),
            checkpoint_every=whole_number("CHECKPOINT_EVERY", 10),
            rank=whole_number("RANK", 0, least=0),
            world_size=whole_number("WORLD_SIZE", 1),
            attempt=whole_number("ORCHESTRATOR_ATTEMPT", 1),
        )


def whole_number(name: str, default: int, least: int = 1) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise SystemExit(f"train.py: {name} is '{text}'; set it to a whole number of at least {least}")
    return int(text)


class Corpus:
    """The text as numbers, one per character."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.alphabet = sorted(set(text))
        number = {character: position for position, character in enumerate(self.alphabet)}
        self._numbers = torch.tensor([number[character] for character in text])

    def batch(self, seed: int, step: int, rank: int) -> tuple[Tensor, Tensor]:
        """Excerpts and the characters that follow each of theirs; the same for the same arguments, always."""
        generator = torch.Generator().manual_seed((seed * 1_000_003 + step) * 1_009 + rank)
        starts = torch.randint(len(self._numbers) - CONTEXT, (BATCH,), generator=generator)
        excerpts = self._numbers[starts[:, None] + torch.arange(CONTEXT + 1)]
        return excerpts[:, :-1], excerpts[:, 1:]


class StepLog:
    """OUT/steps.jsonl, written by rank 0 alone: one line per finished step, kept across attempts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        path = settings.out / "steps.jsonl"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) if settings.rank == 0 else None

    def append(self, step: int, loss: float) -> None:
        if self._file is None:
            return
        line = {"attempt": self._settings.attempt, "step": step, "loss": loss, "time": time.time(), "rank": 0}
        # One write per line: a kill never leaves half of one.
        os.write(self._file, (json.dumps(line) + "\n").encode())
        if step == self._settings.steps or step <= 3 or step % 10 == 0:
            print(f"step {step:4}  loss {loss:.3f}", flush=True)


def join_gang(settings: Settings) -> None:
    """Connects all ranks of the attempt.

    A rank that calls init_process_group before rank 0 listens sleeps for a whole second before it tries again.
    Starting up is most of a recovery, so the others look every few milliseconds instead; when rank 0 does not
    come, init_process_group says so.
    """
    address = os.environ.setdefault("MASTER_ADDR", "127.0.0.1"), int(os.environ.setdefault("MASTER_PORT", "29500"))
    deadline = time.monotonic() + RENDEZVOUS_SECONDS
    while settings.rank != 0 and time.monotonic() < deadline:
        try:
            socket.create_connection(address, timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    dist.init_process_group("gloo", rank=settings.rank, world_size=settings.world_size)


def restore(model: TinyTransformer, optimizer: torch.optim.Optimizer) -> int:
    """Loads the newest checkpoint and returns the step it was saved after; 0 when there is none."""
    checkpoint = orchestrator.resume()
    if checkpoint is None:
        return 0
    # Only rank 0 saves; every rank is given that shard, since it has none of its own.
    state = torch.load(Path(checkpoint.path) / "state.pt")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    print(f"resumed after step {checkpoint.step}", flush=True)
    return checkpoint.step


def save(step: int, model: TinyTransformer, optimizer: torch.optim.Optimizer) -> None:
    """Saves everything that the next step depends on. The checkpoint counts once its directory is verified."""
    with orchestrator.checkpoint(step, ranks=1) as directory:
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state, Path(directory) / "state.pt")


def ranks_agree_to_stop() -> bool:
    """Whether any rank was told to stop. Asked of all, because a rank that leaves alone would break the others."""
    wanted = torch.tensor([orchestrator.should_stop()], dtype=torch.int32)
    dist.all_reduce(wanted, dist.ReduceOp.MAX)
    return bool(wanted.item())


def train(settings: Settings, corpus: Corpus, model: TinyTransformer) -> bool:
    """Trains up to the last step; False when it was asked to stop before, with a checkpoint of where it stopped."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    done = restore(model, optimizer)
    replica = DistributedDataParallel(model, find_unused_parameters=True)
    log = StepLog(settings)
    for step in range(done + 1, settings.steps + 1):
        loss = replica(*corpus.batch(settings.seed, step, settings.rank))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        log.append(step, loss.item())
        orchestrator.step(step)
        if step % settings.checkpoint_every == 0:
            if settings.rank == 0:
                save(step, model, optimizer)
            if step < settings.steps and ranks_agree_to_stop():
                return False
    return True


def write_weights(model: TinyTransformer, path: Path) -> None:
    """Writes the file beside its place and renames it, so that whoever sees it sees all of it."""
    unfinished = path.with_suffix(".unfinished")
    torch.save(model.state_dict(), unfinished)
    unfinished.rename(path)


def main() -> None:
    settings = Settings.from_environment()
    settings.out.mkdir(parents=True, exist_ok=True)
    orchestrator.init()
    torch.set_num_threads(1)
    join_gang(settings)
    torch.manual_seed(settings.seed)
    corpus = Corpus(TEXT)
    model = TinyTransformer(len(corpus.alphabet))
    if train(settings, corpus, model) and settings.rank == 0:
        write_weights(model, settings.out / "weights.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
