"""The rank of save.py's job: saves the same state in three ways, in turns, and writes how long each took.

Reads SAVE_MIB, SAVE_ROUNDS, SAVE_WARM_UP, SAVE_FOLDER and rclone's settings from the environment.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

import orchestrator_client as orchestrator

MEBIBYTE = 1 << 20
TENSORS = 16
BYTES_PER_NUMBER = 4
# Hashing, the store and what Ceph frees in the background must be over when the next one is measured.
SETTLE_SECONDS = 4
BUCKET = "benchmark"


class Ways:
    """The three ways to save; each returns the seconds for which it held this rank up."""

    def __init__(self, state: dict[str, torch.Tensor], folder: Path, rank: int) -> None:
        self._state = state
        self._file = folder / f"rank-{rank}.pt"
        self._key = f"s3:{BUCKET}/rank-{rank}.pt"
        self._memory = warm_memory(folder / f"memory-{rank}", sum(map(bytes_of, state.values())))
        self._step = 0

    def save(self) -> float:
        self._step += 1
        began = time.monotonic()
        saved = orchestrator.save(self._step, self._state)
        seconds = time.monotonic() - began
        if not saved.stored:
            sys.exit(f"save() was refused: {saved.refusal_code}: {saved.refusal}")
        orchestrator.step(self._step)
        return seconds

    def memcpy(self) -> float:
        began = time.monotonic()
        place = self._memory
        for tensor in self._state.values():
            ctypes.memmove(place, tensor.data_ptr(), bytes_of(tensor))
            place += bytes_of(tensor)
        return time.monotonic() - began

    def torch_save_and_upload(self) -> float:
        began = time.monotonic()
        torch.save(self._state, self._file)
        rclone("copyto", str(self._file), self._key)
        seconds = time.monotonic() - began
        self._file.unlink()
        rclone("deletefile", self._key)
        return seconds


def main() -> None:
    orchestrator.init()
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    torch.manual_seed(rank)
    numbers = int(os.environ["SAVE_MIB"]) * MEBIBYTE // TENSORS // BYTES_PER_NUMBER
    folder = Path(os.environ["SAVE_FOLDER"])
    ways = Ways({f"weights.{number}": torch.rand(numbers) for number in range(TENSORS)}, folder, rank)
    quick: list[Callable[[], float]] = [ways.save, ways.memcpy]
    for _ in range(int(os.environ["SAVE_WARM_UP"])):
        for way in quick:
            measure(way)
    rounds = []
    for number in range(int(os.environ["SAVE_ROUNDS"])):
        turns = [*(quick if number % 2 == 0 else reversed(quick)), ways.torch_save_and_upload]
        rounds.append({way.__name__: measure(way) for way in turns})
    if rank == 0:
        (folder / "rounds.json").write_text(json.dumps(rounds))


def measure(way: Callable[[], float]) -> list[float]:
    """How long the ranks stood still that began at the same time."""
    time.sleep(SETTLE_SECONDS)
    dist.barrier()
    seconds = way()
    all_seconds: list[Any] = [None] * dist.get_world_size()
    dist.all_gather_object(all_seconds, seconds)
    return [round(each, 4) for each in all_seconds]


def rclone(*arguments: str) -> None:
    # Settings of AWS would change what it does.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    subprocess.run(["rclone", *arguments], check=True, env=environment)


def warm_memory(path: Path, size: int) -> int:
    """Address of memory as a save() has it: a file in memory whose pages are all mapped."""
    with path.open("w+b") as file:
        file.truncate(size)
        memory = mmap.mmap(file.fileno(), size, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
    # Kept for the life of the process by what ctypes holds.
    view = (ctypes.c_char * size).from_buffer(memory)
    KEPT.append(view)
    return ctypes.addressof(view)


def bytes_of(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()


KEPT: list[Any] = []

if __name__ == "__main__":
    main()
