"""The job under test and all that is seen of it: its ranks' own logs, its checkpoints, the tiers on disk."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from development_cluster import DevelopmentCluster

from .proxy import Proxy
from .store import Store

T = TypeVar("T")
RANKS = 2
COPIES = 2
RECOVERY_SECONDS = 90
POLL_SECONDS = 0.05
# A look through orch costs a process.
ORCH_POLL_SECONDS = 0.5


class Broken(Exception):
    """Something that must hold does not; the message is the evidence."""


class Scene:
    def __init__(self, cluster: DevelopmentCluster, job: str, out: Path, proxy: Proxy, store: Store) -> None:
        self.cluster, self.job, self.out, self.proxy, self.store = cluster, job, out, proxy, store
        self._read: dict[int, tuple[list[dict[str, Any]], int]] = {}
        self.altered: set[str] = set()
        """Steps whose content in the store a case has altered."""

    def lines(self, rank: int) -> list[dict[str, Any]]:
        """All that a rank has written; each line is read once."""
        path = self.out / f"rank-{rank}.jsonl"
        known, position = self._read.get(rank, ([], 0))
        if path.exists():
            with path.open("rb") as file:
                file.seek(position)
                text = file.read()
            # The last line may be half written.
            whole = text[: text.rfind(b"\n") + 1]
            known.extend(json.loads(line) for line in whole.splitlines())
            self._read[rank] = (known, position + len(whole))
        return known

    def events(self, name: str, since: float = 0) -> list[dict[str, Any]]:
        return [
            {**line, "rank": rank}
            for rank in range(RANKS)
            for line in self.lines(rank)
            if line["event"] == name and line["at"] >= since
        ]

    def highest_step(self) -> int:
        return max((line["step"] for line in self.events("step")), default=0)

    def record(self) -> dict[str, Any]:
        return self.cluster.job(self.job)

    def attempt(self) -> int:
        """The newest of which a rank began, by its own word."""
        return max((line["attempt"] for line in self.events("resume")), default=0)

    def checkpoints(self) -> list[dict[str, Any]]:
        """Committed ones, newest first."""
        return list(self.record().get("checkpoints", []))

    def node_of(self, rank: int) -> str:
        return next(str(node["node"]) for node in self.record()["nodes"] if int(node.get("nodeRank", 0)) == rank)

    def in_memory(self, node: str, shard: dict[str, Any]) -> Path:
        return self.cluster.data / "hosts" / node / "memory/checkpoints" / self.job / shard["path"] / "state"

    def key(self, shard: dict[str, Any]) -> str:
        return f"{self.job}/{shard['path']}/state"

    def hold(self) -> None:
        """No rank saves from now on, and what was saved has reached every tier."""
        (self.out / "hold").touch()
        self.wait("the newest checkpoint to be in every tier", lambda: is_everywhere(self.checkpoints()),
                  poll=ORCH_POLL_SECONDS)

    def release(self) -> None:
        (self.out / "hold").unlink(missing_ok=True)

    def wait(
        self, what: str, look: Callable[[], T | None], seconds: float = RECOVERY_SECONDS, poll: float = POLL_SECONDS
    ) -> T:
        deadline = time.monotonic() + seconds
        while True:
            if found := look():
                return found
            if time.monotonic() > deadline:
                raise Broken(f"waited {seconds:.0f} s for {what}; the job is {json.dumps(self.record())[:2000]}")
            time.sleep(poll)


def newest_durable(checkpoints: list[dict[str, Any]]) -> int:
    return max((int(each["step"]) for each in checkpoints if is_durable(each)), default=0)


def is_durable(checkpoint: dict[str, Any]) -> bool:
    return all(shard.get("isDurable") for shard in checkpoint["shards"])


def is_everywhere(checkpoints: list[dict[str, Any]]) -> bool:
    return bool(checkpoints) and is_durable(checkpoints[0]) and all(
        len(shard.get("holders", [])) >= COPIES for shard in checkpoints[0]["shards"]
    )


def flip(path: Path) -> None:
    """One bit of a file is another, in place."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        bit = file.read(1)[0] ^ 1
        file.seek(-1, 1)
        file.write(bytes([bit]))
