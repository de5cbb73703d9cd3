"""The cases: what is broken, when, and what must follow. Each is drawn from the seed alone."""

from __future__ import annotations

import errno
import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processes import ranks_of

from .scene import RANKS, Broken, Scene, flip, newest_durable

SAVE_SECONDS = 0.12
OUTAGE_SECONDS = (4, 12)
LONG_OUTAGE_SECONDS = 60
# Without a fault of its own a rank waits for nothing longer than this; a step takes 0.05 s.
LONGEST_PAUSE_SECONDS = 3.0
BUDGET_BYTES = 1 << 40
FULL_SECONDS = (0.5, 5)
BALLAST_BLOCK = 64 << 10


@dataclass(frozen=True)
class Outcome:
    restarts: bool
    """The job has to go on in another attempt."""

    least_step: int
    """The step that it must resume from, or a later one."""

    figures: dict[str, float]


def kill_rank(scene: Scene, rank: int) -> None:
    pid, _ = ranks_of(scene.job)[rank]
    subprocess.run(["kill", "-KILL", str(pid)], check=True)


def restart_agent(scene: Scene, node: str) -> None:
    scene.cluster.kill_agent(node)
    scene.cluster.start_agent(node)


def lose_host(scene: Scene, node: str) -> None:
    scene.cluster.kill_host(node)
    scene.cluster.start_host(node)


def during_a_save(hit: Callable[[Scene, int], None], restarts: bool) -> Callable[[Scene, random.Random], Outcome]:
    """Some moment after a rank began to save: while it writes, while it commits, or while the copies are made."""

    def run(scene: Scene, chance: random.Random) -> Outcome:
        rank = chance.randrange(RANKS)
        durable = newest_durable(scene.checkpoints())
        since = time.time()
        scene.wait("a save to begin", lambda: [e for e in scene.events("saving", since) if e["rank"] == rank])
        time.sleep(chance.uniform(0, 3 * SAVE_SECONDS))
        hit(scene, rank)
        return Outcome(restarts, durable, {})

    return run


def during_an_upload(hit: Callable[[Scene, int], None], restarts: bool) -> Callable[[Scene, random.Random], Outcome]:
    def run(scene: Scene, chance: random.Random) -> Outcome:
        durable = newest_durable(scene.checkpoints())
        scene.proxy.uploading.clear()
        if not scene.proxy.uploading.wait(60):
            raise Broken("nothing was uploaded for 60 s")
        time.sleep(chance.uniform(0, 0.1))
        hit(scene, chance.randrange(RANKS))
        return Outcome(restarts, durable, {})

    return run


def await_saves(scene: Scene) -> None:
    """Each rank saves: none waits for an agent any more that the case before has killed."""
    since = time.time()
    scene.wait("each rank to save", lambda: {
        e["rank"] for e in scene.events("saved", since) if e["stored"]} == set(range(RANKS)))


def store_breaks(mode: str, seconds: Callable[[random.Random], float], kills: bool):  # noqa: ANN201
    """Training must not notice; with a kill, recovery must not need the store."""

    def run(scene: Scene, chance: random.Random) -> Outcome:
        await_saves(scene)
        durable = newest_durable(scene.checkpoints())
        length, begun = seconds(chance), time.time()
        scene.proxy.mode = mode
        try:
            time.sleep(length / 2)
            before = scene.attempt()
            if kills:
                kill_rank(scene, chance.randrange(RANKS))
                scene.wait("training to go on without the store", lambda: scene.attempt() > before)
            time.sleep(length / 2)
        finally:
            scene.proxy.mode = "pass"
        pause = longest_pause(scene, begun, time.time())
        if not kills and pause > LONGEST_PAUSE_SECONDS:
            raise Broken(f"training stood still for {pause:.1f} s while the store was {mode}")
        return Outcome(kills, durable, {} if kills else {"pause_s": pause, "outage_s": length})

    return run


def memory_full(scene: Scene, chance: random.Random) -> Outcome:
    """A host's budget is used up: saves are refused with that reason, and training goes on."""
    await_saves(scene)
    durable = newest_durable(scene.checkpoints())
    ballast = memory_of(scene, scene.node_of(chance.randrange(RANKS))) / "checkpoints/ballast"
    begun = time.time()
    with ballast.open("wb") as file:
        # It has no content, and so takes no room of the machine.
        file.truncate(BUDGET_BYTES)
    try:
        scene.wait("a refusal", lambda: [e for e in scene.events("saved", begun) if e["refusal"] == "memory_full"])
    finally:
        ballast.unlink()
    since = time.time()
    scene.wait("a save after it", lambda: [e for e in scene.events("saved", since) if e["stored"]])
    return Outcome(False, durable, {"pause_s": longest_pause(scene, begun, time.time())})


