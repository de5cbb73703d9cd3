"""Silos that die, and a control plane that is away."""

from __future__ import annotations

import itertools
import signal
import time
from typing import Any

from .. import records, table
from ..jobs import Course
from ..plan import SILOS
from ..world import silo_address
from .stage import Stage, tell

COURSE = Course(seed=1, steps=100_000, pace=0.2)
KILLS = 20
ONE_SECONDS, MOST_SECONDS, RETURN_SECONDS = 5.0, 15.0, 15.0
OUTAGE_SECONDS = 60.0


def failovers(stage: Stage, spread: Any, kills: int = KILLS) -> dict[str, Any]:
    """One of three silos is killed, again and again; then two of three; then all, and one returns alone."""
    stage.train(COURSE)
    attempt = stage.record()["attempt"]
    ones = [kill(stage, [SILOS[number % len(SILOS)]]) for number in range(kills)]
    # Every pair: where a grain lives is chance, and a pair without grains would show nothing.
    twos = [kill(stage, list(pair)) for pair in itertools.combinations(SILOS, 2)]
    alone = return_alone(stage)
    return {
        "one_of_three_killed": summary(ones, ONE_SECONDS, spread),
        "two_of_three_killed": summary(twos, MOST_SECONDS, spread),
        "all_killed_one_returns_alone": {
            **alone, "bound_s": RETURN_SECONDS, "holds": alone["grains_answer_s"] <= RETURN_SECONDS},
        "job_undisturbed": stage.record()["attempt"] == attempt,
    }


def summary(kills: list[dict[str, float]], bound: float, spread: Any) -> dict[str, Any]:
    return {
        "times": len(kills),
        "grains_answer_s": spread([one["grains_answer_s"] for one in kills]),
        "agents_attached_s": spread([one["agents_attached_s"] for one in kills]),
        "longest_pause_between_steps_s": spread([one["longest_pause_s"] for one in kills]),
        "bound_s": bound,
        "holds": all(one["grains_answer_s"] <= bound for one in kills),
    }


def kill(stage: Stage, names: list[str]) -> dict[str, float]:
    """Kills silos; measures until the others answer for everything; starts them again."""
    wait_for_silos(stage, list(SILOS))
    began = time.time()
    for name in names:
        stage.world.silos[name].kill()
    grains, agents = stage.answers([name for name in SILOS if name not in names], 60)
    figures = {"grains_answer_s": round(grains, 2), "agents_attached_s": round(agents, 2)}
    for name in names:
        stage.world.silos[name].start()
    wait_for_silos(stage, list(SILOS))
    figures["longest_pause_s"] = round(stage.longest_pause(began), 2)
    return tell(f"{', '.join(names)} killed", figures)


def return_alone(stage: Stage) -> dict[str, float]:
    for name in SILOS:
        stage.world.silos[name].kill()
    time.sleep(5)
    stage.world.silos[SILOS[0]].start()
    grains, agents = stage.answers([SILOS[0]], 90)
    for name in SILOS[1:]:
        stage.world.silos[name].start()
    wait_for_silos(stage, list(SILOS))
    return tell("all killed, one returns", {"grains_answer_s": round(grains, 2), "agents_attached_s": round(agents, 2)})


def wait_for_silos(stage: Stage, names: list[str]) -> None:
    wanted = sorted(silo_address(name) for name in names)
    stage.wait_for("all silos to be active", 90, lambda: records.active_silos(stage.world.postgres) == wanted)
    stage.answers(names, 90)


def outage(stage: Stage) -> dict[str, Any]:
    """All silos are down for a minute, PostgreSQL is restarted meanwhile, and towards the end a rank is killed."""
    job = stage.train(COURSE)
    before = stage.record()
    began = time.time()
    for silo in stage.world.silos.values():
        silo.kill()
    time.sleep(OUTAGE_SECONDS / 3)
    stage.world.postgres.stop(signal.SIGINT)
    stage.world.postgres.start()
    time.sleep(max(began + OUTAGE_SECONDS - 5 - time.time(), 0))
    steps_before_kill = [step for step in stage.steps() if step.rank == 0 and step.time > began]
    others = [start for start in stage.starts(before["attempt"]) if start.rank != 1]
    victim = next(start for start in stage.starts(before["attempt"]) if start.rank == 1)
    table.signal_one(victim.pid, signal.SIGKILL)
    killed = time.time()
    time.sleep(max(began + OUTAGE_SECONDS - time.time(), 0))
    returned = time.time()
    for silo in stage.world.silos.values():
        silo.start()
    answers, _ = stage.answers([SILOS[0]], 90)
    first_step = stage.first_step_of(before["attempt"] + 1, 120)
    stage.settle()
    after = stage.record()
    seconds = first_step - (returned + answers)
    return tell("all silos away for a minute", {
        "job": job,
        "steps_while_away": len(steps_before_kill),
        "longest_pause_between_steps_while_away_s": round(max(
            (b.time - a.time for a, b in zip(steps_before_kill, steps_before_kill[1:])), default=OUTAGE_SECONDS), 2),
        "rank_killed_s_before_return": round(returned - killed, 1),
        "first_silo_answers_s": round(answers, 2),
        "first_new_step_s_after_the_start_of_the_silos": round(first_step - returned, 2),
        "first_new_step_s_after_the_first_answer": round(seconds, 2),
        "attempts_more": after["attempt"] - before["attempt"],
        "other_ranks_of_the_old_attempt": len(others),
        "bound_s": RETURN_SECONDS,
        "holds": seconds <= RETURN_SECONDS and after["attempt"] == before["attempt"] + 1
        and len(steps_before_kill) > OUTAGE_SECONDS / 4,
    })
