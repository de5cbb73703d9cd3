"""At which steps every rank saves."""

from __future__ import annotations

from ._errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Set at launch, as "EVERY,FROM,PREVIOUS": all ranks of an attempt know the plan from their first step on.
PLAN_VARIABLE = "ORCHESTRATOR_SAVE_PLAN"


class SavePlan:
    """At steps from ``first`` on that ``every`` divides, and before it at those that ``previous`` divides, if any."""

    __slots__ = ("every", "first", "previous")

    def __init__(self, every: int, first: int, previous: int) -> None:
        self.every = every
        self.first = first
        self.previous = previous

    def says(self, step: int) -> bool:
        """Whether to save after the step. After none there is nothing to save."""
        every = self.every if step >= self.first else self.previous
        return every > 0 and step > 0 and step % every == 0


def read_plan(environment: Mapping[str, str]) -> SavePlan | None:
    """The plan of the launch; None where there was none. Raises UsageError for what is no plan."""
    text = environment.get(PLAN_VARIABLE, "")
    if not text:
        return None
    parts = text.split(",")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise UsageError(f"{PLAN_VARIABLE} is {text!r}, but the agent sets three whole numbers, or leaves it unset")
    every, first, previous = (int(part) for part in parts)
    return SavePlan(every, first, previous)
