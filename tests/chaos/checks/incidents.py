"""Every incident is closed, and its timeline tells all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..evidence import Evidence, Violation

CLOSED = ("Resolved", "Unconfirmed", "Abandoned")
ENDED = ("detected", "closed")
RESOLVED = ("detected", "stops_sent", "paused", "launched", "first_new_step")
"""In this order; other moments may stand between."""

ALWAYS = "classified"
"""Later evidence may name an earlier cause, so it stands anywhere."""


def violations(evidence: Evidence) -> Iterator[Violation]:
    for incident in evidence.incidents:
        for sentence in broken(incident):
            yield Violation(
                "incidents are closed and complete", moment(incident["timeline"][0]["at"]),
                f"incident {incident['id']}: {sentence}")


def broken(incident: dict[str, Any]) -> Iterator[str]:
    phase = incident["phase"]
    if phase not in CLOSED:
        yield f"it is {phase}"
        return
    events = [entry["event"] for entry in incident["timeline"]]
    wanted = RESOLVED if phase == "Resolved" else ENDED
    if missing := [event for event in (*wanted, ALWAYS) if event not in events]:
        yield f"its timeline lacks {missing}: {events}"
        return
    moments = [last(incident, event) for event in wanted]
    if moments != sorted(moments):
        yield f"its timeline is out of order: {[(entry['event'], entry['at']) for entry in incident['timeline']]}"


def last(incident: dict[str, Any], event: str) -> float:
    return max(moment(entry["at"]) for entry in incident["timeline"] if entry["event"] == event)


def moment(text: str) -> float:
    """Unix seconds. Fractions of a second have up to seven digits, where Python reads six."""
    digits, _, _ = text.partition(".")[2].partition("+")
    digits = digits.removesuffix("Z")
    whole = text.replace(f".{digits}", "") if digits else text
    return datetime.fromisoformat(whole.replace("Z", "+00:00")).timestamp() + float(f"0.{digits or 0}")