def disk_full(kills: bool) -> Callable[[Scene, random.Random], Outcome]:
    """The memory of a host is full to the last byte, whatever the budget says: only saves fail."""

    def run(scene: Scene, chance: random.Random) -> Outcome:
        await_saves(scene)
        durable = newest_durable(scene.checkpoints())
        rank, begun = chance.randrange(RANKS), time.time()
        ballast = memory_of(scene, scene.node_of(rank)) / "ballast"

        def failed() -> list[dict[str, Any]]:
            # What is deleted meanwhile makes room again.
            fill(ballast)
            return [e for e in scene.events("saved", begun) if e["rank"] == rank and not e["stored"]]

        try:
            scene.wait("a save that finds no room", failed)
            if kills:
                kill_rank(scene, rank)
            time.sleep(chance.uniform(*FULL_SECONDS))
        finally:
            ballast.unlink(missing_ok=True)
        if kills:
            return Outcome(True, durable, {})
        since = time.time()
        scene.wait("a save after it", lambda: [e for e in scene.events("saved", since) if e["stored"]])
        pause = longest_pause(scene, begun, time.time())
        if pause > LONGEST_PAUSE_SECONDS:
            raise Broken(f"training stood still for {pause:.1f} s while the disk was full")
        return Outcome(False, durable, {"pause_s": pause})

    return run


def fill(ballast: Path) -> None:
    with ballast.open("ab", buffering=0) as file:
        try:
            while file.write(b"\0" * BALLAST_BLOCK):
                pass
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def memory_of(scene: Scene, node: str) -> Path:
    return scene.cluster.data / "hosts" / node / "memory"


def bit_flips(tiers: tuple[str, ...]) -> Callable[[Scene, random.Random], Outcome]:
    """One bit of the newest checkpoint, in some of its tiers; then the gang has to restore it."""

    def run(scene: Scene, chance: random.Random) -> Outcome:
        rank = chance.randrange(RANKS)
        scene.hold()
        try:
            found = scene.checkpoints()
            shard = next(each for each in found[0]["shards"] if int(each.get("rank", 0)) == rank)
            own = scene.node_of(rank)
            partner = next(holder["node"] for holder in shard["holders"] if holder["node"] != own)
            if "memory" in tiers:
                flip(scene.in_memory(own, shard))
            if "partner" in tiers:
                flip(scene.in_memory(partner, shard))
            if "store" in tiers:
                scene.altered.add(found[0]["step"])
                scene.store.flip(scene.key(shard))
            # Without its own copy the host would not ask for another one.
            if "memory" in tiers or "store" in tiers:
                kill_rank(scene, rank)
            else:
                lose_host(scene, own)
            left = found[1:] if {"memory", "partner", "store"} <= set(tiers) else found
            return Outcome(True, newest_durable(left), {})
        finally:
            scene.release()

    return run


def longest_pause(scene: Scene, begin: float, end: float) -> float:
    moments = [begin, *sorted(e["at"] for e in scene.events("step", begin) if e["at"] <= end), end]
    return max(later - earlier for earlier, later in zip(moments, moments[1:]))


def outage(chance: random.Random) -> float:
    return chance.uniform(*OUTAGE_SECONDS)


KINDS: dict[str, tuple[int, Callable[[Scene, random.Random], Outcome]]] = {
    # How often beside the others, and what happens.
    "rank_killed_in_save": (12, during_a_save(kill_rank, True)),
    "agent_killed_in_save": (12, during_a_save(lambda s, r: restart_agent(s, s.node_of(r)), False)),
    "host_killed_in_save": (12, during_a_save(lambda s, r: lose_host(s, s.node_of(r)), True)),
    "agent_killed_in_upload": (9, during_an_upload(lambda s, r: restart_agent(s, s.node_of(r)), False)),
    "host_killed_in_upload": (9, during_an_upload(lambda s, r: lose_host(s, s.node_of(r)), True)),
    "store_away": (8, store_breaks("away", outage, kills=False)),
    "store_away_for_60_s": (1, store_breaks("away", lambda _: LONG_OUTAGE_SECONDS, kills=False)),
    "store_away_and_rank_killed": (5, store_breaks("away", outage, kills=True)),
    "store_failing": (5, store_breaks("failing", outage, kills=False)),
    "store_failing_and_rank_killed": (4, store_breaks("failing", outage, kills=True)),
    "memory_full": (5, memory_full),
    "disk_full": (4, disk_full(kills=False)),
    "disk_full_and_rank_killed": (3, disk_full(kills=True)),
    "bit_in_memory": (4, bit_flips(("memory",))),
    "bit_at_the_partner": (4, bit_flips(("partner",))),
    "bit_in_the_store": (4, bit_flips(("store",))),
    "bit_in_memory_and_at_the_partner": (2, bit_flips(("memory", "partner"))),
    "bit_in_every_tier": (2, bit_flips(("memory", "partner", "store"))),
}


def draw(seed: int, count: int, kinds: list[str]) -> list[tuple[str, random.Random]]:
    """Which cases, each with a generator of its own: what one draws does not change the next."""
    chance = random.Random(seed)
    # Every kind once, in some order, before any comes again.
    chosen = chance.sample(kinds, min(count, len(kinds)))
    weights = [KINDS[kind][0] for kind in kinds]
    chosen += chance.choices(kinds, weights, k=max(count - len(chosen), 0))
    return [(kind, random.Random(f"{seed}/{number}")) for number, kind in enumerate(chosen)]
