"""The checks of a chaos campaign find what was planted into recorded data, and nothing in data that is right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chaos import records
from chaos.checks import accounts, attempts, checkpoints, incidents, leases, nodes, overlap, training
from chaos.evidence import Committed, Evidence, Happened, Holding, Ledger, Life, Start, Step

STEPS, EVERY, KEEP = 20, 5, 3
WEIGHTS = "a" * 64
KILL = Happened(1, "host_kill", "h2", ("h2",), began=110.0, healed=115.0, settled=125.0)
CUT = Happened(1, "host_cut", "h2", ("h2",), began=110.0, healed=140.0, settled=150.0)


def incident(events=("detected", "classified", "stops_sent", "paused", "launched", "first_new_step")):
    timeline = [{"event": event, "at": f"2026-01-01T00:00:{second:02}.1234567+00:00"}
                for second, event in enumerate(events)]
    return {"id": "job-1", "job": "job", "phase": "Resolved", "failedAttempt": 1, "timeline": timeline}


def campaign(fault: Happened = KILL) -> Evidence:
    """Two attempts of two ranks: rank 1's host h2 is hit, and h3 takes its place."""
    found = Evidence(faults=[fault], incidents=[incident()], ends={"job": ("Succeeded", WEIGHTS)})
    gangs = {1: (("h1", 11), ("h2", 12)), 2: (("h1", 21), ("h3", 22))}
    for attempt, gang in gangs.items():
        began, ended = (100.0, 111.0) if attempt == 1 else (120.0, 136.0)
        first, last = (1, 8) if attempt == 1 else (6, STEPS)
        for rank, (node, pid) in enumerate(gang):
            found.starts.append(Start("job", attempt, rank, node, pid, 5, began))
            found.lives.append(Life(pid, 5, node, began, ended))
            for step in range(first, last + 1):
                moment = began + 1 + step - first
                found.steps.append(Step("job", attempt, rank, node, step, 1 / step, moment))
    found.steps.sort(key=lambda step: step.time)
    found.holdings = [
        Holding(99, "h2", 1, 1, "job", 1), Holding(112, "h2", 2, 1, None, None), Holding(113, "h3", 1, 1, "job", 1)]
    found.commits = [
        Committed(104, "job", 1, ()),
        Committed(106, "job", 1, ((5, 1),)),
        Committed(122, "job", 2, ((5, 1),)),
        Committed(125, "job", 2, ((10, 2), (5, 1))),
        Committed(135, "job", 2, ((20, 2), (15, 2), (10, 2))),
    ]
    # Trained from 101 to 110, of which 5 s are in the checkpoint of step 5, and from 121 to the end.
    spent = {"Waiting": 1, "Launching": 10, "Productive": 20, "Lost": 4, "Detecting": 1, "Stopping": 1, "Replacing": 1}
    found.ledgers = [Ledger("job", 98.0, 136.0, 136.0, None, spent)]
    return found


def booked(**changes: float | str | None) -> Evidence:
    """The campaign, with some of its job's accounts changed; `open` is the account that is open."""
    evidence = campaign()
    ledger = evidence.ledgers[0]
    opened = changes.pop("open", None)
    evidence.ledgers = [replace(ledger, open=opened, accounts={**ledger.accounts, **changes})]
    return evidence


def all_of(evidence: Evidence) -> set[str]:
    found = [
        *overlap.violations(evidence),
        *training.violations(evidence, STEPS, WEIGHTS, EVERY),
        *checkpoints.violations(evidence, KEEP),
        *leases.violations(evidence),
        *incidents.violations(evidence),
        *accounts.violations(evidence),
        *nodes.violations(evidence),
        *attempts.violations(evidence),
    ]
    return {violation.invariant for violation in found}


@pytest.mark.parametrize("fault", [KILL, CUT])
def test_nothing_is_found_where_all_is_well(fault):
    assert all_of(campaign(fault)) == set()


def test_an_old_rank_beside_a_new_attempt_is_found():
    evidence = campaign()
    evidence.lives[1] = replace(evidence.lives[1], ended=125.0)
    assert "one attempt at a time" in all_of(evidence)


