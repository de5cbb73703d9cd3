"""The plan of a chaos campaign: a pure function of its seed."""

from __future__ import annotations

import pytest
from chaos.kinds import KINDS
from chaos.plan import CI, FULL, HOSTS, RACKS, SILOS, draw, touched


def test_same_seed_gives_the_same_plan():
    assert draw(7, 40) == draw(7, 40)


def test_another_seed_gives_another_plan():
    assert draw(7, 40) != draw(8, 40)


@pytest.mark.parametrize("pace", [FULL, CI])
def test_a_shorter_campaign_is_the_beginning_of_a_longer_one(pace):
    every = [fault for planned in draw(3, 60, pace) for fault in planned.faults]
    for count in range(1, 60):
        assert [fault for planned in draw(3, count, pace) for fault in planned.faults] == every[:count]


def test_faults_are_numbered_from_one():
    numbers = [fault.number for planned in draw(5, 33) for fault in planned.faults]
    assert numbers == list(range(1, 34))


def test_every_kind_comes_with_every_deck():
    deck = sum(kind.weight for kind in KINDS.values())
    kinds = {fault.kind for planned in draw(1, 2 * deck) for fault in planned.faults}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("seed", range(20))
def test_durations_and_targets_are_those_of_the_kind(seed):
    targets = {
        "host": HOSTS,
        "rack": tuple(RACKS),
        "silo": SILOS,
        "rank": ("rank0", "rank1", "rank2", "rank3"),
        "silos": ("silos",),
        "postgres": ("postgres",),
    }
    for fault in (fault for planned in draw(seed, 50) for fault in planned.faults):
        kind = KINDS[fault.kind]
        assert kind.shortest <= fault.seconds <= kind.longest
        assert fault.target in targets[kind.victim]


@pytest.mark.parametrize("seed", range(20))
def test_faults_of_one_round_have_victims_of_their_own(seed):
    rounds = draw(seed, 80)
    assert any(len(planned.faults) == 2 for planned in rounds)
    for planned in rounds:
        if len(planned.faults) == 2:
            first, second = planned.faults
            assert not touched(first) & touched(second)
            assert second.after <= max(first.seconds, 1)


def test_only_the_chosen_kinds_come():
    kinds = ("rank_kill", "host_kill")
    assert {fault.kind for planned in draw(1, 40, FULL, kinds) for fault in planned.faults} == set(kinds)


def test_an_agent_is_away_for_less_than_a_lease_where_nothing_may_restart():
    for kind in KINDS.values():
        if kind.victim == "host" and not kind.may_restart:
            assert kind.longest <= 6
