"""Hosts that are cut off and compute on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..jobs import Course
from ..plan import HOSTS, RACKS, SILOS
from .stage import GRACE_SECONDS, LEASE_SECONDS, Stage, end_of, tell

BOUND_SECONDS = LEASE_SECONDS + GRACE_SECONDS + 10
SAVE_SECONDS = 2.0


def host_cut(stage: Stage, pace: float) -> dict[str, Any]:
    """The link of rank 0's host goes down in the middle of a checkpoint; later it is mended."""
    job = stage.train(Course(seed=1, steps=100_000, pace=pace), save_pace=SAVE_SECONDS)
    attempt = stage.record()["attempt"]
    old = stage.starts(attempt)
    victim = next(start for start in old if start.rank == 0)
    shard = stage.wait_for("a checkpoint to begin", 40 * max(pace, 1) + 60, lambda: new_shard(stage, job, attempt))
    stage.world.network.set_link(victim.node, is_up=False)
    cut = time.time()
    with ThreadPoolExecutor() as pool:
        gone = pool.submit(end_of, victim)
        first = stage.first_step_of(attempt + 1, 120)
        starts = min(start.time for start in stage.starts(stage.record()["attempt"]))
        old_gone = gone.result(60)
    # Until it is told, the agent still holds what its rank committed.
    stage.world.network.set_link(victim.node, is_up=True)
    healed = time.time()
    stage.settle()
    rejoined = time.time() - healed
    step = int(shard.parent.parent.name.removeprefix("step-"))
    late = [manifest for manifest in stage.record()["checkpoints"]["committed"]
            if (manifest["step"], manifest["attempt"]) == (step, attempt)]
    return tell(f"the link of a host is cut, steps of {pace} s", {
        "cut_to_first_new_step_s": round(first - cut, 2),
        "cut_to_old_rank_gone_s": round(old_gone - cut, 2),
        "old_and_new_ranks_at_once_s": round(max(old_gone - starts, 0), 2),
        "late_checkpoint_is_whole_on_disk": (shard / "state.pt").exists(),
        "late_checkpoint_was_committed": bool(late),
        "healed_to_warm_s": round(rejoined, 2),
        "bound_s": BOUND_SECONDS,
        "holds": first - cut <= BOUND_SECONDS and old_gone <= first and not late
        and (shard / "state.pt").exists(),
    })


def new_shard(stage: Stage, job: str, attempt: int) -> Any:
    """A folder into which a rank is saving right now."""
    folders = stage.jobs.store.glob(f"{job}/step-*/attempt-{attempt}/rank-0-*")
    return next((folder for folder in folders if not (folder / "state.pt").exists()), None)


def rack_cut(stage: Stage) -> dict[str, Any]:
    """A rack with a whole gang inside is cut off: the gang could train on for ever."""
    rack, inside = next(iter(RACKS.items()))
    outside = [name for name in HOSTS if name not in inside]
    stage.wait_for_nodes()
    for name in outside:
        stage.api.drain(SILOS[0], name)
    stage.train(Course(seed=1, steps=100_000, pace=0.2), ranks=len(inside))
    for name in outside:
        stage.api.resume(SILOS[0], name)
    stage.settle()
    attempt = stage.record()["attempt"]
    old = stage.starts(attempt)
    stage.world.network.set_rack(rack, is_up=False)
    cut = time.time()
    with ThreadPoolExecutor() as pool:
        ends = [pool.submit(end_of, start) for start in old]
        first = stage.first_step_of(attempt + 1, 120)
        gone = max(end.result(60) for end in ends)
    starts = min(start.time for start in stage.starts(stage.record()["attempt"]))
    steps = [step for step in stage.steps() if step.attempt == attempt and step.time > cut]
    stage.world.network.set_rack(rack, is_up=True)
    stage.settle()
    return tell("a rack with a whole gang inside is cut off", {
        "gang": sorted(start.node for start in old),
        "steps_after_the_cut": len({step.step for step in steps}),
        "cut_to_old_ranks_gone_s": round(gone - cut, 2),
        "cut_to_new_ranks_started_s": round(starts - cut, 2),
        "cut_to_first_new_step_s": round(first - cut, 2),
        "bound_s": BOUND_SECONDS,
        "holds": gone <= starts and sorted(start.node for start in old) == sorted(inside)
        and first - cut <= BOUND_SECONDS,
    })