def test_an_old_rank_of_a_host_that_is_cut_off_has_until_its_lease_ends():
    evidence = campaign(CUT)
    evidence.lives[1] = replace(evidence.lives[1], ended=123.0)
    assert "one attempt at a time" not in all_of(evidence)
    evidence.lives[1] = replace(evidence.lives[1], ended=125.0)
    assert "one attempt at a time" in all_of(evidence)


def test_a_frozen_host_has_until_its_supervisors_see_the_end_of_its_lease():
    evidence = campaign(replace(CUT, kind="host_stop"))
    evidence.lives.append(Life(12, 5, "h2", 140.0, 141.5))
    assert "one attempt at a time" not in all_of(evidence)
    evidence.lives.append(Life(12, 5, "h2", 140.0, 144.0))
    assert "one attempt at a time" in all_of(evidence)


def test_a_step_of_an_old_attempt_is_found():
    evidence = campaign()
    evidence.steps.append(Step("job", 1, 0, "h1", 9, 1 / 9, 130.0))
    assert "one attempt at a time" in all_of(evidence)


def test_a_skipped_step_is_found():
    evidence = campaign()
    evidence.steps = [step for step in evidence.steps if step.step != 7 or step.rank != 1]
    assert "step logs are consistent" in all_of(evidence)


def test_another_loss_for_the_same_step_is_found():
    evidence = campaign()
    place = next(place for place, step in enumerate(evidence.steps) if step.attempt == 2 and step.step == 7)
    evidence.steps[place] = replace(evidence.steps[place], loss=0.5)
    assert "step logs are consistent" in all_of(evidence)


def test_a_resume_from_where_no_checkpoint_is_is_found():
    evidence = campaign()
    evidence.steps = [step for step in evidence.steps if not (step.attempt == 2 and step.step == 6)]
    assert "step logs are consistent" in all_of(evidence)


def test_other_weights_are_found():
    evidence = campaign()
    evidence.ends["job"] = ("Succeeded", "b" * 64)
    assert "weights are those of an undisturbed run" in all_of(evidence)


def test_a_job_that_failed_is_found():
    evidence = campaign()
    evidence.ends["job"] = ("Failed", None)
    assert "jobs succeed" in all_of(evidence)


def test_a_lost_checkpoint_is_found():
    evidence = campaign()
    evidence.commits.insert(2, Committed(107, "job", 1, ()))
    assert "committed checkpoints stay" in all_of(evidence)


def test_a_checkpoint_dropped_before_its_time_is_found():
    evidence = campaign()
    evidence.commits[3] = Committed(125, "job", 2, ((10, 2),))
    assert "committed checkpoints stay" in all_of(evidence)


def test_a_damaged_checkpoint_is_found():
    evidence = campaign()
    evidence.damage.append("state.pt was altered")
    assert "committed checkpoints stay" in all_of(evidence)


def test_a_lease_of_two_jobs_is_found():
    evidence = campaign()
    evidence.holdings.append(Holding(114, "h3", 2, 1, "other", 1))
    assert "no node is leased twice" in all_of(evidence)


def test_a_lease_number_that_falls_is_found():
    evidence = campaign()
    evidence.holdings.append(Holding(114, "h3", 2, 0, None, None))
    assert "no node is leased twice" in all_of(evidence)


def test_two_jobs_on_one_node_are_found():
    evidence = campaign()
    evidence.starts.append(Start("other", 1, 0, "h1", 99, 5, 125.0))
    evidence.lives.append(Life(99, 5, "h1", 125.0, 135.0))
    assert "nodes serve one attempt" in all_of(evidence)


def test_a_standby_beside_a_rank_is_not_found():
    evidence = campaign()
    evidence.lives[2] = replace(evidence.lives[2], began=105.0)
    assert all_of(evidence) == set()


def test_an_open_incident_is_found():
    evidence = campaign()
    evidence.incidents[0]["phase"] = "Launched"
    assert "incidents are closed and complete" in all_of(evidence)


