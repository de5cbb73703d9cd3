"""A rank whose state is a pure function of step and rank, so that whatever it resumes from can be judged.

Ranks wait for each other in every step, as data-parallel training does, and say of a lost peer what gloo says. Each
writes what it does to OUT/rank-N.jsonl. While OUT/hold exists, none of them saves.

Environment: OUT, SIZE (bytes of a shard), EVERY (steps between saves), and what a launcher sets.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Any

import orchestrator_client as orchestrator

OUT = Path(os.environ["OUT"])
RANK, WORLD = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
SIZE, EVERY = int(os.environ["SIZE"]), int(os.environ["EVERY"])
STEP_SECONDS = 0.05
# The content is written in pieces with pauses, so that a save lasts long enough to be hit.
PIECES, PIECE_SECONDS = 8, 0.01
BLOCK = 1 << 20
LOG = (OUT / f"rank-{RANK}.jsonl").open("a", buffering=1)


def main() -> int:
    gang = Gang()
    step = resume()
    gang.agree(step)
    while True:
        time.sleep(STEP_SECONDS)
        step += 1
        # The decision travels with the step: the file may come and go between two ranks' looks.
        holds = gang.agree(step, (OUT / "hold").exists())
        orchestrator.step(step)
        note("step", step=step)
        if orchestrator.should_stop():
            return 0
        if step % EVERY == 0 and not holds:
            save(step)


def save(step: int) -> None:
    note("saving", step=step)
    try:
        with orchestrator.checkpoint(step) as saved:
            write(saved / "state", content_of(step))
    except OSError as error:
        note("saved", step=step, stored=False, refusal=errno.errorcode[error.errno])
    else:
        note("saved", step=step, stored=saved.stored, refusal=saved.refusal_code)


def write(path: Path, content: bytes) -> None:
    piece = len(content) // PIECES + 1
    with path.open("wb") as file:
        for begin in range(0, len(content), piece):
            file.write(content[begin : begin + piece])
            time.sleep(PIECE_SECONDS)


def resume() -> int:
    found = orchestrator.resume()
    if found is None:
        note("resume", step=0, good=True)
        return 0
    good = (found.path / "state").read_bytes() == content_of(found.step)
    note("resume", step=found.step, good=good)
    return found.step


def content_of(step: int) -> bytes:
    block = hashlib.shake_128(f"{RANK}/{step}".encode()).digest(min(SIZE, BLOCK))
    return block * (SIZE // len(block))


def note(event: str, **fields: Any) -> None:
    line = {"event": event, "at": time.time(), "attempt": int(os.environ["ORCHESTRATOR_ATTEMPT"]), **fields}
    LOG.write(json.dumps(line) + "\n")


class Gang:
    """A connection of every rank with rank 0, over which they agree on each step."""

    def __init__(self) -> None:
        address = (os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]))
        if RANK == 0:
            with socket.create_server(address) as door:
                door.settimeout(60)
                self._peers = [door.accept()[0] for _ in range(WORLD - 1)]
        else:
            self._peers = [connect(address)]

    def agree(self, step: int, holds: bool = False) -> bool:
        """All are at the step; returns what rank 0 sees."""
        word = struct.pack("!Q?", step, holds)
        if RANK == 0:
            said = [self._hear(peer, len(word)) for peer in self._peers]
            for peer in self._peers:
                self._say(peer, word)
        else:
            self._say(self._peers[0], word)
            said = [self._hear(self._peers[0], len(word))]
        heard = [struct.unpack("!Q?", each) for each in said]
        if any(other != step for other, _ in heard):
            sys.exit(f"ranks are at different steps: {step} and {heard}")
        return holds if RANK == 0 else bool(heard[0][1])

    def _say(self, peer: socket.socket, word: bytes) -> None:
        try:
            peer.sendall(word)
        except OSError as error:
            raise lost(peer) from error

    def _hear(self, peer: socket.socket, count: int) -> bytes:
        try:
            said = peer.recv(count, socket.MSG_WAITALL)
        except OSError as error:
            raise lost(peer) from error
        if len(said) < count:
            raise lost(peer)
        return said


def lost(peer: socket.socket) -> RuntimeError:
    try:
        host, port = peer.getpeername()
    except OSError:
        return RuntimeError("[gloo/transport/tcp/pair.cc:598] Connection closed by peer")
    return RuntimeError(f"[gloo/transport/tcp/pair.cc:598] Connection closed by peer [{host}]:{port}")


def connect(address: tuple[str, int]) -> socket.socket:
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(address)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
