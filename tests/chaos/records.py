"""The control plane's records, read from its database."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .checks.incidents import moment
from .evidence import Committed, Holding, Ledger
from .postgres import Postgres

ACTIVE = 3
ALL = """
    SELECT GrainTypeString AS kind, Version AS version, convert_from(PayloadBinary, 'UTF8')::json AS record
    FROM OrleansStorage WHERE GrainTypeString IN ('node', 'job', 'incident') AND PayloadBinary IS NOT NULL"""
MEMBERS = f"SELECT Address AS address FROM membership WHERE Status = {ACTIVE}"


@dataclass(frozen=True)
class Records:
    """All records of one moment."""

    time: float
    nodes: list[tuple[int, dict[str, Any]]]
    """With their versions."""

    jobs: dict[str, dict[str, Any]]
    incidents: list[dict[str, Any]]

    def holdings(self) -> list[Holding]:
        return [holding(self.time, version, record) for version, record in self.nodes]

    def committed(self) -> list[Committed]:
        return [
            Committed(
                self.time,
                job["id"],
                job["attempt"],
                tuple((manifest["step"], manifest["attempt"]) for manifest in manifests_of(job)),
            )
            for job in self.jobs.values()
        ]

    def ledgers(self) -> list[Ledger]:
        return [ledger_of(job) for job in self.jobs.values()]


def read(postgres: Postgres) -> Records:
    now = time.time()
    rows = postgres.rows(ALL)
    jobs = {row["record"]["id"]: row["record"] for row in rows if row["kind"] == "job"}
    kept = {incident["id"]: incident for job in jobs.values() for incident in job["incidents"]}
    # A job's record is written first and keeps its newest incidents; the others have records of their own.
    told = [row["record"]["incident"] for row in rows if row["kind"] == "incident"]
    stored = {incident["id"]: incident for incident in told if incident is not None}
    return Records(
        now,
        [(row["version"], row["record"]) for row in rows if row["kind"] == "node"],
        jobs,
        list({**stored, **kept}.values()),
    )


def active_silos(postgres: Postgres) -> list[str]:
    """Addresses of the silos that the cluster counts on; one twice, when an old incarnation counts, too."""
    return sorted(row["address"] for row in postgres.rows(MEMBERS))


def manifests_of(job: dict[str, Any]) -> list[dict[str, Any]]:
    return list(job["checkpoints"]["committed"])


def holding(now: float, version: int, record: dict[str, Any]) -> Holding:
    lease = record["lease"]
    return Holding(
        now,
        record["name"],
        version,
        record["leaseNumber"],
        lease["job"] if lease else None,
        lease["number"] if lease else None,
    )


def ledger_of(job: dict[str, Any]) -> Ledger:
    ledger = job["ledger"]
    return Ledger(
        job["id"],
        moment(job["submittedAt"]),
        moment(job["endedAt"]) if job["endedAt"] else None,
        moment(ledger["since"]),
        ledger["open"],
        {booked["account"]: seconds(booked["time"]) for booked in ledger["settled"]},
    )


def seconds(text: str) -> float:
    """Of a length of time as .NET writes it: [-][days.]hh:mm:ss[.fraction]."""
    hours, minutes, rest = text.removeprefix("-").split(":")
    days, _, hours = hours.rpartition(".")
    length = int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + float(rest)
    return -length if text.startswith("-") else length