@pytest.mark.parametrize(
    "events",
    [
        ("detected", "stops_sent", "paused", "launched", "first_new_step"),
        ("detected", "classified", "stops_sent", "paused", "first_new_step"),
        ("detected", "classified", "stops_sent", "launched", "paused", "first_new_step"),
    ],
)
def test_a_timeline_with_a_hole_or_out_of_order_is_found(events):
    evidence = campaign()
    evidence.incidents = [incident(events)]
    assert "incidents are closed and complete" in all_of(evidence)


@pytest.mark.parametrize(
    "fault",
    [
        replace(KILL, kind="agent_kill"),
        replace(KILL, kind="silo_kill", target="silo1", nodes=()),
        replace(KILL, kind="postgres_restart", target="postgres", nodes=()),
        replace(KILL, target="h5", nodes=("h5",)),
        replace(KILL, began=30.0, healed=40.0, settled=50.0),
        replace(KILL, settled=119.0),
        replace(KILL, began=130.0, healed=140.0, settled=150.0),
    ],
)
def test_a_restart_that_no_fault_explains_is_found(fault):
    assert "healthy ranks are not restarted" in all_of(campaign(fault))


def test_a_rank_that_began_twice_in_an_attempt_is_found():
    evidence = campaign()
    evidence.starts.append(replace(evidence.starts[0], pid=13, time=105.0))
    assert "healthy ranks are not restarted" in all_of(evidence)


@pytest.mark.parametrize(
    "evidence",
    [
        booked(Launching=12),
        booked(Launching=0, Lost=0),
        booked(Detecting=-1, Lost=6),
        booked(Unsaved=4, Lost=0),
        booked(open="Stopping"),
    ],
    ids=["twice", "missing", "negative", "unsaved", "open"],
)
def test_accounts_that_are_not_whole_are_found(evidence):
    assert "every GPU-second is in exactly one account" in all_of(evidence)


def test_accounts_of_a_job_that_goes_on_come_to_what_is_booked():
    evidence = campaign()
    evidence.ledgers[0] = replace(evidence.ledgers[0], ended=None, open="Unsaved")
    assert all_of(evidence) == set()
    evidence.ledgers[0] = replace(evidence.ledgers[0], since=139.0)
    assert "every GPU-second is in exactly one account" in all_of(evidence)


def test_productive_time_in_which_nobody_computed_is_found():
    assert "productive time was computed" in all_of(booked(Launching=0, Lost=0, Replacing=0, Productive=35))


def test_the_end_of_a_job_may_be_heard_late_after_a_fault_only():
    evidence = campaign()
    late = {**evidence.ledgers[0].accounts, "Productive": 40}
    evidence.ledgers[0] = replace(evidence.ledgers[0], ended=156.0, since=156.0, accounts=late)
    assert all_of(evidence) == set()
    evidence.faults = [replace(KILL, began=102.0, healed=104.0)]
    assert all_of(evidence) == {"productive time was computed"}


def test_a_ledger_is_read_as_it_is_stored():
    stored = {
        "id": "job",
        "submittedAt": "2026-01-01T00:00:00+00:00",
        "endedAt": "2026-01-02T01:00:01.5+00:00",
        "ledger": {
            "settled": [
                {"account": "Waiting", "time": "00:00:01.5000000"},
                {"account": "Productive", "time": "1.01:00:00"},
            ],
            "open": None,
            "since": "2026-01-02T01:00:01.5+00:00",
        },
    }
    ledger = records.ledger_of(stored)
    assert ledger.accounts == {"Waiting": 1.5, "Productive": 90000}
    assert ledger.ended == ledger.submitted + 90001.5
    assert records.seconds("-00:01:00.5") == -60.5


def test_a_host_that_froze_before_its_rank_said_a_word_explains_an_attempt():
    evidence = campaign()
    evidence.starts = [start for start in evidence.starts if not (start.attempt == 1 and start.node == "h2")]
    assert not attempts.unexplained(evidence)


def test_what_was_saved_is_judged_the_same(tmp_path):
    evidence = campaign()
    evidence.save(tmp_path / "evidence.json")
    assert Evidence.load(tmp_path / "evidence.json") == evidence
