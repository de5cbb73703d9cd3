"""The kinds of faults: what each hits, how long it lasts, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Victim = Literal["host", "rank", "rack", "silo", "silos", "postgres"]


@dataclass(frozen=True)
class Kind:
    """One kind of fault."""

    name: str
    victim: Victim
    shortest: float
    """Seconds from the fault to its healing."""

    longest: float
    may_restart: bool
    """Whether the job may need another attempt, when the fault hits a member of its gang."""

    weight: int
    """How many of them are in each deck that the plan deals from."""


KINDS = {
    kind.name: kind
    for kind in (
        # With the time that an agent takes to start shorter than a lease, or the supervisors would rightly end the
        # ranks.
        Kind("agent_kill", "host", 0.5, 2.5, may_restart=False, weight=2),
        Kind("agent_stop", "host", 1, 4, may_restart=False, weight=1),
        # Longer than a lease: the agent cannot renew it, so the ranks of its host end.
        Kind("agent_stop_long", "host", 16, 20, may_restart=True, weight=1),
        Kind("rank_kill", "rank", 0, 0, may_restart=True, weight=2),
        Kind("rank_stop", "rank", 1, 12, may_restart=True, weight=1),
        # All processes at once: sockets are closed, and others see it.
        Kind("host_kill", "host", 2, 10, may_restart=True, weight=2),
        # The power: the link goes first, and nobody is told anything.
        Kind("host_power", "host", 2, 20, may_restart=True, weight=1),
        Kind("host_stop", "host", 3, 25, may_restart=True, weight=2),
        Kind("host_cut", "host", 2, 25, may_restart=True, weight=2),
        Kind("rack_cut", "rack", 2, 25, may_restart=True, weight=1),
        Kind("silo_kill", "silo", 1, 8, may_restart=False, weight=2),
        Kind("silo_stop", "silo", 3, 20, may_restart=False, weight=1),
        Kind("silos_kill", "silos", 1, 20, may_restart=False, weight=1),
        Kind("postgres_restart", "postgres", 0.5, 8, may_restart=False, weight=1),
        Kind("postgres_crash", "postgres", 0.5, 8, may_restart=False, weight=1),
        # Training goes on without the disk, unless the script itself writes to it: its output does.
        Kind("disk_full", "host", 5, 15, may_restart=True, weight=1),
    )
}

ISOLATING = frozenset({"agent_kill", "agent_stop", "agent_stop_long", "host_cut", "rack_cut", "host_power"})
"""Kinds after which a host cannot be told to end its ranks: its lease does that."""

FREEZING = frozenset({"host_stop"})
"""Kinds after which nothing of a host runs until it is healed, its supervisors included."""
