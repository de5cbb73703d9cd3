"""Whether to save after a step, for scripts that leave that to Orchestrator."""

from __future__ import annotations

from ._client import current
from ._values import step_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import SupportsIndex


def should_save(step: SupportsIndex) -> bool:
    """Whether Orchestrator's plan says to save after ``step``, which counts as in ``step()``.

    For jobs whose job file says ``checkpoint: {every: auto}``: Orchestrator knows what a save costs and how often the
    job fails, and from both follows how often to save. The answer depends on the step and on the plan alone, and a
    changed plan counts from a step some 15 s ahead, so that all ranks say the same of a step; where saving is a
    collective, agree on it all the same (a rank whose agent was away for longer may not know the newest plan).

    It is a local read. False outside of an Orchestrator job, in other processes than the rank's own, in jobs without
    ``every: auto``, and until Orchestrator has a plan, which takes two steps and those 15 s: nothing is saved before.
    It says nothing of a stop: save then, too, as ``should_stop()`` says.

    Raises UsageError for a value that is no whole number from 0 up.
    """
    number = step if type(step) is int and step >= 0 else step_number(step, "should_save()")
    reporter = current().reporter
    plan = None if reporter is None else reporter.save_plan
    return plan is not None and plan.says(number)
