"""The plan of a campaign: a pure function of its seed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .kinds import KINDS, Kind

RACKS = {"rack1": ("h1", "h2"), "rack2": ("h3", "h4"), "rack3": ("h5", "h6")}
HOSTS = tuple(itertools.chain.from_iterable(RACKS.values()))
SILOS = ("silo1", "silo2", "silo3")
RANKS = 4
SHARE_OF_OVERLAPS = 0.2
TRIES = 20
"""To find a second fault with a victim of its own; of some choices of kinds there is none."""


@dataclass(frozen=True)
class Fault:
    """One fault, before it happens."""

    number: int
    kind: str
    target: str
    after: float
    """Seconds after the begin of its round."""

    seconds: float
    """Until it is healed."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The hosts that it names; a rank's is known only when it happens."""
        return RACKS.get(self.target, (self.target,) if self.target in HOSTS else ())


@dataclass(frozen=True)
class Round:
    """Faults that are not waited for in between, and the calm before them."""

    settle: float
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Pace:
    """How much of a kind's time is used, and how long the calm before a round is."""

    settle: float
    stretch: float


FULL = Pace(settle=8, stretch=1)
CI = Pace(settle=1.5, stretch=0.5)


def draw(seed: int, faults: int, pace: Pace = FULL, kinds: Sequence[str] = tuple(KINDS)) -> list[Round]:
    """The rounds of a campaign of so many faults; those of a shorter one of the same seed are its beginning."""
    rounds: list[Round] = []
    left = faults
    for fresh in endless(random.Random(f"chaos-{seed}"), pace, [KINDS[kind] for kind in kinds]):
        kept = fresh.faults[:left]
        if not kept:
            return rounds
        rounds.append(Round(fresh.settle, kept))
        left -= len(kept)
    raise AssertionError("there is always another round")


def endless(chance: random.Random, pace: Pace, kinds: Sequence[Kind]) -> Iterator[Round]:
    dealt = deal(chance, kinds)
    number = 1
    while True:
        settle = round(chance.uniform(0.2, 1) * pace.settle, 2)
        first = one(chance, number, next(dealt), 0, pace)
        faults = [first]
        if chance.random() < SHARE_OF_OVERLAPS:
            after = round(chance.uniform(0.2, max(first.seconds, 1)), 2)
            # Two faults on one victim would be one of another kind.
            others = (one(chance, number + 1, chance.choice(kinds), after, pace) for _ in range(TRIES))
            faults += [other for other in others if not touched(first) & touched(other)][:1]
        number += len(faults)
        yield Round(settle, tuple(faults))


def deal(chance: random.Random, kinds: Sequence[Kind]) -> Iterator[Kind]:
    """From one shuffled deck after the other, so that each kind comes soon and again and again."""
    while True:
        deck = [kind for kind in kinds for _ in range(kind.weight)]
        chance.shuffle(deck)
        yield from deck


def one(chance: random.Random, number: int, kind: Kind, after: float, pace: Pace) -> Fault:
    longest = max(kind.shortest, kind.longest * pace.stretch)
    return Fault(number, kind.name, target(chance, kind), after, round(chance.uniform(kind.shortest, longest), 2))


def target(chance: random.Random, kind: Kind) -> str:
    match kind.victim:
        case "host":
            return chance.choice(HOSTS)
        case "rank":
            return f"rank{chance.randrange(RANKS)}"
        case "rack":
            return chance.choice(list(RACKS))
        case "silo":
            return chance.choice(SILOS)
        case alone:
            return alone


def touched(fault: Fault) -> set[str]:
    """What a fault takes hold of, so that two of them can be told apart."""
    if fault.target == "silos":
        return set(SILOS)
    # Which host a rank is on, nobody knows before.
    return set(fault.nodes) or ({*HOSTS} if fault.target.startswith("rank") else {fault.target})
