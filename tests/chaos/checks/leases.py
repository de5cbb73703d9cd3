"""No node is leased twice: a lease number belongs to one job, and numbers and versions only rise."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence import Evidence, Holding, Violation


def violations(evidence: Evidence) -> Iterator[Violation]:
    owners: dict[tuple[str, int], str] = {}
    last: dict[str, Holding] = {}
    for said in evidence.holdings:
        before = last.get(said.node)
        if before and (said.lease_number < before.lease_number or said.version < before.version):
            yield Violation("no node is leased twice", said.time, f"the record of {said.node} went back: {said}")
        last[said.node] = said
        if said.job is None or said.lease is None:
            continue
        if owners.setdefault((said.node, said.lease), said.job) != said.job:
            owner = owners[said.node, said.lease]
            yield Violation("no node is leased twice", said.time, f"lease of {owner} is {said.job}'s, too: {said}")

