"""Two ranks that step together, as training does, and both raise an error at step 50 of every attempt.

Each step is one exchange between the ranks, so that either stops when the other is gone. Rank 0 appends one JSON line
per finished step to OUT/steps.jsonl. A step takes STEP_SECONDS.
"""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import orchestrator_client as orchestrator

LAST_STEP = 49
STEP_SECONDS = float(os.environ["STEP_SECONDS"])
RETRY_SECONDS = 0.02
RENDEZVOUS_SECONDS = 30

# Reports are sent once a second: the control plane shall know of step 49 in every attempt alike.
LAST_REPORT_SECONDS = 2


def meet(rank: int) -> socket.socket:
    """The connection between the two ranks."""
    address = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    if rank == 0:
        return socket.create_server(address).accept()[0]
    deadline = time.monotonic() + RENDEZVOUS_SECONDS
    while True:
        try:
            return socket.create_connection(address)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)


def exchange(peer: socket.socket) -> None:
    peer.sendall(b".")
    if not peer.recv(1):
        raise ConnectionResetError("Connection closed by peer")


def main() -> None:
    rank = int(os.environ["RANK"])
    orchestrator.init()
    peer = meet(rank)
    with open(Path(os.environ["OUT"]) / "steps.jsonl", "a", encoding="utf-8", buffering=1) as log:
        for step in range(1, LAST_STEP + 1):
            time.sleep(STEP_SECONDS)
            exchange(peer)
            if rank == 0:
                log.write(json.dumps({"attempt": int(os.environ["ORCHESTRATOR_ATTEMPT"]), "step": step}) + "\n")
            orchestrator.step(step)
    # Both have finished step 49 before either fails.
    exchange(peer)
    time.sleep(LAST_REPORT_SECONDS)
    raise ValueError("the data of step 50 are broken")


if __name__ == "__main__":
    main()
